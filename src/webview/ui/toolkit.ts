/**
 * The standard controls, registered here and nowhere else: the toolkit is archived, and when it has to be replaced, this
 * file and the `vscode-*` tags are all that changes. Panels import it once, through `ui/panel-element.ts`. Choices are
 * native `<select>`s: the toolkit's dropdown is clipped by scrolling panels and lacks type-ahead.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextField());
