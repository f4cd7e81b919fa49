/** Steps that are walked in a served editor one after the other, as a person would; the first that fails ends the walk. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Step<Place> {
  name: string;
  walk(place: Place): Promise<void>;
}

/** Waits until something has come about. */
export async function until(
  what: string,
  test: () => boolean | Promise<boolean>,
  limit = 60_000,
): Promise<void> {
  for (const end = Date.now() + limit; !(await test()); await sleep(100))
    if (Date.now() > end) throw new Error(`It never came about that ${what}.`);
}

/**
 * Walks and prints each step as tests are printed.
 * @param after told of each step that was walked, by its number from 1; and of `failed`
 * @returns how many were walked
 */
export async function walkThrough<Place>(
  steps: readonly Step<Place>[],
  place: Place,
  after: (step: string) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  for (const [index, step] of steps.entries()) {
    const started = Date.now();
    try {
      await step.walk(place);
      await after(String(index + 1));
    } catch (error) {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stdout.write(`✖ ${step.name}\n    ${problem.replaceAll('\n', '\n    ')}\n`);
      await after('failed').catch(() => undefined);
      return index;
    }
    process.stdout.write(`✔ ${step.name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  }
  return steps.length;
}

/** Prints the counts that the suite's runner reads. */
export function printCounts(passed: number, of: number): void {
  process.stdout.write(`ℹ pass ${passed}\nℹ fail ${of - passed}\nℹ skipped 0\n`);
}
