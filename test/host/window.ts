/** What host tests share: the extension's parts, documents to write into, and waiting for what comes by itself. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { HiganApi } from '../../src/extension/main';

export const extensionId = 'higan-studio.higan-studio';

export async function higan(): Promise<HiganApi> {
  const extension = vscode.extensions.getExtension<HiganApi>(extensionId);
  assert.ok(extension, `${extensionId} is not there`);
  return extension.activate();
}

/** Waits until `find` finds something. */
export async function eventually<T>(
  what: string,
  find: () => T | false | null | undefined | Promise<T | false | null | undefined>,
  limit = 30_000,
): Promise<T> {
  for (const end = Date.now() + limit; ; await sleep(50)) {
    const found = await find();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > end) assert.fail(`It never came about that ${what}.`);
  }
}

export const inWorkspace = (name: string): vscode.Uri => {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a workspace folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
};

export async function open(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(inWorkspace(name)), {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
  });
}

/** A new experiment file with this text, opened; `|` marks the cursor and is taken out. */
export async function write(
  name: string,
  marked: string,
): Promise<{ document: vscode.TextDocument; cursor: vscode.Position }> {
  const at = marked.indexOf('|');
  const text = marked.replace('|', '');
  const file = inWorkspace(name);
  await vscode.workspace.fs.writeFile(file, Buffer.from(text, 'utf8'));
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  // The file may have been open with another text.
  await eventually('the editor shows the new text', () => document.getText() === text);
  return { document, cursor: document.positionAt(Math.max(0, at)) };
}

/** Replaces the whole text, as typing would. */
export async function type(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const all = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  edit.replace(document.uri, all, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

export const problems = (uri: vscode.Uri): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri);

/** Labels that completion offers at a place, ours and everybody's. */
export async function completions(uri: vscode.Uri, position: vscode.Position): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    uri,
    position,
  );
  return list.items
    .filter(({ kind }) => kind !== vscode.CompletionItemKind.Text)
    .map(({ label }) => (typeof label === 'string' ? label : label.label));
}
