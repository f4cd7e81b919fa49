/** What the link of a hover card without its picture does: renders it, and shows the card again. */
import * as vscode from 'vscode';
import { CancelledError } from '../../protocol/channel';
import { signalOf } from '../commands/study';
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
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Moving '${concept}'`, cancellable: true },
      (_progress, token) => thumbnails.make(uri, concept, signalOf(token)),
    );
  } catch (error) {
    if (error instanceof CancelledError) return;
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return;
  }
  const at = new vscode.Position(line, character);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
  await vscode.commands.executeCommand('editor.action.showHover');
}
