/** Registers every command of package.json. */
import * as vscode from 'vscode';
import type { PanelKind } from '../../protocol/panels';
import type { Stage } from '../../protocol/experiment';
import { addModelPath } from '../language/fixes';
import type { Panels } from '../panels';
import type { Studies } from '../studies';
import { exportResults } from './export';
import { newExperiment, type NewExperiment } from './new-experiment';
import { addPreviewFromSelection } from './previews';
import { StudyCommands } from './study';
import { pointIn, targetOf } from './target';
import { addToModelPaths, checkModels, cleanStore, selectDevice, type Tools } from './tools';

export interface CommandParts extends Tools {
  studies: Studies;
  panels: Panels;
  addPreviewOf(experiment: vscode.Uri, concept: string): Promise<string>;
}

export function registerCommands(parts: CommandParts): vscode.Disposable {
  const { experiments, studies, panels, inference, log } = parts;
  const study = new StudyCommands(experiments, studies, panels, () => log.show());
  const show =
    (kind: PanelKind) =>
    async (argument?: unknown, point?: unknown): Promise<void> => {
      const experiment = await targetOf(argument, experiments);
      if (experiment) await panels.open(kind, experiment, pointIn(point));
    };
  const commands: Record<string, (...args: never[]) => unknown> = {
    'higan.newExperiment': (given?: NewExperiment) => newExperiment(given),
    'higan.run': (argument?: unknown, until?: Stage) => study.run(argument, until),
    'higan.runUntil': (argument?: unknown) => study.runUntil(argument),
    'higan.plan': (argument?: unknown) => study.plan(argument),
    'higan.cancel': (argument?: unknown) => study.cancel(argument),
    'higan.showRanking': show('ranking'),
    'higan.showHeatmap': show('heatmap'),
    'higan.showPreview': show('preview'),
    'higan.showEntanglement': show('entanglement'),
    'higan.showTransition': show('transition'),
    'higan.compare': show('compare'),
    'higan.addPreviewFromSelection': async () => {
      const added = await addPreviewFromSelection(experiments, studies);
      if (added) await panels.open('preview', added.experiment, { preview: added.preview });
    },
    'higan.addPreview': (experiment: vscode.Uri, concept: string) => parts.addPreviewOf(experiment, concept),
    'higan.export': (argument?: unknown) => exportResults(parts, studies, argument),
    'higan.showLog': () => log.show(),
    'higan.restartInference': () => inference.restart(),
    'higan.selectDevice': (given?: unknown) => selectDevice(parts, given),
    'higan.checkModels': () => checkModels(parts),
    'higan.cleanStore': (argument?: unknown) => cleanStore(parts, argument),
    [addModelPath]: (folder: unknown) => addToModelPaths(folder),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, handler]) => vscode.commands.registerCommand(name, handler)),
  );
}
