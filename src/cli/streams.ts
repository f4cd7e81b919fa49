/** What becomes of a verb when nobody takes what it prints: it goes on, and ends with its own exit code. */
import process from 'node:process';
import { cannotWrite } from '../engine/formats/file-failure';
import { outcomeOf } from './outcome';

/**
 * Keeps errors of stdout and stderr from ending the process. Who reads from a pipe and leaves has seen enough; a full
 * disk behind stdout is told, once, and makes the verb a failed one.
 */
export function surviveClosedStreams(): void {
  let told = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || told) return;
    told = true;
    const code = outcomeOf(asFailure(error));
    // The verb says its own code later; a failure of its own counts more.
    process.on('exit', () => {
      if (!process.exitCode) process.exitCode = code;
    });
  });
  // There is nowhere left to tell it.
  process.stderr.on('error', () => undefined);
}

function asFailure(error: unknown): unknown {
  try {
    return cannotWrite('What this prints', error);
  } catch (other) {
    return other;
  }
}
