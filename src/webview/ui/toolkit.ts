/**
 * The standard controls, registered here and nowhere else: the toolkit is archived, and when it has to be replaced, this
 * file and the `vscode-*` tags are all that changes. Panels import it once, through `ui/panel-element.ts`. Choices and
 * texts are native controls: the toolkit's dropdown is clipped by scrolling panels and has no type-ahead, and its text
 * field overwrites its own label.
 */
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox } from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox());
