/**
 * From differences to ranked, judged concepts: the rank and layers stages, run again for every partial result. In steps,
 * since each measure takes 2,000 resamples and a study asks for thousands of them.
 */
import type { ConceptResult, Effect, LayerSet, LevelSummary } from '../../protocol/results';
import { judge, measure, nullsOf, summarisingLevels, withRanks, type Measured } from '../statistics';
import type { Steps } from '../turns';
import type { FittedBoundary } from './boundaries';
import type { ConceptReader } from './concepts';
import type { Differences } from './effects';
import type { RescorePass } from './rescore';
import type { ProbeSummary } from './selection';

export interface RankingSettings {
  confidence: number;
  seed: number;
  /** Rank by Δ in score units, as the reference does, instead of standard deviations. */
  raw: boolean;
}

/** Measures of differences, each kept until samples are added to it: most are asked for again by the next result. */
export class Measures {
  private readonly known = new WeakMap<Differences, { filled: number; measured: Measured }>();

  constructor(private readonly settings: RankingSettings) {}

  /** @param std standard deviation of the concept's score over the probe: the same whenever it is asked for */
  of(differences: Differences, std: number): Measured {
    const { filled } = differences;
    const known = this.known.get(differences);
    if (known?.filled === filled) return known.measured;
    const { confidence, seed } = this.settings;
    const measured = measure(differences.soFar, { std, confidence, seed });
    this.known.set(differences, { filled, measured });
    return measured;
  }
}

/** Effects of every concept of a pass that has been moved so far, judged as one family. One step a measure. */
export function* judgingPass(
  pass: Pick<RescorePass, 'own' | 'nulls'>,
  stdOf: ReadonlyMap<string, number>,
  measures: Measures,
): Steps<Map<string, Effect>> {
  const names: string[] = [];
  const family: Measured[] = [];
  const randoms: Measured[][] = [];
  for (const [concept, differences] of pass.own) {
    if (differences.filled === 0) continue;
    const std = stdOf.get(concept) ?? 0;
    names.push(concept);
    family.push(measures.of(differences, std));
    yield;
    const random: Measured[] = [];
    for (const move of pass.nulls.get(concept) ?? []) {
      if (move.filled === 0) continue;
      random.push(measures.of(move, std));
      yield;
    }
    randoms.push(random);
  }
  const effects = judge(family, nullsOf(randoms));
  return new Map(names.map((name, i) => [name, effects[i]]));
}

/** What is known of each concept, ranked within its level. */
export function rankConcepts(
  readers: readonly ConceptReader[],
  summaries: readonly ProbeSummary[],
  boundaries: ReadonlyMap<string, FittedBoundary>,
  effects: ReadonlyMap<string, Effect>,
  weak: ReadonlyMap<string, string>,
  settings: RankingSettings,
): ConceptResult[] {
  const results = readers.map((reader, i): ConceptResult => {
    const summary = summaries[i];
    const boundary = boundaries.get(reader.concept);
    return {
      concept: reader.concept,
      level: reader.level,
      rank: null,
      noBoundary: boundary?.reason ?? null,
      boundary: boundary?.summary ?? null,
      effect: effects.get(reader.concept) ?? null,
      positiveShare: summary.positiveShare,
      missing: summary.probed > 0 ? 1 - summary.scored / summary.probed : 0,
      probeMean: summary.mean,
      probeStd: summary.std,
      probeStdError: summary.stdError,
      weakPredictor: weak.get(reader.concept) ?? null,
      layers: null,
    };
  });
  return withRanks(results, settings.raw ? 'raw' : 'rescore');
}

/** Each level's best-ranked concepts: those that the layer analysis covers. */
export function topConcepts(results: readonly ConceptResult[], top: number | 'all'): string[] {
  return results
    .filter((result) => result.rank !== null && (top === 'all' || result.rank <= top))
    .map((result) => result.concept);
}

/** Adds the layer analysis: one effect per layer set to every covered concept, and the level summary. In steps. */
export function* addingLayers(
  results: readonly ConceptResult[],
  layerSets: readonly LayerSet[],
  passes: readonly RescorePass[],
  stdOf: ReadonlyMap<string, number>,
  measures: Measures,
  settings: RankingSettings,
): Steps<{ concepts: ConceptResult[]; levels: LevelSummary[] }> {
  const bySet: Map<string, Effect>[] = [];
  for (const pass of passes) bySet.push(yield* judgingPass(pass, stdOf, measures));
  const concepts = results.map((result) => {
    const effects = bySet.map((set) => set.get(result.concept));
    return effects.length === layerSets.length && effects.every((effect) => effect !== undefined)
      ? { ...result, layers: effects }
      : result;
  });
  const covered = concepts.filter((result) => result.layers !== null);
  return {
    concepts,
    levels: yield* summarisingLevels(
      covered.map((result) => ({
        level: result.level,
        effects: result.layers as Effect[],
        differences: passes.map((pass) => (pass.own.get(result.concept) as Differences).soFar),
      })),
      { layerSets: layerSets.length, confidence: settings.confidence, seed: settings.seed },
    ),
  };
}
