/** Level × layer set: at which layers a level of abstraction is decided (the paper's Fig. 10, with intervals). */
import { levels, type Level } from '../../protocol/concept';
import { fewestMovers } from '../../protocol/finding';
import type { Effect, Interval, LevelSummary } from '../../protocol/results';
import { atOnce, type Steps } from '../turns';
import {
  defaultResamples,
  meanOf,
  resamplesOf,
  studentised,
  studentisedInterval,
  type Resamples,
} from './bootstrap';
import { fewestRisers, holdInterval, rareInterval } from './measure';

/** One concept of the layer analysis. Its scale cancels, so differences may be in any unit. */
export interface AnalysedConcept {
  level: Level;
  /** By layer set, judged. */
  effects: readonly Effect[];
  /** By layer set: differences [K] on the same codes in the same order, NaN: missing. */
  differences: readonly Float32Array[];
}

export interface LevelSummaryOptions {
  /** How many layer sets there are. */
  layerSets: number;
  confidence?: number;
  seed: number;
  resamples?: number;
}

/**
 * Per level and layer set the mean over concepts of Δ⁺ / (the concept's largest Δ⁺ among the layer sets that move
 * it). A set that does not move the concept contributes what it has, at most 1; a concept that no set moves has
 * nothing to be divided by: it is left out and counted in `unmoved`.
 *
 * Intervals resample the samples, the same for all concepts and sets; the concepts, and which set is each one's
 * largest, stay fixed. The mean of ratios is linearised (each sample's influence on it), and the influences are
 * bootstrapped, studentised and held; ratios of few rises, or cut at 1, are bounded on their own. None where fewer than 20
 * samples are shared.
 * @returns one summary for each level that has an analysed concept, in the order of `levels`.
 */
export function levelSummary(
  concepts: readonly AnalysedConcept[],
  options: LevelSummaryOptions,
): LevelSummary[] {
  return atOnce(summarisingLevels(concepts, options));
}

/** `levelSummary` in steps: one a level and layer set. */
export function* summarisingLevels(
  concepts: readonly AnalysedConcept[],
  options: LevelSummaryOptions,
): Steps<LevelSummary[]> {
  const summaries: LevelSummary[] = [];
  for (const level of levels) {
    const analysed = concepts.filter((concept) => concept.level === level);
    if (analysed.length > 0) summaries.push(yield* summarising(level, analysed, options));
  }
  return summaries;
}

function* summarising(
  level: Level,
  analysed: readonly AnalysedConcept[],
  { layerSets, confidence = 0.95, seed, resamples = defaultResamples }: LevelSummaryOptions,
): Steps<LevelSummary> {
  const lengths = analysed.flatMap((concept) => concept.differences.map((d) => d.length));
  // While a study runs some sets are ahead of others: only samples that all have can be resampled together.
  const samples = lengths.length > 0 ? Math.min(...lengths) : 0;
  const moved = analysed.flatMap((concept) => {
    const rises = concept.differences.map((d) => riseOf(d, samples));
    const peak = largestMoving(concept.effects, rises);
    return peak === null ? [] : [{ rises, peak }];
  });
  const summary = { level, concepts: moved.length, unmoved: analysed.length - moved.length };
  const share: LevelSummary['share'] = [];
  for (let set = 0; set < layerSets; set++) {
    if (moved.length === 0) {
      share.push({ value: 0, interval: null });
      continue;
    }
    const ratios = moved.map(({ rises, peak }) => ratioOf(rises[set], rises[peak], set === peak));
    const value = ratios.reduce((sum, ratio) => sum + Math.min(ratio.value, 1), 0) / moved.length;
    if (samples < fewestMovers) {
      share.push({ value, interval: null });
      continue;
    }
    const total = intervalOfSum(ratios, samples, { confidence, resamples: resamplesOf(seed, resamples) });
    const { low, high } = total;
    share.push({ value, interval: cut({ low: low / moved.length, high: high / moved.length }) });
    yield;
  }
  return { ...summary, share };
}

/** Δ⁺ of one concept and set over the shared samples, and each sample's influence on it. */
interface Rise {
  delta: number;
  /** [samples]: what sample i adds to the mean over its share of samples; 0 where the score is missing. */
  influence: Float64Array;
  /** Samples with a score, and those that rose; the largest change of either sign. */
  scored: number;
  risers: number;
  largest: number;
}

