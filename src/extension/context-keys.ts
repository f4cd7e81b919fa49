/** What `when` and `enablement` clauses of package.json read. */
import * as vscode from 'vscode';
import { experimentGlob, isExperiment, type Experiments } from './experiments';
import type { Studies } from './studies';

export function keepContextKeys(experiments: Experiments, studies: Studies): vscode.Disposable {
  const set = (key: string, value: boolean): void =>
    void vscode.commands.executeCommand('setContext', `higan.${key}`, value);
  const running = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    set('running', studies.isRunning());
    set('runningActive', document !== undefined && isExperiment(document) && studies.isRunning(document.uri));
  };
  const present = async (): Promise<void> => {
    const open = vscode.workspace.textDocuments.some(isExperiment);
    set('hasExperiments', open || (await experiments.find()).length > 0);
  };
  const files = vscode.workspace.createFileSystemWatcher(experimentGlob, false, true, false);
  void present();
  return vscode.Disposable.from(
    files,
    files.onDidCreate(present),
    files.onDidDelete(present),
    vscode.workspace.onDidOpenTextDocument((document) => isExperiment(document) && void present()),
    vscode.window.onDidChangeActiveTextEditor(running),
    studies.onDidChange(running),
  );
}
