/** Registers the language features of experiment files. */
import * as vscode from 'vscode';
import { experimentSelector, type Experiments } from '../experiments';
import type { Studies } from '../studies';
import type { Thumbnails } from '../thumbnails';
import { renderBeforeAfter, showBeforeAfter } from './before-after';
import { ExperimentCompletion } from './completion';
import { ExperimentDiagnostics } from './diagnostics';
import { ExperimentFixes } from './fixes';
import { ExperimentHover } from './hover';
import { ExperimentInlayHints } from './inlay-hints';
import { ExperimentLenses } from './lenses';
import { PreviewAction } from './preview-action';

export function registerLanguage(
  experiments: Experiments,
  studies: Studies,
  thumbnails: Thumbnails,
  log: (line: string) => void,
): vscode.Disposable {
  const { languages } = vscode;
  // The editor asks again by itself when the text changes; what is drawn depends on results and models as well.
  const redraw = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    redraw,
    studies.onDidChange(() => redraw.fire()),
    experiments.onDidChange((uri) => uri === null && redraw.fire()),
    new ExperimentDiagnostics(experiments, studies, log),
    languages.registerCodeLensProvider(
      experimentSelector,
      new ExperimentLenses(experiments, studies, redraw.event),
    ),
    languages.registerInlayHintsProvider(
      experimentSelector,
      new ExperimentInlayHints(experiments, studies, redraw.event),
    ),
    vscode.commands.registerCommand(
      showBeforeAfter,
      (experiment: string, concept: string, line: number, character: number) =>
        renderBeforeAfter(thumbnails, experiment, concept, line, character),
    ),
    languages.registerHoverProvider(
      experimentSelector,
      new ExperimentHover(experiments, studies, thumbnails),
    ),
    languages.registerCompletionItemProvider(
      experimentSelector,
      new ExperimentCompletion(experiments),
      ...ExperimentCompletion.triggers,
    ),
    languages.registerCodeActionsProvider(experimentSelector, new ExperimentFixes(), {
      providedCodeActionKinds: ExperimentFixes.kinds,
    }),
    languages.registerCodeActionsProvider(experimentSelector, new PreviewAction(experiments, studies), {
      providedCodeActionKinds: PreviewAction.kinds,
    }),
  );
}
