/** The ranking as a table for programs. */
import { inRankedUnit, shortUnit } from '../../protocol/ranked-unit';
import type { StudyResult } from '../../protocol/results';

/**
 * RFC 4180, one row a concept in ranking order, Δ of each layer set in a column of its own. Effects are in the unit that the
 * study ranks by, which their heads name.
 */
export function rankingCsv(study: StudyResult): string {
  const result = inRankedUnit(study);
  const sets = result.layerSets.map(({ name }) => name);
  const inUnit = (name: string): string => `${name} (${shortUnit(result)})`;
  const effects = ['delta', 'low', 'high', 'null'].map(inUnit);
  const head = ['rank', 'concept', 'level', ...effects, 'moves', 'accuracy', 'positives'];
  const rows = [...result.concepts]
    .sort((a, b) => (b.effect?.delta ?? -1) - (a.effect?.delta ?? -1))
    .map(({ rank, concept, level, effect, boundary, positiveShare, layers }) => [
      ...[rank, concept, level, effect?.delta, effect?.deltaInterval?.low, effect?.deltaInterval?.high],
      ...[effect?.null, effect?.moves, boundary?.accuracy, positiveShare],
      ...sets.map((_, index) => layers?.[index]?.delta),
    ]);
  const cell = (value: string | number | boolean | null | undefined): string => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [[...head, ...sets.map((name) => inUnit(`delta ${name}`))], ...rows]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('');
}
