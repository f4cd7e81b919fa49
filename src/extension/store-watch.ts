/** Notices what others write into the stores of a window's experiments: the command line works on the same ones. */
import path from 'node:path';
import * as vscode from 'vscode';

/** Milliseconds in which several files of one store count as one change. */
const together = 100;

export class StoreWatch implements vscode.Disposable {
  private readonly watched = new Map<string, vscode.Disposable>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  /** @param changed told of a store's folder when its results, imported directions or transitions may be others */
  constructor(private readonly changed: (folder: string) => void) {}

  /** Watches a store, which need not be there yet. */
  watch(folder: string): void {
    if (this.watched.has(folder)) return;
    const soon = (): void => this.soon(folder);
    const watchers = [
      new vscode.RelativePattern(
        vscode.Uri.file(folder),
        '{experiments,documents/imports,documents/transition}/*.json',
      ),
      // A store that is deleted as a whole is told as one.
      new vscode.RelativePattern(vscode.Uri.file(path.dirname(folder)), path.basename(folder)),
    ].map((pattern) => vscode.workspace.createFileSystemWatcher(pattern));
    this.watched.set(
      folder,
      vscode.Disposable.from(
        ...watchers,
        ...watchers.flatMap((one) => [one.onDidCreate(soon), one.onDidChange(soon), one.onDidDelete(soon)]),
      ),
    );
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.watched.values()).dispose();
  }

  private soon(folder: string): void {
    if (this.waiting.has(folder)) return;
    this.waiting.set(
      folder,
      setTimeout(() => {
        this.waiting.delete(folder);
        this.changed(folder);
      }, together),
    );
  }
}
