/** Collects how scores changed under moves: the raw material of ranking, heatmap and entanglement. */
import type { ConceptReader } from './concepts';

/** Differences of one concept's score under one move, sample by sample, NaN where a score is missing. */
export class Differences {
  readonly values: Float32Array;
  /** Samples filled in so far. */
  filled = 0;

  constructor(samples: number) {
    this.values = new Float32Array(samples).fill(NaN);
  }

  get soFar(): Float32Array {
    return this.values.subarray(0, this.filled);
  }
}

/** score after − score before of one concept over `rows` samples, into `into` from sample `first`. */
export function addDifferences(
  into: Differences,
  reader: ConceptReader,
  width: number,
  before: Float32Array,
  after: Float32Array,
  first: number,
  rows: number,
): void {
  for (let i = 0; i < rows; i++) {
    into.values[first + i] = reader.score(after, i * width) - reader.score(before, i * width);
  }
  into.filled = Math.max(into.filled, first + rows);
}
