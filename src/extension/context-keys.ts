/** What `when` and `enablement` clauses of package.json read. */
import * as vscode from 'vscode';
import { experimentGlob, isExperiment, type Experiments } from './experiments';
import type { Targets } from './commands/target';
import type { Panels } from './panels';
import type { Revisions } from './revisions';
import type { Studies } from './studies';

interface Parts {
  experiments: Experiments;
  studies: Studies;
  revisions: Revisions;
  targets: Targets;
  panels: Panels;
}

/** @param present told whether there is an experiment in this window */
export function keepContextKeys(
  { experiments, studies, revisions, targets, panels }: Parts,
  present: (there: boolean) => void,
): vscode.Disposable {
  /** The editor makes of a Uri what its own key `resource` says, in remote windows too. */
  const set = (key: string, value: boolean | readonly vscode.Uri[]): void =>
    void vscode.commands.executeCommand('setContext', `higan.${key}`, value);
  const running = (): void => {
    const active = targets.active();
    set('running', studies.isRunning() || revisions.underWay.length > 0);
    // Editors stand side by side, each with buttons of its own.
    set('runningFiles', studies.underWay);
    set('runningActive', active !== null && studies.isRunning(active));
  };
  let looks = 0;
  const look = async (): Promise<void> => {
    const latest = ++looks;
    // A panel outlives the document of its file, which may lie outside the workspace.
    const open = panels.all.length > 0 || vscode.workspace.textDocuments.some(isExperiment);
    const there = open || (await experiments.find()).length > 0;
    if (latest !== looks) return;
    set('hasExperiments', there);
    present(there);
  };
  const files = vscode.workspace.createFileSystemWatcher(experimentGlob, false, true, false);
  void look();
  return vscode.Disposable.from(
    files,
    files.onDidCreate(look),
    files.onDidDelete(look),
    vscode.workspace.onDidOpenTextDocument((document) => isExperiment(document) && void look()),
    vscode.workspace.onDidCloseTextDocument((document) => isExperiment(document) && void look()),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    vscode.window.onDidChangeActiveTextEditor(running),
    panels.onDidChangeActive(running),
    panels.onDidChangeActive(look),
    ...[studies.onDidChange(running), revisions.onDidChange(running)],
  );
}
