/** Long work in small steps: done at once, or with a turn for others in between, by the same code. */
import { setImmediate as othersTurn } from 'node:timers/promises';

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

/** Lets others have a turn every few milliseconds: for the extension host, which everybody shares. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  for (let until = performance.now() + turn; ;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await othersTurn();
    until = performance.now() + turn;
  }
}
