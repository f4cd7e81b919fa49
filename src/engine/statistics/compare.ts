/** Two moves of the same codes against each other: layer against layer, study against study. */
import { fewestMovers } from '../../protocol/finding';
import type { Interval } from '../../protocol/results';
import {
  defaultResamples,
  meanOf,
  resamplesOf,
  studentised,
  studentisedInterval,
  type Mean,
} from './bootstrap';
import { studentQuantile, studentTail } from './distributions';
import { holm } from './judge';
import { holdInterval, pOfNoRise, pOfRareLack } from './measure';

export interface CompareOptions {
  /** What each side is measured in: the score's standard deviation over the probe, or 1. 0: the side counts as 0. */
  std: readonly [number, number];
  /** Standard errors of the two; absent where both sides count in one unit, or in units of the score. */
  stdError?: readonly [number, number];
  confidence?: number;
  seed: number;
  resamples?: number;
}

/** First minus second, each in its own `std`. */
export interface Comparison {
  delta: number;
  /** Null where fewer than 20 samples rise by another amount. */
  deltaInterval: Interval | null;
  mean: number;
  meanInterval: Interval | null;
  /** Samples whose two differences differ, and samples that both sides have a score for. */
  movers: number;
  samples: number;
  /** Fewer than 20 samples differ: no interval is given. */
  tooFewMovers: boolean;
  /** Two-sided p-value of "both have the same Δ⁺", before any adjustment. 1 without an interval. */
  p: number;
}

/**
 * Δ⁺ and signed mean of `first` minus those of `second`, with paired studentised intervals: what both share, sample
 * by sample, cancels before anything is resampled.
 * @param first [K] differences (score after − score before), NaN: missing.
 * @param second [K] of the same codes in the same order.
 */
export function compareMeasured(
  first: Float32Array,
  second: Float32Array,
  { std, stdError = [0, 0], confidence = 0.95, seed, resamples = defaultResamples }: CompareOptions,
): Comparison {
  if (first.length !== second.length) {
    throw new RangeError(
      `${first.length} samples cannot be paired with ${second.length}: compare moves of the same codes.`,
    );
  }
  const [a, b] = std.map((s) => (s > 0 ? 1 / s : 0));
  const pairs = new Float64Array(2 * first.length);
  const reach = [new Reach(), new Reach()] as const;
  // Of either side alone: signed, and of the rises.
  const sums = { signed: [0, 0], rises: [0, 0] };
  let samples = 0;
  for (let i = 0; i < first.length; i++) {
    if (Number.isNaN(first[i]) || Number.isNaN(second[i])) continue;
    const x = first[i] * a;
    const y = second[i] * b;
    pairs[2 * samples] = reach[0].add(x - y);
    pairs[2 * samples + 1] = reach[1].add(Math.max(x, 0) - Math.max(y, 0));
    [x, y].forEach((value, side) => {
      sums.signed[side] += value;
      sums.rises[side] += Math.max(value, 0);
    });
    samples++;
  }
  const none = { value: 0, error: 0 };
  const mean = samples > 0 ? meanOf(pairs, samples, 0) : none;
  const delta = samples > 0 ? meanOf(pairs, samples, 1) : none;
  const { movers } = reach[0];
  const tooFewMovers = movers < fewestMovers;
  const compared = { delta: delta.value, mean: mean.value, movers, samples, tooFewMovers };
  if (tooFewMovers) return { ...compared, deltaInterval: null, meanInterval: null, p: 1 };
  const [tMean, tDelta] = studentised(pairs, samples, [mean, delta], resamplesOf(seed, resamples));
  // Either side is off by as many percent as its standard deviation; how the two errors go together is not known.
  const doubtOf = (of: readonly number[]): number =>
    of.reduce((sum, side, i) => sum + (std[i] > 0 ? (Math.abs(side) * stdError[i]) / std[i] : 0), 0) /
    samples;
  const interval = (of: Mean, t: Float64Array, { lowest, highest }: Reach, doubt: number): Interval =>
    widened(
      holdInterval(studentisedInterval(of, t, confidence), of, samples, lowest, highest, confidence),
      of.value,
      doubt * studentQuantile((1 - confidence) / 2, samples - 1),
    );
  const meanInterval = interval(mean, tMean, reach[0], doubtOf(sums.signed));
  // Both may fall nearly everywhere: what few rises say of Δ⁺ is left unsaid, as in `measure`.
  if (reach[1].movers < fewestMovers) return { ...compared, deltaInterval: null, meanInterval, p: 1 };
  return {
    ...compared,
    deltaInterval: interval(delta, tDelta, reach[1], doubtOf(sums.rises)),
    meanInterval,
    p: twoSided(delta, tDelta, samples, reach[1], doubtOf(sums.rises)),
  };
}

/**
 * Which of the comparisons that are read side by side differ in Δ⁺: Holm-adjusted at the family's level. Those without
 * an interval count in the family, and do not differ.
 */
export function differing(family: readonly Comparison[], confidence = 0.95): boolean[] {
  const adjusted = holm(family.map(({ p }) => p));
  return family.map(({ deltaInterval }, i) => deltaInterval !== null && adjusted[i] <= 1 - confidence);
}

/** How far values reach, and how many are not 0. */
class Reach {
  lowest = Infinity;
  highest = -Infinity;
  movers = 0;

  add(value: number): number {
    this.lowest = Math.min(this.lowest, value);
    this.highest = Math.max(this.highest, value);
    if (value !== 0) this.movers++;
    return value;
  }
}

/** Twice the smaller of the two one-sided p-values: of no rise, and of no rise of the negatives. */
function twoSided(
  mean: Mean,
  t: Float64Array,
  n: number,
  { lowest, highest, movers }: Reach,
  doubt: number,
): number {
  const negative = { value: -mean.value, error: mean.error };
  const up = Math.min(pOfNoRise(mean, t, n, movers), pOfRareLack(mean, n, lowest, highest));
  const mirrored = t.map((x) => -x).reverse();
  const down = Math.min(
    pOfNoRise(negative, mirrored, n, movers),
    pOfRareLack(negative, n, -highest, -lowest),
  );
  return Math.min(
    1,
    2 * Math.min(doubted(up, mean.value, doubt, n), doubted(down, negative.value, doubt, n)),
  );
}

/** An interval about a value that is in doubt for another, independent reason too: both in quadrature. */
function widened({ low, high }: Interval, value: number, by: number): Interval {
  if (by === 0) return { low, high };
  return { low: value - Math.hypot(value - low, by), high: value + Math.hypot(high - value, by) };
}

/** The one-sided p of a value that is in doubt for another reason too: the two deviations from 0 in quadrature. */
function doubted(p: number, value: number, doubt: number, n: number): number {
  if (doubt === 0 || p >= 0.5 || value <= 0) return p;
  return studentTail(1 / Math.hypot(1 / studentQuantile(p, n - 1), doubt / value), n - 1);
}
