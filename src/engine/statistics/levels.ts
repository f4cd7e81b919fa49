/** Level × layer set: at which layers a level of abstraction is decided (the paper's Fig. 10, with intervals). */
import { levels, type Level } from '../../protocol/concept';
import { fewestMovers } from '../../protocol/finding';
import type { Effect, LevelSummary } from '../../protocol/results';
import { atOnce, type Steps } from '../turns';
import { defaultResamples, meanOf, resamplesOf, studentised, studentisedInterval } from './bootstrap';

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
 * bootstrapped, studentised. None where fewer than 20 samples are shared.
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
  const values = new Float64Array(layerSets);
  const influences = Array.from({ length: layerSets }, () => new Float64Array(samples));
  let included = 0;
  for (const concept of analysed) {
    const rises = concept.differences.map((d) => riseOf(d, samples));
    const peak = largestMoving(concept.effects, rises);
    if (peak === null) continue;
    included++;
    for (let set = 0; set < layerSets; set++) {
      addShare(values, influences[set], set, rises[set], rises[peak], set === peak);
    }
  }
  const summary = { level, concepts: included, unmoved: analysed.length - included };
  if (included === 0) {
    return { ...summary, share: Array.from({ length: layerSets }, () => ({ value: 0, interval: null })) };
  }
  const share: LevelSummary['share'] = [];
  for (const [set, influence] of influences.entries()) {
    const value = values[set] / included;
    if (samples < fewestMovers) {
      share.push({ value, interval: null });
      continue;
    }
    const pairs = new Float64Array(2 * samples);
    influence.forEach((x, i) => (pairs[2 * i] = x / included));
    const { error } = meanOf(pairs, samples, 0);
    const mean = { value, error };
    const centre = { value: 0, error };
    const [t] = studentised(pairs, samples, [centre, { value: 0, error: 0 }], resamplesOf(seed, resamples));
    const { low, high } = studentisedInterval(mean, t, confidence);
    share.push({ value, interval: { low: Math.max(low, 0), high: Math.min(high, 1) } });
    yield;
  }
  return { ...summary, share };
}

/** Δ⁺ of one concept and set over the shared samples, and each sample's influence on it. */
interface Rise {
  delta: number;
  /** [samples]: what sample i adds to the mean over its share of samples; 0 where the score is missing. */
  influence: Float64Array;
}

function riseOf(differences: Float32Array, samples: number): Rise {
  let sum = 0;
  let scored = 0;
  for (let i = 0; i < samples; i++) {
    const d = differences[i];
    if (Number.isNaN(d)) continue;
    scored++;
    if (d > 0) sum += d;
  }
  const delta = scored > 0 ? sum / scored : 0;
  const influence = new Float64Array(samples);
  for (let i = 0; i < samples; i++) {
    const d = differences[i];
    if (!Number.isNaN(d)) influence[i] = (Math.max(d, 0) - delta) * (samples / scored);
  }
  return { delta, influence };
}

function largestMoving(effects: readonly Effect[], rises: readonly Rise[]): number | null {
  let peak: number | null = null;
  effects.forEach((effect, set) => {
    if (effect.moves && rises[set].delta > (peak === null ? 0 : rises[peak].delta)) peak = set;
  });
  return peak;
}

/** Adds a concept's ratio to the level's sum, and its influence: d(a / b) = da / b − a db / b². */
function addShare(
  values: Float64Array,
  influence: Float64Array,
  set: number,
  rise: Rise,
  peak: Rise,
  isPeak: boolean,
): void {
  const ratio = rise.delta / peak.delta;
  values[set] += Math.min(ratio, 1);
  // At its largest set, and where it is capped, the ratio is 1 whatever is resampled.
  if (isPeak || ratio >= 1) return;
  for (let i = 0; i < influence.length; i++) {
    influence[i] += (rise.influence[i] - ratio * peak.influence[i]) / peak.delta;
  }
}
