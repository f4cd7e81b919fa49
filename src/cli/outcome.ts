/** How the command line ends: 0 done, 1 failed, 2 bad input, 130 interrupted. */
import process from 'node:process';
import { CommanderError } from 'commander';
import { Failure, type FailureKind } from '../engine/failure';
import { interruptedCode } from './interruption';
import { tell } from './output';

const codes: Record<FailureKind, number> = { 'bad-input': 2, failed: 1, interrupted: interruptedCode };

/** Tells what went wrong and says the exit code. Only what is a bug of ours comes with a stack trace. */
export function outcomeOf(error: unknown): number {
  // Commander has printed its own: usage errors (bad input), or --help and --version (done).
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : codes['bad-input'];
  const debugging = (process.env.HIGAN_DEBUG ?? '') !== '';
  if (error instanceof Failure) {
    tell(error.message);
    if (debugging) tell(stackOf(error));
    return codes[error.kind];
  }
  tell(
    `This is a bug in HiGAN Studio, not a mistake of yours: ${error instanceof Error ? error.message : String(error)}\n` +
      `Please report it to the project's issue tracker with what you ran` +
      (debugging ? ' and the lines below.' : ' and what HIGAN_DEBUG=1 adds.'),
  );
  if (debugging) tell(stackOf(error));
  return codes.failed;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

/** An action whose number becomes the exit code. */
export const ending =
  <A extends unknown[]>(action: (...args: A) => Promise<number>) =>
  async (...args: A): Promise<void> => {
    process.exitCode = await action(...args);
  };
