/** What the link of a hover card without its picture does: renders it, and shows the card again. */
import * as vscode from 'vscode';
import { cancellable, tellFault } from '../progress';
import type { Thumbnails } from '../thumbnails';

export const showBeforeAfter = 'higan.showBeforeAfter';

/** @param experiment, line, character of the concept in its file */
export async function renderBeforeAfter(
  thumbnails: Thumbnails,
  experiment: string,
  concept: string,
  line: number,
  character: number,
): Promise<void> {
  const uri = vscode.Uri.parse(experiment, true);
  try {
    await cancellable(`Moving '${concept}'`, (signal) => thumbnails.make(uri, concept, signal));
  } catch (error) {
    tellFault(error);
    return;
  }
  const at = new vscode.Position(line, character);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
  await vscode.commands.executeCommand('editor.action.showHover');
}
