/** What a benchmark is. Every other file of this folder but main.ts exports one as `benchmark`. */

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
  /** Measures. Runs in a process of its own, so that benchmarks do not warm or burden each other. */
  run(note: (line: string) => void): Row[] | Promise<Row[]>;
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
