/** In which order concepts are shown: by re-scoring, or by what the paper's ablation sets against it (Fig. 16). */
import type { Level } from '../../protocol/concept';
import type { ConceptResult } from '../../protocol/results';

/**
 * `rescore`: Δ⁺ in standard deviations; `raw`: Δ⁺ in the score's own unit, as the reference ranks; `accuracy`: of
 * the boundary on held-out codes; `positives`: share of probe samples above the head's threshold.
 */
export type RankingKey = 'rescore' | 'raw' | 'accuracy' | 'positives';

const valueOf: Record<RankingKey, (concept: ConceptResult) => number | null> = {
  rescore: (concept) => concept.effect?.delta ?? null,
  raw: (concept) => concept.effect?.deltaRaw ?? null,
  accuracy: (concept) => concept.boundary?.accuracy ?? null,
  positives: (concept) => concept.positiveShare,
};

/** The concepts (of one level where it is given) from the highest value down; ties stay as given, those without one last. */
export function rankingOrder(
  concepts: readonly ConceptResult[],
  by: RankingKey,
  level?: Level,
): ConceptResult[] {
  const value = (concept: ConceptResult): number => {
    const found = valueOf[by](concept);
    return found === null || Number.isNaN(found) ? -Infinity : found;
  };
  return concepts
    .filter((concept) => level === undefined || concept.level === level)
    .sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      // Not x − y: of two concepts without a value that is NaN.
      return x === y ? 0 : y > x ? 1 : -1;
    });
}

/** The concepts, in the order given, each with its rank within its level, from 1; null for one without a value. */
export function withRanks(concepts: readonly ConceptResult[], by: RankingKey = 'rescore'): ConceptResult[] {
  const next = new Map<Level, number>();
  const ranks = new Map<ConceptResult, number>();
  for (const concept of rankingOrder(concepts, by)) {
    if (valueOf[by](concept) === null) continue;
    const rank = (next.get(concept.level) ?? 0) + 1;
    next.set(concept.level, rank);
    ranks.set(concept, rank);
  }
  return concepts.map((concept) => ({ ...concept, rank: ranks.get(concept) ?? null }));
}