function riseOf(differences: Float32Array, samples: number): Rise {
  let sum = 0;
  let scored = 0;
  let risers = 0;
  let largest = 0;
  for (let i = 0; i < samples; i++) {
    const d = differences[i];
    if (Number.isNaN(d)) continue;
    scored++;
    largest = Math.max(largest, Math.abs(d));
    if (d <= 0) continue;
    risers++;
    sum += d;
  }
  const delta = scored > 0 ? sum / scored : 0;
  const influence = new Float64Array(samples);
  for (let i = 0; i < samples; i++) {
    const d = differences[i];
    if (!Number.isNaN(d)) influence[i] = (Math.max(d, 0) - delta) * (samples / scored);
  }
  return { delta, influence, scored, risers, largest };
}

function largestMoving(effects: readonly Effect[], rises: readonly Rise[]): number | null {
  let peak: number | null = null;
  effects.forEach((effect, set) => {
    if (effect.moves && rises[set].delta > (peak === null ? 0 : rises[peak].delta)) peak = set;
  });
  return peak;
}

/** One concept's Δ⁺ in a set over that in its largest. Only a set that does not move the concept can exceed 1. */
interface Ratio {
  value: number;
  rise: Rise;
  peak: Rise;
  isPeak: boolean;
}

const ratioOf = (rise: Rise, peak: Rise, isPeak: boolean): Ratio => ({
  value: rise.delta / peak.delta,
  ...{ rise, peak, isPeak },
});

interface Resampling {
  confidence: number;
  resamples: Resamples;
}

/**
 * Interval of a sum of ratios, each at most 1. Those below 1 are resampled together. The rest is bounded one by one, and
 * the bounds are added, which is conservative: the largest set's is 1 by definition; one with few rises has the limits of a
 * rare event, over the largest Δ⁺ as it is; one that is cut at 1 may well be below it.
 */
function intervalOfSum(ratios: readonly Ratio[], samples: number, how: Resampling): Interval {
  const isRare = ({ rise }: Ratio): boolean => rise.risers < fewestRisers;
  const together = ratios.filter((ratio) => !ratio.isPeak && !isRare(ratio) && ratio.value < 1);
  const bounds = ratios
    .filter((ratio) => !together.includes(ratio))
    .map((ratio) => {
      if (ratio.isPeak) return { low: 1, high: 1 };
      return cut(isRare(ratio) ? rareRatio(ratio, samples, how) : resampled([ratio], samples, how));
    });
  return [...bounds, resampled(together, samples, how)].reduce((sum, { low, high }) => ({
    low: sum.low + low,
    high: sum.high + high,
  }));
}

/** Bootstrapped interval of a sum of ratios, by each sample's influence on it: d(a / b) = da / b − a db / b². */
function resampled(
  ratios: readonly Ratio[],
  samples: number,
  { confidence, resamples }: Resampling,
): Interval {
  if (ratios.length === 0) return { low: 0, high: 0 };
  const pairs = new Float64Array(2 * samples);
  for (const { value, rise, peak } of ratios) {
    for (let i = 0; i < samples; i++) {
      pairs[2 * i] += (rise.influence[i] - value * peak.influence[i]) / peak.delta;
    }
  }
  const centre = { value: 0, error: meanOf(pairs, samples, 0).error };
  const [t] = studentised(pairs, samples, [centre, { value: 0, error: 0 }], resamples);
  const sum = { value: ratios.reduce((all, { value }) => all + value, 0), error: centre.error };
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = 0; i < samples; i++) {
    lowest = Math.min(lowest, sum.value + pairs[2 * i]);
    highest = Math.max(highest, sum.value + pairs[2 * i]);
  }
  const interval = studentisedInterval(sum, t, confidence);
  return holdInterval(interval, sum, samples, lowest, highest, confidence);
}

function rareRatio({ rise, peak }: Ratio, samples: number, { confidence }: Resampling): Interval {
  const { delta: value, influence, scored, largest } = rise;
  const error = Math.sqrt(influence.reduce((sum, x) => sum + x * x, 0)) / samples;
  const { low, high } = rareInterval({ value, error }, scored, largest, confidence);
  return { low: low / peak.delta, high: high / peak.delta };
}

const cut = ({ low, high }: Interval): Interval => ({
  low: Math.min(Math.max(low, 0), 1),
  high: Math.min(Math.max(high, 0), 1),
});
