/** What the checks of an experiment work on. */
import type { Experiment } from '../../protocol/experiment';
import type { GeneratorManifest } from '../manifest';
import type { DataPath, Finding } from '../yaml';
import type { ConceptNames } from './concepts';
import type { ModelContext } from './context';

export interface Checked {
  experiment: Experiment;
  context: ModelContext;
  /** Null where the generator was not found: what depends on it is not judged. */
  generator: GeneratorManifest | null;
  names: ConceptNames;
  /** Whether all predictors were found, so that an unknown concept is really unknown. */
  complete: boolean;
  /** Whether a key is written in the file, and not a default. */
  written: (path: DataPath) => boolean;
  tell: (path: DataPath, finding: Finding, part?: 'key' | 'value') => void;
}
