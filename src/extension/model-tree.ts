/** The activity bar's models: what can be named in an experiment here. */
import path from 'node:path';
import * as vscode from 'vscode';
import { listModels, type ModelEntry } from '../engine/manifest';
import type { Experiments } from './experiments';
import { modelPlace } from './settings';

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
    const places = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [undefined];
    const entries = (await Promise.all(places.map((folder) => listModels(modelPlace(folder))))).flat();
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
