/** What panels work with. */
import type * as vscode from 'vscode';
import type { PanelKind, Target } from '../../protocol/panels';
import type { Experiments } from '../experiments';
import type { InferenceClient } from '../inference/client';
import type { Moves } from '../moves';
import type { Revisions } from '../revisions';
import type { Studies } from '../studies';

export interface PanelParts {
  experiments: Experiments;
  studies: Studies;
  inference: InferenceClient;
  moves: Moves;
  revisions: Revisions;
  /** `dist/webview`: the only folder that panels may load from. */
  webviewFolder: vscode.Uri;
  /** Icons of the panels' tabs, `<kind>-dark.svg` and `<kind>-light.svg`. */
  iconFolder: vscode.Uri;
  log(line: string): void;
  /** Opens or reveals another panel. */
  open(kind: PanelKind, experiment: vscode.Uri, target: Target): Promise<void>;
}
