/** Finds the batch size that a device runs a model fastest with. */
import type { Tensor } from './conversation';
import { isOutOfMemory } from './memory';
import type { Session } from './sessions';

export interface TuneOptions {
  /** Batch sizes to try, ascending. */
  batches?: readonly number[];
  /** For all together, in milliseconds; a size that is expected to exceed what is left is not tried. */
  budget?: number;
  signal?: AbortSignal;
}

export interface Tuned {
  batch: number;
  /** Images a second at that size. */
  rate: number;
  /** Milliseconds that a run took, by size, for the sizes that were tried: ascending. */
  took: ReadonlyMap<number, number>;
}

/**
 * Measures a few batch sizes briefly and picks the fastest by images a second; of sizes within 2 % the smaller, which
 * answers interruptions sooner. Results do not depend on the choice.
 * @param makeFeed the feeds of a batch; its codes are what a study would send
 */
export async function tuneBatch(
  session: Session,
  makeFeed: (batch: number) => Record<string, Tensor>,
  options: TuneOptions = {},
): Promise<Tuned> {
  const { batches = [1, 2, 4, 8, 16, 32, 64], budget = 1500, signal } = options;
  const run = async (batch: number): Promise<number> => {
    const feeds = makeFeed(batch);
    const start = performance.now();
    await session.run(feeds, signal ? { signal } : {});
    return performance.now() - start;
  };
  const started = performance.now();
  // The first run of a session plans memory and, on a GPU, compiles kernels.
  await run(batches[0]);
  let best = { batch: batches[0], rate: 0 };
  const took = new Map<number, number>();
  let perImage = Infinity;
  for (const batch of batches) {
    const left = budget - (performance.now() - started);
    if (best.rate > 0 && 2 * perImage * batch > left) break;
    const fastest = await fastestOf(() => run(batch), left / 8).catch((error: unknown) => {
      // More than memory holds: the sizes before it did.
      if (best.rate > 0 && isOutOfMemory(error)) return null;
      throw error;
    });
    if (fastest === null) break;
    took.set(batch, fastest);
    perImage = Math.min(perImage, fastest / batch);
    const rate = (1000 * batch) / fastest;
    if (rate > best.rate * 1.02) best = { batch, rate };
  }
  return { ...best, took };
}

/** Short runs are noisy: the best of several, as far as the milliseconds go. */
async function fastestOf(run: () => Promise<number>, budget: number): Promise<number> {
  let fastest = await run();
  for (let again = 0; again < 3 && fastest * (again + 2) < budget; again++)
    fastest = Math.min(fastest, await run());
  return fastest;
}

/** The largest size up to the chosen one whose run was measured to fit in these milliseconds; else the smallest there is. */
export function batchWithin({ batch, took }: Tuned, milliseconds: number): number {
  const fitting = [...took].filter(([size, time]) => size <= batch && time <= milliseconds);
  return (fitting.at(-1) ?? [...took][0])[0];
}
