/** `higan`: the command line. Verbs in verbs/, what they print in print/. */
import process from 'node:process';
import { Command } from 'commander';
import { version } from '../engine/study';
import { outcomeOf } from './outcome';
import { surviveClosedStreams } from './streams';
import { addBoundary } from './verbs/boundary';
import { addCheck } from './verbs/check';
import { addCompare } from './verbs/compare';
import { addEntanglement } from './verbs/entanglement';
import { addLayers } from './verbs/layers';
import { addModels } from './verbs/models';
import { addRank } from './verbs/rank';
import { addSample } from './verbs/sample';
import { addScore } from './verbs/score';
import { addEdit } from './verbs/edit';
import { addStore } from './verbs/store';
import { addTransition } from './verbs/transition';
import { addExport } from './verbs/export';
import { addReport } from './verbs/report';
import { addRun } from './verbs/run';

const verbs = [
  addRun,
  addCheck,
  addRank,
  addLayers,
  addEntanglement,
  addCompare,
  addTransition,
  addSample,
  addScore,
  addEdit,
  addBoundary,
  addExport,
  addReport,
  addModels,
  addStore,
];

function commandLine(): Command {
  const program = new Command('higan')
    .description(
      'Finds out which human-understandable concepts a scene generator varies, at which of its layers (HiGAN, IJCV 2020).',
    )
    .version(version(), '-v, --version', 'print the version')
    .helpCommand('help [verb]', 'print what a verb does')
    .showHelpAfterError('(--help says more)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 bad input, 130 interrupted. HIGAN_DEBUG=1 adds stack traces.',
    );
  for (const add of verbs) add(program);
  configure(program);
  return program;
}

/** Every verb throws instead of ending the process, and its action's number becomes the exit code. */
function configure(command: Command): void {
  command.exitOverride();
  for (const verb of command.commands) {
    verb.copyInheritedSettings(command);
    configure(verb);
  }
}

surviveClosedStreams();
try {
  await commandLine().parseAsync();
} catch (error) {
  process.exitCode = outcomeOf(error);
}
