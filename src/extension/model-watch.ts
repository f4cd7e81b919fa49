/** Notices models that come, change or go outside the workspace: in the user's own folders, and in `models/` above it. */
import * as vscode from 'vscode';
import { searchPath } from '../engine/manifest';
import { modelPlace, section } from './settings';

export class ModelWatch implements vscode.Disposable {
  private watchers: vscode.Disposable[] = [];
  private readonly subscription: vscode.Disposable;

  constructor(private readonly changed: () => void) {
    const again = (): void => this.watch();
    this.subscription = vscode.Disposable.from(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        again();
        // A folder brings its models along, and takes them away.
        changed();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(again),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${section}.modelPaths`)) again();
      }),
    );
    this.watch();
  }

  dispose(): void {
    this.subscription.dispose();
    this.stop();
  }

  private stop(): void {
    for (const watcher of this.watchers) watcher.dispose();
    this.watchers = [];
  }

  private watch(): void {
    this.stop();
    const roots = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [undefined];
    const folders = roots
      .flatMap((folder) => searchPath(modelPlace(folder)))
      .filter(({ origin }) => origin !== 'bundled')
      .map(({ folder }) => vscode.Uri.file(folder))
      // What lies in the workspace is watched with it.
      .filter((uri) => !vscode.workspace.getWorkspaceFolder(uri));
    for (const uri of new Map(folders.map((folder) => [folder.fsPath, folder])).values()) {
      const pattern = new vscode.RelativePattern(uri, '{manifest.yaml,*/manifest.yaml}');
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      const told = [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete];
      this.watchers.push(watcher, ...told.map((event) => event(() => this.changed())));
    }
  }
}
