/** Registers the language features of experiment files. */
import * as vscode from 'vscode';
import { experimentSelector, type Experiments } from '../experiments';
import type { Studies } from '../studies';
import type { Thumbnails } from '../thumbnails';
import { ExperimentCompletion } from './completion';
import { ExperimentDiagnostics } from './diagnostics';
import { ExperimentFixes } from './fixes';
import { ExperimentHover } from './hover';
import { ExperimentInlayHints } from './inlay-hints';
import { ExperimentLenses } from './lenses';

export function registerLanguage(
  experiments: Experiments,
  studies: Studies,
  thumbnails: Thumbnails,
  log: (line: string) => void,
): vscode.Disposable {
  const { languages } = vscode;
  const lenses = new ExperimentLenses(experiments, studies);
  const hints = new ExperimentInlayHints(experiments, studies);
  return vscode.Disposable.from(
    new ExperimentDiagnostics(experiments, studies, log),
    lenses,
    hints,
    languages.registerCodeLensProvider(experimentSelector, lenses),
    languages.registerInlayHintsProvider(experimentSelector, hints),
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
  );
}
