/** Ctrl-C: first asks for a clean stop, then stops at once. */
import process from 'node:process';
import { tell } from './output';

/** Exit code of an interrupted process: 128 + SIGINT. */
export const interruptedCode = 130;

/**
 * Runs something that can be stopped. The first SIGINT (or SIGTERM) aborts its signal, so that it ends within a batch
 * and the store is left to resume from; the second ends the process.
 */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(interruptedCode);
    tell('\nStopping after this batch; Ctrl-C again stops at once.');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
