/** `higan transition FILE`: which objects become which on the way from one category to another. */
import type { Command } from 'commander';
import { prepareStudy, runTransition } from '../../engine/study';
import type { Transition } from '../../protocol/results';
import { stoppable } from '../interruption';
import {
  engineOptions,
  withEngine,
  withJson,
  withStore,
  wholeNumber,
  type EngineChoices,
  type JsonOption,
  type StoreOption,
} from '../options';
import { ending } from '../outcome';
import { print, printJson, resultLook } from '../output';
import { transitionText } from '../print/transition';
import { withProgress } from '../progress';

interface TransitionChoices extends EngineChoices, JsonOption, StoreOption {
  number?: number;
}

export function addTransition(program: Command): void {
  const command = program
    .command('transition')
    .summary('follow labelled pixels from one category to another')
    .description(
      "Computes (once) the walks that the experiment's `transitions` name, and prints which labels' pixels became which.",
    )
    .argument('<file>', 'experiment (*.higan.yaml), run to the stage boundary')
    .option('--number <n>', 'only this one of its transitions, from 1', wholeNumber(1));
  withJson(withStore(withEngine(command))).action(ending(transition));
}

async function transition(file: string, options: TransitionChoices): Promise<number> {
  return stoppable(async (signal) => {
    const request = { ...engineOptions(options), file, store: options.store, signal };
    const { experiment } = await prepareStudy(request);
    // A file without transitions is told so by the engine.
    const count = Math.max(1, experiment.transitions.length);
    const indices = options.number ? [options.number - 1] : Array.from({ length: count }, (_, i) => i);
    const found: Transition[] = [];
    for (const index of indices)
      found.push(await withProgress((events) => runTransition({ ...request, index }, events)));
    if (options.json) printJson(found);
    else print(found.map((one) => transitionText(one, resultLook())).join('\n\n'));
    return 0;
  });
}
