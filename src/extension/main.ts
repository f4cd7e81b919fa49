/** The extension's entry: puts its parts together when a window first meets an experiment. */
import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { keepContextKeys } from './context-keys';
import { Targets } from './commands/target';
import { Experiments } from './experiments';
import { InferenceClient } from './inference/client';
import { registerLanguage } from './language';
import { ModelTree } from './model-tree';
import { Moves } from './moves';
import { Panels } from './panels';
import { Revisions } from './revisions';
import { section, settingsFor } from './settings';
import { InferenceStatus } from './status';
import { notTrusted, Studies } from './studies';
import { higanOnTerminalPath } from './terminals';
import { Thumbnails } from './thumbnails';
import { ExperimentTree } from './tree';

/** What tests inside the editor, and other extensions, may use. */
export interface HiganApi {
  experiments: Experiments;
  studies: Studies;
  revisions: Revisions;
  inference: InferenceClient;
  panels: Panels;
  tree: ExperimentTree;
  models: ModelTree;
  status: InferenceStatus;
  thumbnails: Thumbnails;
  /** Milliseconds that activation took. */
  activation: number;
}

let inference: InferenceClient | undefined;

export function activate(context: vscode.ExtensionContext): HiganApi {
  const started = performance.now();
  const file = (...parts: string[]): vscode.Uri => vscode.Uri.joinPath(context.extensionUri, ...parts);
  const log = vscode.window.createOutputChannel('HiGAN', { log: true });
  const say = (line: string): void => log.info(line);

  const experiments = new Experiments();
  inference = new InferenceClient({
    entry: file('dist', 'inference.mjs').fsPath,
    nodePath: () => settingsFor().nodePath,
    idleMinutes: () => settingsFor().idleMinutes,
    log: say,
    crashed: (message, continues) => void tellCrash(message, continues, log),
    mayNotStart: () => (vscode.workspace.isTrusted ? null : notTrusted),
  });
  const studies = new Studies(experiments, inference, say);
  const moves = new Moves(studies, inference);
  const revisions = new Revisions(experiments, studies, inference);
  const panels = new Panels({
    ...{ experiments, studies, inference, moves, revisions },
    webviewFolder: file('dist', 'webview'),
    iconFolder: file('media', 'panels'),
    log: say,
  });
  const targets = new Targets(experiments, studies, revisions, panels);
  const experimentTree = new ExperimentTree(experiments, studies);
  const modelTree = new ModelTree(experiments);
  const status = new InferenceStatus(inference);
  // Beside the workspace's own state; without a workspace, beside everybody's.
  const kept = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'thumbnails').fsPath;
  const thumbnails = new Thumbnails(studies, inference, moves, kept);
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${section}.idleMinutes`)) inference?.idleMinutesChanged();
    }),
    ...[log, experiments, inference, studies, revisions, panels, experimentTree, modelTree],
    status,
    keepContextKeys({ experiments, studies, revisions, targets, panels }, (there) =>
      status.setExperiments(there),
    ),
    registerLanguage(experiments, studies, thumbnails, say),
    vscode.window.registerTreeDataProvider('higan.experiments', experimentTree),
    vscode.window.registerTreeDataProvider('higan.models', modelTree),
    registerCommands({ experiments, studies, revisions, inference, panels, targets, log }),
  );
  higanOnTerminalPath(context);
  const activation = performance.now() - started;
  log.debug(`Activated in ${activation.toFixed(1)} ms`);
  return {
    ...{ experiments, studies, revisions, inference, panels, status, thumbnails, activation },
    ...{ tree: experimentTree, models: modelTree },
  };
}

/** Ends the inference process with the window. */
export async function deactivate(): Promise<void> {
  await inference?.end();
}

/** One notification a crash; a study goes on by itself. */
async function tellCrash(message: string, continues: boolean, log: vscode.LogOutputChannel): Promise<void> {
  const choice = await vscode.window.showWarningMessage(
    continues ? `${message} The study continues from the store.` : message,
    'Show Log',
    'Restart',
  );
  if (choice === 'Show Log') log.show();
  if (choice === 'Restart') await vscode.commands.executeCommand('higan.restartInference');
}
