/** From differences to ranked, judged concepts: the rank and layers stages. Pure; run again for every partial result. */
import type { ConceptResult, Effect, LayerSet, LevelSummary } from '../../protocol/results';
import { judge, levelSummary, measure, nullBounds, withRanks, type Measured } from '../statistics';
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

/** Effects of every concept of a pass that has been moved so far, judged as one family. */
export function judgePass(
  pass: RescorePass,
  stdOf: ReadonlyMap<string, number>,
  settings: RankingSettings,
): Map<string, Effect> {
  const names: string[] = [];
  const family: Measured[] = [];
  const nulls: (number | null)[] = [];
  for (const [concept, differences] of pass.own) {
    if (differences.filled === 0) continue;
    const options = { std: stdOf.get(concept) ?? 0, confidence: settings.confidence, seed: settings.seed };
    names.push(concept);
    family.push(measure(differences.soFar, options));
    nulls.push(nullOf(pass.nulls.get(concept) ?? [], options));
  }
  const effects = judge(family, nulls);
  return new Map(names.map((name, i) => [name, effects[i]]));
}

function nullOf(
  moves: readonly Differences[],
  { std, ...options }: { std: number; confidence: number; seed: number },
): number | null {
  const filled = moves.filter((move) => move.filled > 0).map((move) => move.soFar);
  return filled.length > 0 ? nullBounds(filled, [std], options)[0] : null;
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

/** Adds the layer analysis: one effect per layer set to every covered concept, and the level summary. */
export function addLayers(
  results: readonly ConceptResult[],
  layerSets: readonly LayerSet[],
  passes: readonly RescorePass[],
  stdOf: ReadonlyMap<string, number>,
  settings: RankingSettings,
): { concepts: ConceptResult[]; levels: LevelSummary[] } {
  const bySet = passes.map((pass) => judgePass(pass, stdOf, settings));
  const concepts = results.map((result) => {
    const effects = bySet.map((set) => set.get(result.concept));
    return effects.length === layerSets.length && effects.every((effect) => effect !== undefined)
      ? { ...result, layers: effects }
      : result;
  });
  const covered = concepts.filter((result) => result.layers !== null);
  return {
    concepts,
    levels: levelSummary(
      covered.map((result) => ({
        level: result.level,
        effects: result.layers as Effect[],
        differences: passes.map((pass) => (pass.own.get(result.concept) as Differences).soFar),
      })),
      { layerSets: layerSets.length, confidence: settings.confidence, seed: settings.seed },
    ),
  };
}
