/** `higan run FILE`: runs or resumes a study. */
import path from 'node:path';
import type { Command } from 'commander';
import type { Stage } from '../../protocol/experiment';
import { readExperiment } from '../../engine/experiment';
import { diagnosticLine } from '../../engine/manifest';
import { findRevision, readRevision } from '../../engine/revisions';
import { planStudy, runStudy, type StudyOutcome, type StudyRequest } from '../../engine/study';
import { stoppable } from '../interruption';
import {
  engineOptions,
  stageOption,
  withEngine,
  withJson,
  withStore,
  type EngineChoices,
  type JsonOption,
  type StoreOption,
} from '../options';
import { ending } from '../outcome';
import { print, printJson, resultLook, tell } from '../output';
import { heatmapText } from '../print/heatmap';
import { planText } from '../print/plan';
import { rankingText } from '../print/ranking';
import { duration, styled } from '../print/text';
import { withProgress } from '../progress';

interface RunChoices extends EngineChoices, JsonOption, StoreOption {
  until?: Stage;
  plan?: boolean;
  show?: boolean;
  rev?: string;
}

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .summary('run or resume a study')
    .description(
      'Runs a study, or resumes it: probe, boundary, rescore, rank, layers. Ctrl-C leaves a store that the next run goes on from.',
    )
    .argument('<file>', 'experiment (*.higan.yaml)')
    .addOption(stageOption())
    .option('--plan', 'say images, time and disk, and what is in the store; run nothing')
    .option('--rev <rev>', 'run the file as it was in this git revision; its latest result stays what it is')
    .option('--show', 'print the ranking and the layer heatmap at the end');
  withJson(withStore(withEngine(command))).action(ending(run));
}

async function run(file: string, options: RunChoices): Promise<number> {
  const text = options.rev === undefined ? undefined : await textAt(file, options.rev);
  const { warnings } = await readExperiment(file, { text, modelPaths: options.modelPath });
  for (const warning of warnings) tell(diagnosticLine(file, warning));
  return stoppable(async (signal) => {
    const request: StudyRequest = {
      ...engineOptions(options),
      file,
      ...(text === undefined ? {} : { text, latest: false }),
      store: options.store,
      until: options.until,
      signal,
    };
    if (options.plan) {
      const plan = await planStudy(request);
      if (options.json) printJson(plan);
      else print(planText(plan, resultLook()));
      return 0;
    }
    const started = performance.now();
    const outcome = await withProgress((events) => runStudy(request, events));
    if (options.json) printJson(outcome.result);
    else report(file, outcome, (performance.now() - started) / 1000, options);
    return 0;
  });
}

const textAt = async (file: string, rev: string): Promise<string> =>
  readRevision(file, await findRevision(file, rev));

function report(
  file: string,
  { result, path: stored, cached }: StudyOutcome,
  seconds: number,
  options: RunChoices,
): void {
  const look = resultLook();
  if (options.show) {
    print(`\n${rankingText(result, { by: 'rescore' }, look)}`);
    if (result.stages.includes('layers')) print(`\n${heatmapText(result, look)}`);
  }
  const shown = path.relative('', stored);
  const heading = cached ? 'Everything was in the store already.' : `Done in ${duration(seconds)}.`;
  if (options.rev !== undefined) {
    // The verbs that look at results read the file's latest, which this is not.
    const next = `higan compare ${file} --rev ${options.rev}`;
    print(`\n${styled(look, 'bold', heading)}\n${'Results'.padEnd(9)}${stored}\n${'Look'.padEnd(9)}${next}`);
    return;
  }
  const verbs = options.show ? '' : `\n${'Look'.padEnd(9)}higan rank ${file}, higan layers ${file}`;
  print(
    `\n${styled(look, 'bold', heading)}` +
      `\n${'Results'.padEnd(9)}${shown.startsWith('..') ? stored : shown}${verbs}` +
      `\n${'Editor'.padEnd(9)}open ${file} in VS Code with HiGAN Studio (code ${file}), and click Ranking or Heatmap above it`,
  );
}
