/** The ranking as text: every number at full precision, one row a concept, in the order shown. */
import type { RankingRow } from './rows';

const head = [
  'rank',
  'concept',
  'level',
  'delta',
  'low',
  'high',
  'null',
  'finding',
  'deltaRaw',
  'accuracy',
  'positives',
  'rankByRescoring',
  'verdict',
  'note',
];

export function rankingTable(rows: readonly RankingRow[]): {
  head: string[];
  rows: (string | number | null)[][];
} {
  return {
    head,
    rows: rows.map(({ result, place, rescorePlace, findingText, review }) => [
      place,
      result.concept,
      result.level,
      result.effect?.delta ?? null,
      result.effect?.deltaInterval?.low ?? null,
      result.effect?.deltaInterval?.high ?? null,
      result.effect?.null ?? null,
      findingText,
      result.effect?.deltaRaw ?? null,
      result.boundary?.accuracy ?? null,
      result.positiveShare,
      rescorePlace,
      review?.verdict ?? null,
      review?.note ?? null,
    ]),
  };
}
