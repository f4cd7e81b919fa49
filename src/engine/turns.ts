/** Long work in small steps: done at once, or with a turn for others in between, by the same code. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import { interrupted } from './failure';

export { othersTurn };

/** Work that stops between its steps, and ends with its result. */
export type Steps<T> = Generator<void, T>;

/** Milliseconds of work before others have their turn. */
const turn = 8;

/** Does all steps now. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Lets others have a turn every few milliseconds: for the extension host, which everybody shares, and for a study, whose
 * process has signals to hear, a lock to touch and previews to draw meanwhile.
 * @throws Failure 'interrupted' after the turn in which the signal aborts
 */
export async function inTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (let until = performance.now() + turn; ;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await othersTurn();
    if (signal?.aborted) throw interrupted();
    until = performance.now() + turn;
  }
}

/** The last work on each thing, while it is under way. */
const last = new Map<string, Promise<unknown>>();

/**
 * Does some work on a thing (a file that is read and written again, a document) once all that was asked for before in this
 * process is over, however it ended.
 * @throws what the work throws
 */
export async function oneByOne<T>(thing: string, work: () => Promise<T>): Promise<T> {
  const mine = (last.get(thing) ?? Promise.resolve()).catch(() => undefined).then(work);
  last.set(thing, mine);
  try {
    return await mine;
  } finally {
    if (last.get(thing) === mine) last.delete(thing);
  }
}
