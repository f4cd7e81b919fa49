/** Registers every command of package.json. */
import * as vscode from 'vscode';
import type { PanelKind } from '../../protocol/panels';
import { addModelPath } from '../language/fixes';
import type { Panels } from '../panels';
import type { Revisions } from '../revisions';
import type { Revision } from '../../protocol/revision';
import type { Studies } from '../studies';
import { selectDevice } from './device';
import { exportResults } from './export';
import { newExperiment, type NewExperiment } from './new-experiment';
import { addPreviewOf, chooseConcept, conceptsSelected } from './previews';
import { runRevision } from './revision';
import { StudyCommands } from './study';
import { pointIn, stageIn } from './target';
import { addToModelPaths, checkModels, cleanStore, restartInference, type Tools } from './tools';

export interface CommandParts extends Tools {
  studies: Studies;
  revisions: Revisions;
  panels: Panels;
}

export function registerCommands(parts: CommandParts): vscode.Disposable {
  const { studies, panels, targets, log } = parts;
  const study = new StudyCommands(targets, studies, panels, log);
  const show =
    (kind: PanelKind) =>
    async (argument?: unknown, point?: unknown): Promise<void> => {
      const experiment = await targets.of(argument);
      if (experiment) await panels.open(kind, experiment, pointIn(point));
    };
  const addAndShow = async (experiment: vscode.Uri, concepts: readonly string[]): Promise<void> => {
    const preview = await addPreviewOf(parts, experiment, { concepts });
    await panels.open('preview', experiment, { preview });
  };
  const commands: Record<string, (...args: never[]) => unknown> = {
    'higan.newExperiment': (given?: NewExperiment) => newExperiment(given),
    'higan.run': (argument?: unknown, until?: unknown) => study.run(argument, stageIn(until)),
    'higan.runUntil': (argument?: unknown) => study.runUntil(argument),
    'higan.plan': (argument?: unknown) => study.plan(argument),
    'higan.cancel': (argument?: unknown) => study.cancel(argument),
    'higan.showRanking': show('ranking'),
    'higan.showHeatmap': show('heatmap'),
    'higan.showPreview': show('preview'),
    'higan.showEntanglement': show('entanglement'),
    'higan.showTransition': show('transition'),
    'higan.compare': async (argument?: unknown) => {
      const experiment = await targets.of(argument);
      if (experiment) await panels.compare(experiment);
    },
    'higan.runRevision': (experiment: vscode.Uri, revision: Revision) =>
      runRevision(parts, experiment, revision),
    'higan.addPreviewFromSelection': async () => {
      const selected = await conceptsSelected(parts);
      if (selected) await addAndShow(selected.experiment, selected.concepts);
    },
    'higan.addPreview': (experiment: vscode.Uri, concept: string) =>
      addPreviewOf(parts, experiment, { concepts: [concept] }),
    'higan.addAndShowPreview': async (argument: unknown, concept?: unknown) => {
      const experiment = await targets.of(argument);
      const named = typeof concept === 'string' ? concept : undefined;
      const chosen = experiment && (named ?? (await chooseConcept(parts, experiment)));
      if (chosen) await addAndShow(experiment, [chosen]);
    },
    'higan.export': (argument?: unknown) => exportResults(parts, argument),
    'higan.showLog': () => log.show(),
    'higan.restartInference': () => restartInference(parts),
    'higan.selectDevice': (given?: unknown) => selectDevice(parts, given),
    'higan.checkModels': () => checkModels(parts),
    'higan.cleanStore': (argument?: unknown) => cleanStore(parts, argument),
    [addModelPath]: (folder: unknown) => addToModelPaths(folder),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, handler]) => vscode.commands.registerCommand(name, handler)),
  );
}
