/** Two results side by side, concept by concept. */
import { levels, type Level } from '../../protocol/concept';
import type { ConceptResult, StudyResult } from '../../protocol/results';
import { labelOf } from '../ui/wording';

export interface CompareRow {
  key: string;
  label: string;
  level: Level;
  left: ConceptResult | null;
  right: ConceptResult | null;
  /** Δ right − Δ left in standard deviations; null where one side has none. */
  difference: number | null;
  /**
   * `apart`: the intervals of Δ do not overlap. Each interval is of its own result and conditional on its own direction, so
   * this is a cautious reading, not a paired test. `unknown`: one side has no interval.
   */
  verdict: 'apart' | 'overlapping' | 'unknown';
  /** One side moves and the other does not. */
  changed: boolean;
}

export function compareRows(left: StudyResult, right: StudyResult): CompareRow[] {
  const others = new Map(right.concepts.map((each) => [each.concept, each]));
  const names = new Map([...left.concepts, ...right.concepts].map((each) => [each.concept, each.level]));
  const mine = new Map(left.concepts.map((each) => [each.concept, each]));
  return [...names]
    .map(([concept, level]) =>
      compareConcept(concept, level, mine.get(concept) ?? null, others.get(concept) ?? null),
    )
    .sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || (a.key < b.key ? -1 : 1));
}

function compareConcept(
  concept: string,
  level: Level,
  left: ConceptResult | null,
  right: ConceptResult | null,
): CompareRow {
  const a = left?.effect ?? null;
  const b = right?.effect ?? null;
  const intervals = a?.deltaInterval && b?.deltaInterval ? [a.deltaInterval, b.deltaInterval] : null;
  const apart = intervals && (intervals[0].high < intervals[1].low || intervals[1].high < intervals[0].low);
  return {
    ...{ key: concept, label: labelOf(concept), level, left, right },
    difference: a && b ? b.delta - a.delta : null,
    verdict: intervals ? (apart ? 'apart' : 'overlapping') : 'unknown',
    changed: a !== null && b !== null && a.moves !== b.moves,
  };
}

/** Whether both results drew the same samples, so that differences sample by sample would say more than the intervals. */
export const drewTheSame = (left: StudyResult, right: StudyResult): boolean =>
  left.generator === right.generator &&
  left.space === right.space &&
  left.seed === right.seed &&
  left.rescored === right.rescored;

/** What the intervals side by side do not say: results carry no differences by sample, so nothing here is paired. */
export function unpairedNote(left: StudyResult, right: StudyResult): string {
  const each = 'The intervals are unpaired: each is of its own result.';
  return drewTheSame(left, right)
    ? `${each} Both drew the same ${left.rescored.toLocaleString('en')} samples, so intervals that overlap may still hide a real difference.`
    : `${each} The two drew different samples, so a small difference may be chance, even where a finding changes.`;
}
