/**
 * The rows of the ranking, from a result. Ranking by re-scoring is the paper's; by accuracy or by positives is its ablation
 * (section 5.1, Fig. 16), where the places that a concept gains or loses against re-scoring are what one wants to see.
 */
import { inRankedUnit } from '../../protocol/ranked-unit';
import type { ConceptResult, SideEffect, StudyResult } from '../../protocol/results';
import type { ReviewEntry, Snapshot } from '../../protocol/panels';
import { conceptFinding, labelOf, type Finding } from '../ui/wording';

export const criteria = ['rescore', 'accuracy', 'positives'] as const;
export type Criterion = (typeof criteria)[number];

/** The sign of a finding. */
export const marks: Record<Finding, string> = { moves: '●', still: '○', few: '◌', none: '∅', pending: '…' };

export interface RankingRow {
  key: string;
  label: string;
  /** Its effects are in the unit that the study ranks by. */
  result: ConceptResult;
  /** As it is stored: effects in standard deviations. */
  stored: ConceptResult;
  finding: Finding;
  findingText: string;
  /** From 1 by the chosen criterion, over the concepts in scope; null where it has no value. */
  place: number | null;
  /** From 1 by re-scoring. */
  rescorePlace: number | null;
  /** Places higher (above 0) or lower than by re-scoring. */
  movement: number | null;
  /** What else the move changes beyond chance, strongest first; null while that is not known. */
  sideEffects: readonly SideEffect[] | null;
  review: ReviewEntry | null;
}

/** What a concept is ranked by; null where it has no such value. */
export function valueOf(result: ConceptResult, by: Criterion): number | null {
  switch (by) {
    case 'rescore':
      return result.effect?.delta ?? null;
    case 'accuracy':
      return result.boundary?.accuracy ?? null;
    case 'positives':
      return result.positiveShare;
  }
}

/** Places from 1, highest value first; equal values as the result has them: in the order of the predictors' labels. */
export function places(concepts: readonly ConceptResult[], by: Criterion): Map<string, number> {
  const valued = concepts.flatMap((result) => {
    const value = valueOf(result, by);
    return value === null ? [] : [{ concept: result.concept, value }];
  });
  valued.sort((a, b) => b.value - a.value);
  return new Map(valued.map(({ concept }, index) => [concept, index + 1]));
}

/** @param level only this level's concepts are ranked; `all` ranks them together. */
export function rankingRows(
  study: StudyResult,
  { review, sideEffects }: Pick<Snapshot, 'review' | 'sideEffects'>,
  by: Criterion,
  level: string,
): RankingRow[] {
  const stored = new Map(study.concepts.map((each) => [each.concept, each]));
  const { concepts } = inRankedUnit(study);
  const inScope = level === 'all' ? concepts : concepts.filter((each) => each.level === level);
  const here = places(inScope, by);
  const rescored = by === 'rescore' ? here : places(inScope, 'rescore');
  return inScope.map((result) => {
    const place = here.get(result.concept) ?? null;
    const rescorePlace = rescored.get(result.concept) ?? null;
    const { finding, short } = conceptFinding(result);
    return {
      key: result.concept,
      label: labelOf(result.concept),
      result,
      stored: stored.get(result.concept) ?? result,
      finding,
      findingText: short,
      place,
      rescorePlace,
      movement: place === null || rescorePlace === null ? null : rescorePlace - place,
      sideEffects: sideEffects[result.concept] ?? null,
      review: review[result.concept] ?? null,
    };
  });
}
