/** The comparison as text: every number at full precision in its study's own unit, one row a concept, in the order shown. */
import { shortUnit } from '../../protocol/ranked-unit';
import type { StudyResult } from '../../protocol/results';
import { findingOf, type CompareRow } from './rows';

export function comparisonTable(
  left: StudyResult,
  right: StudyResult,
  rows: readonly CompareRow[],
): { head: string[]; rows: (string | number | null)[][] } {
  const [a, b] = [shortUnit(left), shortUnit(right)];
  // Of two units there is no difference, and so no unit of it.
  const both = ['difference', 'low', 'high'].map((name) => (a === b ? `${name} (${a})` : name));
  return {
    head: ['concept', `left (${a})`, `right (${b})`, ...both, 'findingLeft', 'findingRight', 'reading'],
    rows: rows.map(({ key, paired, left: first, right: second, difference, verdict }) => [
      ...[key, first?.effect?.delta ?? null, second?.effect?.delta ?? null, difference],
      ...[paired?.deltaInterval?.low ?? null, paired?.deltaInterval?.high ?? null],
      ...[findingOf(first), findingOf(second), verdict],
    ]),
  };
}
