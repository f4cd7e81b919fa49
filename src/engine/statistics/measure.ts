/** One move, one concept: what the differences of its score say (the paper's section 4.2, with its uncertainty). */
import { fewestMovers } from '../../protocol/finding';
import type { Effect, Interval } from '../../protocol/results';
import { atOnce, type Steps } from '../turns';
import {
  defaultResamples,
  meanOf,
  quantile,
  resamplesOf,
  studentised,
  studentisedInterval,
  type Mean,
} from './bootstrap';
import { gammaCdf, gammaQuantile, studentQuantile, studentTail } from './distributions';

/** Fewer samples than this that rose (fell): Δ⁺ (Δ⁻) takes the limits of a rare event instead of resampling. */
export const fewestRisers = 10;

export interface MeasureOptions {
  /** Standard deviation of the concept's score over the probe. 0: the score never varied, nothing is standardised. */
  std: number;
  /** Of the two-sided intervals; a bound taken alone leaves half of the rest on its side. Default 0.95. */
  confidence?: number;
  seed: number;
  /** Default 2,000. */
  resamples?: number;
}

/** An effect before it is judged within its family and against its null. Units as in `Effect`. */
export interface Measured extends Omit<Effect, 'null' | 'nullDown' | 'moves'> {
  /** One-sided p-value of "the mean difference is 0 or less". 1 with too few movers. */
  p: number;
  /** Lower bound of Δ⁺: the interval's, or 0. */
  deltaLow: number;
  /** Upper bound of Δ⁺, also with few movers: what a random direction may lead a concept to be mistaken for. */
  deltaHigh: number;
  /** The same of Δ⁻, the mean of max(before − after, 0). */
  downLow: number;
  downHigh: number;
  confidence: number;
}

/**
 * Δ⁺, the signed mean, their intervals and what `judge` needs, from the differences (score after − score before) of
 * one concept under one move.
 * @param differences [K], raw units; NaN where either score is missing (dropped).
 */
export function measure(differences: Float32Array, options: MeasureOptions): Measured {
  return measureColumn(differences, 1, 0, options);
}

/**
 * `measure` for every column of differences [K, C] (row-major).
 * @param std [C], of each column's score over the probe.
 */
export function measureColumns(
  differences: Float32Array,
  std: ArrayLike<number>,
  options: Omit<MeasureOptions, 'std'>,
): Measured[] {
  return atOnce(measuringColumns(differences, std, options));
}

/** `measureColumns` in steps: one a column. */
export function* measuringColumns(
  differences: Float32Array,
  std: ArrayLike<number>,
  options: Omit<MeasureOptions, 'std'>,
): Steps<Measured[]> {
  const measured: Measured[] = [];
  for (let column = 0; column < std.length; column++) {
    measured.push(measureColumn(differences, std.length, column, { ...options, std: std[column] }));
    yield;
  }
  return measured;
}

function measureColumn(
  differences: Float32Array,
  stride: number,
  column: number,
  { std, confidence = 0.95, seed, resamples = defaultResamples }: MeasureOptions,
): Measured {
  const pairs = new Float64Array(Math.ceil(differences.length / stride) * 2);
  let samples = 0;
  let movers = 0;
  let risers = 0;
  let fallers = 0;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let at = column; at < differences.length; at += stride) {
    const d = differences[at];
    if (Number.isNaN(d)) continue;
    pairs[2 * samples] = d;
    pairs[2 * samples + 1] = d > 0 ? d : 0;
    samples++;
    if (d !== 0) movers++;
    if (d > 0) risers++;
    if (d < 0) fallers++;
    lowest = Math.min(lowest, d);
    highest = Math.max(highest, d);
  }
  const scale = std > 0 ? 1 / std : 0;
  const [mean, delta, down] = ([0, 1, 2] as const).map((c) =>
    samples > 0 ? meanOf(pairs, samples, c) : { value: 0, error: 0 },
  );
  const tooFewMovers = movers < fewestMovers;
  const measured: Measured = {
    delta: delta.value * scale,
    deltaRaw: delta.value,
    deltaInterval: null,
    mean: mean.value * scale,
    meanRaw: mean.value,
    meanInterval: null,
    movers,
    samples,
    tooFewMovers,
    p: 1,
    deltaLow: 0,
    deltaHigh: 0,
    downLow: 0,
    downHigh: 0,
    confidence,
  };
  const largest = samples > 0 ? Math.max(Math.abs(lowest), Math.abs(highest)) : 0;
  const rare = (part: Mean): Interval => scaled(rareInterval(part, samples, largest, confidence), scale);
  if (tooFewMovers) return { ...measured, deltaHigh: rare(delta).high, downHigh: rare(down).high };
  const [tMean, tDelta, tDown] = studentised(
    pairs,
    samples,
    [mean, delta, down],
    resamplesOf(seed, resamples),
  );
  const held = (part: Mean, t: Float64Array, from: number, to: number): Interval =>
    scaled(
      holdInterval(studentisedInterval(part, t, confidence), part, samples, from, to, confidence),
      scale,
    );
  const rises =
    risers < fewestRisers ? rare(delta) : held(delta, tDelta, Math.max(lowest, 0), Math.max(highest, 0));
  const falls =
    fallers < fewestRisers ? rare(down) : held(down, tDown, Math.max(-highest, 0), Math.max(-lowest, 0));
  return {
    ...measured,
    deltaInterval: rises,
    meanInterval: held(mean, tMean, lowest, highest),
    p: Math.min(pOfNoRise(mean, tMean, samples, movers), pOfRareLack(mean, samples, lowest, highest)),
    deltaLow: rises.low,
    deltaHigh: rises.high,
    downLow: falls.low,
    downHigh: falls.high,
  };
}

