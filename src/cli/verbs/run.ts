/** `higan run FILE`: runs or resumes a study. */
import path from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import type { Stage } from '../../protocol/experiment';
import { readExperiment } from '../../engine/experiment';
import { diagnosticLine } from '../../engine/manifest';
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
import { print, printJson, resultLook, tell, tellLook } from '../output';
import { heatmapText } from '../print/heatmap';
import { planText } from '../print/plan';
import { ProgressLine } from '../print/progress';
import { rankingText } from '../print/ranking';
import { duration, styled } from '../print/text';

interface RunChoices extends EngineChoices, JsonOption, StoreOption {
  until?: Stage;
  plan?: boolean;
  show?: boolean;
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
    .option('--show', 'print the ranking and the layer heatmap at the end');
  withJson(withStore(withEngine(command))).action(ending(run));
}

async function run(file: string, options: RunChoices): Promise<number> {
  const { warnings } = await readExperiment(file, { modelPaths: options.modelPath });
  for (const warning of warnings) tell(diagnosticLine(file, warning));
  return stoppable(async (signal) => {
    const request: StudyRequest = {
      ...engineOptions(options),
      file,
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
    const line = new ProgressLine(process.stderr, tellLook());
    const started = performance.now();
    let outcome: StudyOutcome;
    try {
      outcome = await runStudy(request, {
        progress: (progress) => line.show(progress),
        log: (text) => line.say(text),
      });
    } finally {
      line.endStage();
    }
    if (options.json) printJson(outcome.result);
    else report(file, outcome, (performance.now() - started) / 1000, options);
    return 0;
  });
}

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
  const verbs = options.show ? '' : `\n${'Look'.padEnd(9)}higan rank ${file}, higan layers ${file}`;
  print(
    `\n${styled(look, 'bold', cached ? 'Everything was in the store already.' : `Done in ${duration(seconds)}.`)}` +
      `\n${'Results'.padEnd(9)}${shown.startsWith('..') ? stored : shown}${verbs}` +
      `\n${'Editor'.padEnd(9)}open ${file} in VS Code with HiGAN Studio (code ${file}), and click Ranking or Heatmap above it`,
  );
}
