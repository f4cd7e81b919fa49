/** `higan compare FILE [OTHER] [--rev REV]`: two studies, or one study at two git revisions. */
import path from 'node:path';
import type { Command } from 'commander';
import type { StudyResult } from '../../protocol/results';
import { revisionLine } from '../../protocol/revision';
import { badInput, failed } from '../../engine/failure';
import { findRevision, readRevision } from '../../engine/revisions';
import { compareStudies, readStudyOfText, storeFolder } from '../../engine/study';
import {
  withJson,
  withModelPath,
  withStore,
  type JsonOption,
  type ModelPathOptions,
  type StoreOption,
} from '../options';
import { ending } from '../outcome';
import { print, printJson, resultLook } from '../output';
import { comparisonRows, comparisonText, type ComparedSide } from '../print/comparison';
import { storedStudy } from './stored';

interface CompareChoices extends JsonOption, StoreOption, ModelPathOptions {
  rev?: string;
}

export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .summary('compare two studies, or one at two git revisions')
    .description(
      'Prints what each of two studies found of every concept and how they differ: sample by sample, with paired ' +
        'intervals, where both drew the same samples. Reads the store and runs no model.',
    )
    .argument('<file>', 'experiment (*.higan.yaml)')
    .argument('[other]', 'the experiment to compare it with; with --rev the same one if left out')
    .option('--rev <rev>', 'take the other as it was in this git revision (a commit, a tag, HEAD~1)');
  withJson(withStore(withModelPath(command))).action(ending(compare));
}

async function compare(file: string, other: string | undefined, options: CompareChoices): Promise<number> {
  if (other === undefined && options.rev === undefined)
    throw badInput('Say what to compare with: another experiment, or a revision of this one with --rev.');
  const [left, right] = [await latest(file, options), await otherSide(other ?? file, options)];
  const of = ({ store, result }: Found): { store: string; study: string } => ({
    ...{ store, study: result.provenance.experiment },
  });
  const paired = await compareStudies(of(left), of(right));
  if (options.json) printJson(comparisonRows(left, right, paired));
  else print(comparisonText(left, right, paired, resultLook()));
  return 0;
}

interface Found extends ComparedSide {
  store: string;
  result: StudyResult;
}

async function latest(file: string, options: CompareChoices): Promise<Found> {
  const { result } = await storedStudy(file, options);
  return { title: path.basename(file), store: storeFolder(file, options.store), result };
}

async function otherSide(file: string, options: CompareChoices): Promise<Found> {
  const { rev, modelPath: modelPaths } = options;
  if (rev === undefined) return latest(file, options);
  const revision = await findRevision(file, rev);
  const text = await readRevision(file, revision);
  const found = await readStudyOfText({ file, text, store: options.store, modelPaths });
  if (!found) {
    throw failed(
      `The study of ${file} at ${revision.short} has not been run: run \`higan run ${file} --rev ${rev}\`.`,
    );
  }
  const store = storeFolder(file, options.store);
  return { title: `${path.basename(file)} @ ${revisionLine(revision)}`, store, result: found.result };
}
