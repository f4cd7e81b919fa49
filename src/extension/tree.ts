/** The activity bar's experiments: their stages, and what was analysed of them on demand. */
import * as vscode from 'vscode';
import { stages, type Stage } from '../protocol/experiment';
import { experimentGlob, type Experiments } from './experiments';
import type { Studies } from './studies';
import {
  entanglementItem,
  experimentItem,
  hopsOf,
  stageItem,
  transitionItem,
  type Shown,
} from './tree-items';

export type ExperimentItem =
  | { kind: 'experiment'; experiment: vscode.Uri }
  | { kind: 'stage'; experiment: vscode.Uri; stage: Stage }
  | { kind: 'entanglement'; experiment: vscode.Uri }
  | { kind: 'transition'; experiment: vscode.Uri; path: string[]; hop: number; time: number | null };

export class ExperimentTree implements vscode.TreeDataProvider<ExperimentItem>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ExperimentItem | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** The same objects each time: the editor knows by them what to draw again. */
  private readonly roots = new Map<string, ExperimentItem>();
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
  ) {
    const files = vscode.workspace.createFileSystemWatcher(experimentGlob);
    const again = (): void => this.changed.fire(undefined);
    // Progress comes many times a second; a tree needs it a few times.
    let waiting: NodeJS.Timeout | undefined;
    const touched = new Set<ExperimentItem | undefined>();
    const soon = (item: ExperimentItem | undefined): void => {
      touched.add(item);
      waiting ??= setTimeout(() => {
        waiting = undefined;
        for (const one of touched.has(undefined) ? [undefined] : touched) this.changed.fire(one);
        touched.clear();
      }, 500);
    };
    const all = (): void => soon(undefined);
    // A text that means something else makes results outdated; typing concerns one experiment of many.
    const meaning = (uri: vscode.Uri | null): void => {
      const item = uri && this.roots.get(uri.toString());
      if (item || !uri) soon(item ?? undefined);
    };
    this.subscription = vscode.Disposable.from(
      this.changed,
      files,
      ...[files.onDidCreate(again), files.onDidDelete(again)],
      studies.onDidChange(all),
      studies.onDidProgress(all),
      ...[experiments.onDidChange(meaning), files.onDidChange(meaning)],
      vscode.workspace.onDidChangeWorkspaceFolders(again),
      { dispose: () => clearTimeout(waiting) },
    );
  }

  dispose(): void {
    this.subscription.dispose();
  }

  async getChildren(item?: ExperimentItem): Promise<ExperimentItem[]> {
    if (!item) return (await this.experiments.find()).map((experiment) => this.rootOf(experiment));
    if (item.kind !== 'experiment') return [];
    const { experiment } = item;
    const judged = await this.experiments.judgeFile(experiment);
    const study = await this.studies.get(experiment);
    return [
      ...stages.map((stage): ExperimentItem => ({ kind: 'stage', experiment, stage })),
      { kind: 'entanglement', experiment },
      ...(judged ? this.studies.transitionTimes(judged, study) : []).map(
        (transition, index, all): ExperimentItem => ({
          kind: 'transition',
          experiment,
          ...transition,
          hop: hopsOf(all.slice(0, index)),
        }),
      ),
    ];
  }

  async getTreeItem(item: ExperimentItem): Promise<vscode.TreeItem> {
    const { experiment } = item;
    switch (item.kind) {
      case 'experiment':
        return experimentItem(experiment, await this.shown(experiment));
      case 'stage':
        return stageItem(item.stage, await this.shown(experiment));
      case 'entanglement':
        return entanglementItem(experiment, await this.shown(experiment));
      case 'transition':
        return transitionItem(experiment, item);
    }
  }

  private rootOf(experiment: vscode.Uri): ExperimentItem {
    const known = this.roots.get(experiment.toString());
    if (known) return known;
    const item: ExperimentItem = { kind: 'experiment', experiment };
    this.roots.set(experiment.toString(), item);
    return item;
  }

  private async shown(experiment: vscode.Uri): Promise<Shown> {
    const study = await this.studies.get(experiment);
    const judged = await this.experiments.judgeFile(experiment);
    return { study, outdated: judged !== null && this.studies.isOutdated(study, judged) };
  }
}
