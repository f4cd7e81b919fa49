import '../../protocol/no-eval';
import './panel';
