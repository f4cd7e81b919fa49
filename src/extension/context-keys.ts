/** What `when` and `enablement` clauses of package.json read. */
import * as vscode from 'vscode';
import { experimentGlob, isExperiment, type Experiments } from './experiments';
import type { Targets } from './commands/target';
import type { Panels } from './panels';
import type { Studies } from './studies';

export function keepContextKeys(
  experiments: Experiments,
  studies: Studies,
  targets: Targets,
  panels: Panels,
): vscode.Disposable {
  const set = (key: string, value: boolean): void =>
    void vscode.commands.executeCommand('setContext', `higan.${key}`, value);
  const running = (): void => {
    const active = targets.active();
    set('running', studies.isRunning());
    set('runningActive', active !== null && studies.isRunning(active));
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
    panels.onDidChangeActive(running),
    studies.onDidChange(running),
  );
}
