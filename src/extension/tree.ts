/** The activity bar's views: experiments with their stages, and the models found. */
import path from 'node:path';
import * as vscode from 'vscode';
import { listModels, type ModelEntry } from '../engine/manifest';
import { stages, type Stage } from '../protocol/experiment';
import { progressLine } from './commands/waiting';
import { experimentGlob, experimentName, type Experiments } from './experiments';
import { settingsFor } from './settings';
import type { Studies, Study } from './studies';

export type ExperimentItem =
  { kind: 'experiment'; experiment: vscode.Uri } | { kind: 'stage'; experiment: vscode.Uri; stage: Stage };

export class ExperimentTree implements vscode.TreeDataProvider<ExperimentItem>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ExperimentItem | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
  ) {
    const files = vscode.workspace.createFileSystemWatcher(experimentGlob);
    const again = (): void => this.changed.fire(undefined);
    // Progress comes many times a second; a tree needs it a few times.
    let waiting: NodeJS.Timeout | undefined;
    const soon = (): void => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        again();
      }, 500);
    };
    this.subscription = vscode.Disposable.from(
      this.changed,
      files,
      ...[files.onDidCreate(again), files.onDidDelete(again)],
      studies.onDidChange(soon),
      studies.onDidProgress(soon),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
      { dispose: () => clearTimeout(waiting) },
    );
  }

  dispose(): void {
    this.subscription.dispose();
  }

  async getChildren(item?: ExperimentItem): Promise<ExperimentItem[]> {
    if (!item)
      return (await this.experiments.find()).map((experiment) => ({ kind: 'experiment', experiment }));
    if (item.kind === 'stage') return [];
    return stages.map((stage) => ({ kind: 'stage', experiment: item.experiment, stage }));
  }

  async getTreeItem(item: ExperimentItem): Promise<vscode.TreeItem> {
    const study = await this.studies.get(item.experiment);
    return item.kind === 'experiment' ? experimentItem(item.experiment, study) : stageItem(item.stage, study);
  }
}

function experimentItem(experiment: vscode.Uri, study: Study): vscode.TreeItem {
  const item = new vscode.TreeItem(experimentName(experiment), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = experiment.toString();
  item.resourceUri = experiment;
  const folder = path.posix.dirname(vscode.workspace.asRelativePath(experiment));
  const running = study.run.state !== 'idle';
  item.description = running
    ? study.run.state
    : study.result
      ? `${movers(study)} of ${study.result.concepts.length} move${folder === '.' ? '' : ` · ${folder}`}`
      : folder === '.'
        ? 'not run yet'
        : folder;
  item.iconPath = new vscode.ThemeIcon(
    running ? 'loading~spin' : study.run.problem ? 'error' : study.result ? 'beaker' : 'circle-outline',
  );
  item.tooltip = study.run.problem ?? experiment.fsPath;
  // `when` clauses of the item's buttons read it.
  item.contextValue = `experiment${running ? '.running' : ''}${study.result ? '.results' : ''}`;
  item.command = { command: 'vscode.open', title: 'Open', arguments: [experiment] };
  return item;
}

function stageItem(stage: Stage, { result, run, modified }: Study): vscode.TreeItem {
  const item = new vscode.TreeItem(stage);
  const done = result?.stages.includes(stage) ?? false;
  const now = run.progress?.stage === stage && run.state !== 'idle';
  item.iconPath = new vscode.ThemeIcon(now ? 'loading~spin' : done ? 'check' : 'circle-outline');
  if (now && run.progress) item.description = progressLine(run.progress).replace(`${stage} `, '');
  else if (done && modified !== null) item.description = age(modified);
  else item.description = 'not done';
  return item;
}

const movers = ({ result }: Study): number =>
  result?.concepts.filter(({ effect }) => effect?.moves).length ?? 0;

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago` */
export function age(then: number, now = Date.now()): string {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 90) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 36 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}

export class ModelTree implements vscode.TreeDataProvider<ModelEntry>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscription: vscode.Disposable;

  constructor(experiments: Experiments) {
    this.subscription = vscode.Disposable.from(
      this.changed,
      // Null: what all experiments depend on changed, models among it.
      experiments.onDidChange((uri) => uri === null && this.changed.fire(undefined)),
    );
  }

  dispose(): void {
    this.subscription.dispose();
  }

  async getChildren(item?: ModelEntry): Promise<ModelEntry[]> {
    if (item) return [];
    const places = vscode.workspace.workspaceFolders?.map(({ uri }) => uri.fsPath) ?? [undefined];
    const { modelPaths } = settingsFor();
    const entries = (await Promise.all(places.map((folder) => listModels({ folder, modelPaths })))).flat();
    return [...new Map(entries.map((entry) => [entry.folder, entry])).values()];
  }

  getTreeItem({ name, folder, origin, model, failure }: ModelEntry): vscode.TreeItem {
    const item = new vscode.TreeItem(name);
    const { generator, predictors } = model?.manifest ?? {};
    const parts = [
      generator && `${generator.resolution} px, ${generator.layers.length} layers`,
      predictors && `${predictors.flatMap(({ heads }) => heads).length} heads`,
    ].filter(Boolean);
    item.description = [origin, ...parts].join(' · ');
    item.tooltip = failure?.message ?? folder;
    item.iconPath = new vscode.ThemeIcon(failure ? 'warning' : generator ? 'symbol-misc' : 'eye');
    item.contextValue = 'model';
    item.command = {
      command: 'vscode.open',
      title: 'Open Manifest',
      arguments: [vscode.Uri.file(path.join(folder, 'manifest.yaml'))],
    };
    return item;
  }
}
