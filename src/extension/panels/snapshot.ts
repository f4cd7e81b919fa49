/** What a panel is told about its experiment, put together from the file, the store and the running study. */
import * as vscode from 'vscode';
import { ConceptNames } from '../../engine/experiment';
import { isStaleMark } from '../../engine/store/read';
import type { StudyResult } from '../../protocol/results';
import { changeOf, type ResultsChange } from '../../protocol/results-change';
import type { Snapshot } from '../../protocol/panels';
import { experimentName, isExperimentFile, type Experiments, type JudgedDocument } from '../experiments';
import type { Studies } from '../studies';
import { hopsIn } from './hops';

export async function snapshotOf(
  experiment: vscode.Uri,
  experiments: Experiments,
  studies: Studies,
  sideEffects: Snapshot['sideEffects'],
): Promise<Snapshot> {
  const study = await studies.get(experiment);
  let judged: JudgedDocument;
  try {
    judged = await experiments.judge(await experiments.document(experiment));
  } catch {
    // Renamed or deleted: results stay to be looked at.
    return {
      ...{ experiment: experiment.toString(), title: titleOf(experiment), study: study.result },
      ...{ currency: 'outdated', run: study.run, review: {}, sideEffects },
      ...{ cannotRun: 'The file of this experiment is gone.', hops: [] },
    };
  }
  return {
    experiment: experiment.toString(),
    title: titleOf(experiment),
    study: study.result,
    currency: studies.isOutdated(study, judged) ? 'outdated' : 'current',
    run: study.run,
    cannotRun: studies.cannotRun(judged),
    review: reviewOf(judged, study.result),
    hops: hopsIn(judged.parsed.value ?? judged.parsed.draft).map(({ name }) => name),
    sideEffects,
  };
}

function reviewOf(judged: JudgedDocument, study: StudyResult | null): Snapshot['review'] {
  const names = new ConceptNames(judged.context?.concepts ?? []);
  const entries = Object.entries((judged.parsed.value ?? judged.parsed.draft)?.review ?? {});
  return Object.fromEntries(
    entries.map(([written, { result, ...entry }]) => {
      const concept = names.resolve(written);
      const name = typeof concept === 'string' ? concept : written;
      const stale = study !== null && result !== undefined && isStaleMark(result, study, name);
      return [name, { ...entry, stale }];
    }),
  );
}

/** The file's name, with its folder where another experiment has the same. */
export function titleOf(experiment: vscode.Uri): string {
  const name = experimentName(experiment);
  const namesakes = vscode.workspace.textDocuments.filter(
    ({ uri }) =>
      isExperimentFile(uri) && uri.toString() !== experiment.toString() && experimentName(uri) === name,
  );
  return namesakes.length > 0 ? vscode.workspace.asRelativePath(experiment) : `${name}.higan.yaml`;
}

/** Several panels show one study: what changed is looked for once. */
const changes = new WeakMap<StudyResult, { before: StudyResult | null; change: ResultsChange }>();

/** @see changeOf of the protocol */
export function changeSince(before: StudyResult | null, after: StudyResult): ResultsChange {
  const known = changes.get(after);
  if (known?.before === before) return known.change;
  const change = changeOf(before, after);
  changes.set(after, { before, change });
  return change;
}
