/** Writing into an experiment file: one undo step each, nothing else of the text touched. */
import * as vscode from 'vscode';
import { oneByOne, type TextEdit } from '../engine/yaml';

/**
 * Applies what `change` makes of the present text as one edit of the document, and leaves saving to the person. Writes into
 * one document follow one another: the editor refuses an edit of a text that has changed meanwhile.
 * @returns the document's version afterwards
 * @throws Failure where the change cannot be written without changing more; Error when the editor refuses it
 */
export function writeEdits(
  document: vscode.TextDocument,
  change: (text: string) => TextEdit[],
): Promise<number> {
  return oneByOne(document.uri.toString(), () => write(document, change));
}

async function write(document: vscode.TextDocument, change: (text: string) => TextEdit[]): Promise<number> {
  const edits = change(document.getText());
  if (edits.length === 0) return document.version;
  const workspaceEdit = new vscode.WorkspaceEdit();
  for (const { start, end, newText } of edits) {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    workspaceEdit.replace(document.uri, range, newText);
  }
  if (!(await vscode.workspace.applyEdit(workspaceEdit)))
    throw new Error('The editor refused the change; the file may be read-only.');
  return document.version;
}
