/** Puts `higan` on the PATH of the editor's terminals, run by the editor's own Node. */
import path from 'node:path';
import * as vscode from 'vscode';

export function higanOnTerminalPath(context: vscode.ExtensionContext): void {
  const terminals = context.environmentVariableCollection;
  terminals.description = new vscode.MarkdownString('Makes the `higan` command line available.');
  terminals.prepend('PATH', `${vscode.Uri.joinPath(context.extensionUri, 'bin').fsPath}${path.delimiter}`);
  terminals.replace('HIGAN_NODE', process.execPath);
}
