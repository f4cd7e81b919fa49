/** What a benchmark is. Every file that ends with `.bench.ts` exports one as `benchmark`. */

/** One line of the table: two things measured in the same run, and their ratio. */
export interface Row {
  what: string;
  /** What was measured of ours, with its unit. */
  ours: string;
  /** What it is held against, with its unit. */
  against: string;
  /** As the goal counts it. */
  ratio: number;
  goal: string;
  /** Whether the goal was met in this run; null where there is none. */
  met: boolean | null;
}

export interface Benchmark {
  /** The file's name without its ending. */
  name: string;
  /** The goal in words. */
  goal: string;
  /** What this machine lacks and how to install it; null where nothing is missing. */
  missing?: () => string | null;
  /** Measures. Runs in a process of its own, so that benchmarks do not warm or burden each other. */
  run(note: (line: string) => void): Row[] | Promise<Row[]>;
}

/** A row of something that may take at most so many milliseconds. */
export function timeRow(what: string, taken: number, allowed: number): Row {
  return {
    what,
    ours: `${taken.toFixed(1)} ms`,
    against: `${allowed} ms allowed`,
    ratio: taken / allowed,
    goal: '≤ 1 ×',
    met: taken <= allowed,
  };
}

/** The middle of some numbers, and the value that all but a twentieth stay below. */
export function quantiles(list: readonly number[]): { middle: number; most: number } {
  const sorted = [...list].sort((a, b) => a - b);
  return { middle: sorted[sorted.length >> 1], most: sorted[Math.floor(sorted.length * 0.95)] };
}

/** Milliseconds that `work` takes: the median of `times` runs. */
export function median(times: number, work: () => void): number {
  const taken = Array.from({ length: times }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return taken[Math.floor(times / 2)];
}