const scaled = ({ low, high }: Interval, scale: number): Interval => ({
  low: low * scale,
  high: high * scale,
});

/**
 * Keeps a studentised interval from running away. Where nearly all differences are alike and few stand out, resamples
 * without those have next to no spread: t* grows without bound, and a score between 0 and 1 would be said to move
 * by a hundred. The few are rare events, and the gamma limits hold for them: of the excess over the lowest
 * difference for the upper bound, of what is missing to the highest for the lower. Both are conservative, so an
 * interval that does not run away lies inside them.
 */
export function holdInterval(
  { low, high }: Interval,
  mean: Mean,
  n: number,
  lowest: number,
  highest: number,
  confidence: number,
): Interval {
  const { error } = mean;
  const excess = rareInterval({ value: mean.value - lowest, error }, n, highest - lowest, confidence);
  const lack = rareInterval({ value: highest - mean.value, error }, n, highest - lowest, confidence);
  const least = Math.max(highest - lack.high, lowest);
  const most = lowest + excess.high;
  // Written so that a bound that is not a number (t* without any spread at all) gives way too.
  return { low: low >= least ? low : least, high: high <= most ? high : most };
}

/**
 * An interval of Δ⁺ from a handful of rises, where resampling cannot know what it has not seen: the rises as a
 * weighted sum of Poisson counts, with gamma limits (Fay & Feuer 1997, Statistics in Medicine 16:791). Conservative.
 * Without any rise, one of the size of the largest change is taken as possible.
 */
export function rareInterval(delta: Mean, n: number, largest: number, confidence: number): Interval {
  if (n === 0 || largest === 0) return { low: 0, high: 0 };
  const tail = (1 - confidence) / 2;
  const rate = delta.value;
  const variance = delta.error ** 2 + rate ** 2 / n;
  const { up, variance: upVariance } = gammaOfHigh(rate, delta.error, n, largest);
  return {
    low: rate > 0 ? gammaQuantile(tail, rate ** 2 / variance) * (variance / rate) : 0,
    high: gammaQuantile(1 - tail, up ** 2 / upVariance) * (upVariance / up),
  };
}

/**
 * The p-value that belongs to `holdInterval`'s lower bound: how surely what is missing to the highest difference is
 * less than all of it. Conservative; it counts where t* has run away and `pOfNoRise` with it.
 */
export function pOfRareLack(mean: Mean, n: number, lowest: number, highest: number): number {
  if (!(mean.value > 0) || highest === lowest) return 1;
  const { up, variance } = gammaOfHigh(highest - mean.value, mean.error, n, highest - lowest);
  return 1 - gammaCdf((highest * up) / variance, up ** 2 / variance);
}

/** Mean and variance of the gamma distribution whose quantile is an upper limit (Fay & Feuer 1997). */
function gammaOfHigh(
  rate: number,
  error: number,
  n: number,
  largest: number,
): { up: number; variance: number } {
  const weight = largest / n;
  // The second moment, not the variance: a Poisson count varies as its mean.
  return { up: rate + weight, variance: error ** 2 + rate ** 2 / n + weight ** 2 };
}

/** So many resamples in the upper tail of t* are still counted; beyond them Student's t takes over. */
const countedResamples = 20;

/**
 * P(t* ≥ t) with t = mean / error: counted as long as 20 resamples reach t (the upper hundredth of 2,000); beyond it
 * Student's t, stretched so that both agree there. Counting alone bottoms out at 1 / (B + 1), and with Holm no
 * concept of a hundred could move.
 */
export function pOfNoRise(mean: Mean, t: Float64Array, n: number, movers: number): number {
  // All differences alike: resamples know nothing; the sign test does.
  if (mean.error === 0) return mean.value > 0 ? 2 ** -n : 1;
  const observed = mean.value / mean.error;
  const tail = countedResamples / (t.length + 1);
  const edge = quantile(t, 1 - tail);
  if (!(edge > 0) || observed <= edge) {
    let above = 0;
    for (let b = t.length - 1; b >= 0 && t[b] >= observed; b--) above++;
    return (above + 1) / (t.length + 1);
  }
  const freedom = Math.min(n, movers) - 1;
  return studentTail((observed / edge) * studentQuantile(tail, freedom), freedom);
}
