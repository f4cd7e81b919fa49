/** The activity bar's experiments: their stages, and what was analysed of them on demand. */
import * as vscode from 'vscode';
import { stages, type Stage } from '../protocol/experiment';
import { experimentGlob, type Experiments } from './experiments';
import type { Studies } from './studies';
import { entanglementItem, experimentItem, stageItem, transitionItem, type Shown } from './tree-items';

export type ExperimentItem =
  | { kind: 'experiment'; experiment: vscode.Uri }
  | { kind: 'stage'; experiment: vscode.Uri; stage: Stage }
  | { kind: 'entanglement'; experiment: vscode.Uri }
  | { kind: 'transition'; experiment: vscode.Uri; path: string[]; time: number | null };

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
      // A text that means something else makes results outdated.
      ...[experiments.onDidChange(soon), files.onDidChange(soon)],
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
    if (item.kind !== 'experiment') return [];
    const { experiment } = item;
    const judged = await this.experiments.judgeFile(experiment);
    const study = await this.studies.get(experiment);
    return [
      ...stages.map((stage): ExperimentItem => ({ kind: 'stage', experiment, stage })),
      { kind: 'entanglement', experiment },
      ...(judged ? this.studies.transitionTimes(judged, study) : []).map((transition): ExperimentItem => ({
        kind: 'transition',
        experiment,
        ...transition,
      })),
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

  /** A file that cannot be understood has no meaning to compare its results with. */
  private async shown(experiment: vscode.Uri): Promise<Shown> {
    const study = await this.studies.get(experiment);
    const judged = await this.experiments.judgeFile(experiment);
    const compared = judged?.resolved && study.result && study.run.state === 'idle';
    return { study, outdated: compared ? !this.studies.isCurrent(study, judged) : false };
  }
}
