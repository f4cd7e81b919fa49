/** What `--json` says of a study: one object a concept, as the issue tracker and notebooks want it. */
import type { ConceptResult, StudyResult } from '../../protocol/results';

export function rankingRows(
  concepts: readonly ConceptResult[],
  result: StudyResult,
): Record<string, unknown>[] {
  return concepts.map((concept) => ({
    concept: concept.concept,
    level: concept.level,
    rank: concept.rank,
    delta: concept.effect?.delta ?? null,
    deltaRaw: concept.effect?.deltaRaw ?? null,
    low: concept.effect?.deltaInterval?.low ?? null,
    high: concept.effect?.deltaInterval?.high ?? null,
    null: concept.effect?.null ?? null,
    moves: concept.effect?.moves ?? null,
    tooFewMovers: concept.effect?.tooFewMovers ?? null,
    accuracy: concept.boundary?.accuracy ?? null,
    positiveShare: concept.positiveShare,
    missing: concept.missing,
    weakPredictor: concept.weakPredictor,
    noBoundary: concept.noBoundary,
    layers: layerRows(concept, result),
  }));
}

/** Effects by the name of the layer set; null where the concept's layers were not analysed. */
export function layerRows(
  concept: ConceptResult,
  { layerSets }: StudyResult,
): Record<string, unknown> | null {
  const { layers } = concept;
  if (layers === null) return null;
  return Object.fromEntries(
    layerSets.map(({ name }, i) => {
      const { delta, deltaRaw, deltaInterval, moves, null: nothing, tooFewMovers } = layers[i];
      return [
        name,
        {
          delta,
          deltaRaw,
          low: deltaInterval?.low ?? null,
          high: deltaInterval?.high ?? null,
          null: nothing,
          moves,
          tooFewMovers,
        },
      ];
    }),
  );
}
