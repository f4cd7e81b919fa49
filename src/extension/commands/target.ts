/** Which experiment a command is about: what it was given, else the active file, else the one that is chosen. */
import * as vscode from 'vscode';
import type { Target } from '../../protocol/panels';
import { experimentName, isExperiment, type Experiments } from '../experiments';

/** Commands get a Uri (lens, explorer), its text (links of hover cards), or a tree item that has one. */
export function experimentIn(argument: unknown): vscode.Uri | null {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument === 'string') return vscode.Uri.parse(argument, true);
  if (typeof argument === 'object' && argument !== null && 'experiment' in argument)
    return experimentIn(argument.experiment);
  return null;
}

/** Undefined when the person chose none. */
export async function targetOf(argument: unknown, experiments: Experiments): Promise<vscode.Uri | undefined> {
  const given = experimentIn(argument);
  if (given) return given;
  const active = activeExperiment();
  if (active) return active;
  const all = await experiments.find();
  if (all.length <= 1) {
    if (all.length === 0)
      void vscode.window.showInformationMessage(
        'There is no experiment (*.higan.yaml) in this workspace yet.',
      );
    return all[0];
  }
  const chosen = await vscode.window.showQuickPick(
    all.map((uri) => ({
      label: experimentName(uri),
      description: vscode.workspace.asRelativePath(uri),
      uri,
    })),
    { title: 'Which experiment?' },
  );
  return chosen?.uri;
}

/** The experiment in the active editor, or in the active panel's place. */
export function activeExperiment(): vscode.Uri | null {
  const document = vscode.window.activeTextEditor?.document;
  return document && isExperiment(document) ? document.uri : null;
}

/** What a lens or link points to within the experiment. */
export function pointIn(argument: unknown): Target {
  if (typeof argument !== 'object' || argument === null) return {};
  const { concept, layerSet, preview } = argument as Record<string, unknown>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return { concept: text(concept), layerSet: text(layerSet), preview: text(preview) };
}
