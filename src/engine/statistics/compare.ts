/** Two moves of the same codes against each other: layer against layer, study against study. */
import type { Interval } from '../../protocol/results';
import { defaultResamples, meanOf, resamplesOf, studentised, studentisedInterval } from './bootstrap';
import { fewestMovers } from './measure';

export interface CompareOptions {
  /** Standard deviation of the score over the probe, of each side. 0: the side counts as 0. */
  std: readonly [number, number];
  confidence?: number;
  seed: number;
  resamples?: number;
}

/** First minus second, in standard deviations of the score over the (respective) probe. */
export interface Comparison {
  delta: number;
  deltaInterval: Interval | null;
  mean: number;
  meanInterval: Interval | null;
  /** Samples whose two differences differ, and samples that both sides have a score for. */
  movers: number;
  samples: number;
  /** Fewer than 20 samples differ: no interval is given. */
  tooFewMovers: boolean;
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
  { std, confidence = 0.95, seed, resamples = defaultResamples }: CompareOptions,
): Comparison {
  if (first.length !== second.length) {
    throw new RangeError(
      `${first.length} samples cannot be paired with ${second.length}: compare moves of the same codes.`,
    );
  }
  const [a, b] = std.map((s) => (s > 0 ? 1 / s : 0));
  const pairs = new Float64Array(2 * first.length);
  let samples = 0;
  let movers = 0;
  for (let i = 0; i < first.length; i++) {
    if (Number.isNaN(first[i]) || Number.isNaN(second[i])) continue;
    const x = first[i] * a;
    const y = second[i] * b;
    pairs[2 * samples] = x - y;
    pairs[2 * samples + 1] = Math.max(x, 0) - Math.max(y, 0);
    samples++;
    if (x !== y) movers++;
  }
  const none = { value: 0, error: 0 };
  const mean = samples > 0 ? meanOf(pairs, samples, 0) : none;
  const delta = samples > 0 ? meanOf(pairs, samples, 1) : none;
  const tooFewMovers = movers < fewestMovers;
  const compared = { delta: delta.value, mean: mean.value, movers, samples, tooFewMovers };
  if (tooFewMovers) return { ...compared, deltaInterval: null, meanInterval: null };
  const [tMean, tDelta] = studentised(pairs, samples, [mean, delta], resamplesOf(seed, resamples));
  return {
    ...compared,
    deltaInterval: studentisedInterval(delta, tDelta, confidence),
    meanInterval: studentisedInterval(mean, tMean, confidence),
  };
}
