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
   * `apart`: the intervals of Δ do not overlap. Each interval is conditional on its own direction, so this is a cautious
   * reading, not a test. `unknown`: one side has no interval.
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
