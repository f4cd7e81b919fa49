/**
 * The studentised bootstrap of means (bootstrap-t; Efron & Tibshirani 1993, section 12.5; Hall 1992, section 3.5):
 * resample the samples, divide each resample's deviation by the resample's own standard error, and read the
 * interval from the quantiles of that.
 */
import { Stream } from '../latent';

/** Resamples of an interval unless told otherwise. */
export const defaultResamples = 2000;

/**
 * Which samples each resample takes. Resample b is a Philox stream of its own, (seed, 'bootstrap', b), and its j-th
 * number u picks sample ⌊u n⌋: the same resamples serve every concept, move and layer set of a study, whatever the
 * order in which they are measured.
 */
export class Resamples {
  readonly #words: (Float32Array | undefined)[] = [];
  readonly #picks: (Uint32Array | undefined)[] = [];
  #scratch = new Uint32Array(0);
  #room = 2 ** 24;
  /** The n whose picks are kept: the largest asked for, which is a study's K; others are worked out each time. */
  #kept = 0;

  constructor(
    readonly seed: number,
    readonly count: number,
  ) {
    if (!(Number.isInteger(count) && count >= 100)) {
      throw new RangeError(`${count} resamples are too few for an interval: use 100 or more.`);
    }
  }

  /** The n samples, of n, that resample b takes. Valid until the next call. */
  picks(b: number, n: number): Uint32Array {
    if (n > this.#kept) {
      this.#room += this.#picks.reduce((sum, row) => sum + (row?.length ?? 0), 0);
      this.#picks.length = 0;
      this.#kept = n;
    }
    const held = n === this.#kept ? this.#picks[b] : undefined;
    if (held) return held;
    const words = this.#numbers(b, n);
    const keep = n === this.#kept && this.#take(n);
    if (!keep && this.#scratch.length < n) this.#scratch = new Uint32Array(n);
    const picks = keep ? new Uint32Array(n) : this.#scratch;
    for (let j = 0; j < n; j++) picks[j] = words[j] * n;
    if (keep) this.#picks[b] = picks;
    return picks;
  }

  /** At least n numbers in [0, 1): multiples of 2^-24, far finer than any n. */
  #numbers(b: number, n: number): Float32Array {
    const held = this.#words[b];
    if (held && held.length >= n) return held;
    const stream = new Stream(this.seed, 'bootstrap', b);
    // Some to spare: while a study runs, n grows with every partial result.
    const words = new Float32Array(2 ** Math.ceil(Math.log2(n)));
    for (let j = 0; j < words.length; j++) words[j] = (stream.uint32() >>> 8) * 2 ** -24;
    if (this.#take(words.length - (held?.length ?? 0))) this.#words[b] = words;
    return words;
  }

  /** Room for n more numbers? 64 MiB are kept; studies of very many samples draw the rest again each time. */
  #take(n: number): boolean {
    if (n > this.#room) return false;
    this.#room -= n;
    return true;
  }
}

let latest: Resamples | undefined;

/** The resamples of (seed, count): those used last are kept, since a study asks for the same ones thousands of times. */
export function resamplesOf(seed: number, count: number): Resamples {
  if (latest?.seed !== seed || latest.count !== count) latest = new Resamples(seed, count);
  return latest;
}

/** A mean with its standard error (of n, not n − 1: it only ever divides what is compared with its like). */
export interface Mean {
  value: number;
  error: number;
}

/** Mean and standard error of column `c` of [n, 2] values; of 2, the second column minus the first. */
export function meanOf(pairs: Float64Array, n: number, c: 0 | 1 | 2): Mean {
  const at = (i: number): number => (c === 2 ? pairs[2 * i + 1] - pairs[2 * i] : pairs[2 * i + c]);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += at(i);
  const value = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (at(i) - value) ** 2;
  // What rounding alone leaves of equal values is no spread.
  const spread = Math.sqrt(squares / n);
  return { value, error: spread <= 1e-12 * Math.abs(value) ? 0 : spread / Math.sqrt(n) };
}

/**
 * t* of the means of both columns of `pairs` [n, 2] and of the second column minus the first, resampled together; each
 * sorted upwards, [resamples]. A column without spread has t* = 0.
 * @param means of the columns; without a third one the difference is taken for one without spread
 */
export function studentised(
  pairs: Float64Array,
  n: number,
  means: readonly [Mean, Mean, Mean?],
  resamples: Resamples,
): [Float64Array, Float64Array, Float64Array] {
  const xs = new Float64Array(n);
  const ys = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    xs[i] = pairs[2 * i] - means[0].value;
    ys[i] = pairs[2 * i + 1] - means[1].value;
  }
  const columns = () => [0, 1, 2].map(() => new Float64Array(resamples.count));
  const [shift, variance] = [columns(), columns()];
  for (let b = 0; b < resamples.count; b++) {
    const picks = resamples.picks(b, n);
    let x1 = 0;
    let x2 = 0;
    let y1 = 0;
    let y2 = 0;
    let z2 = 0;
    for (let j = 0; j < n; j++) {
      const i = picks[j];
      const x = xs[i];
      const y = ys[i];
      x1 += x;
      x2 += x * x;
      y1 += y;
      y2 += y * y;
      z2 += (y - x) * (y - x);
    }
    const z1 = y1 - x1;
    shift[0][b] = x1 / n;
    variance[0][b] = x2 / n - (x1 / n) ** 2;
    shift[1][b] = y1 / n;
    variance[1][b] = y2 / n - (y1 / n) ** 2;
    shift[2][b] = z1 / n;
    variance[2][b] = z2 / n - (z1 / n) ** 2;
  }
  const t = (c: 0 | 1 | 2): Float64Array => divideByError(shift[c], variance[c], n, means[c]?.error ?? 0);
  return [t(0), t(1), t(2)];
}

/**
 * Shifts [resamples] over their own standard errors, sorted, in place. A resample in which all values are equal has
 * no error of its own (heavy ties): it takes the smallest one that any other resample had, so that t* stays finite
 * and on the right side.
 */
export function divideByError(
  shift: Float64Array,
  variance: Float64Array,
  n: number,
  error: number,
): Float64Array {
  if (error === 0) return shift.fill(0);
  const nothing = 1e-10 * error * error * n;
  let smallest = Infinity;
  for (const v of variance) if (v > nothing && v < smallest) smallest = v;
  if (smallest === Infinity) return shift.fill(0);
  for (let b = 0; b < shift.length; b++) {
    shift[b] /= Math.sqrt(Math.max(variance[b], smallest) / n);
  }
  return shift.sort();
}

/** The p-quantile of sorted values, at rank p (B + 1), linear between ranks. */
export function quantile(sorted: Float64Array, p: number): number {
  const rank = Math.min(Math.max(p * (sorted.length + 1), 1), sorted.length);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, sorted.length);
  return sorted[below - 1] + (rank - below) * (sorted[above - 1] - sorted[below - 1]);
}

/** [value − t*(high) · error, value − t*(low) · error]: the quantiles change sides. */
export function studentisedInterval(
  mean: Mean,
  t: Float64Array,
  confidence: number,
): { low: number; high: number } {
  const tail = (1 - confidence) / 2;
  return {
    low: mean.value - quantile(t, 1 - tail) * mean.error,
    high: mean.value - quantile(t, tail) * mean.error,
  };
}
