/** The ranking as text: every number at full precision, one row a concept, in the order shown. */
import { sideEffectsText } from './columns';
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
  'sideEffects',
  'verdict',
  'note',
];

export function rankingTable(rows: readonly RankingRow[]): {
  head: string[];
  rows: (string | number | null)[][];
} {
  return {
    head,
    rows: rows.map((row) => {
      const { stored: result, place, rescorePlace, findingText, review } = row;
      return [
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
        sideEffectsText(row),
        review?.verdict ?? null,
        review?.note ?? null,
      ];
    }),
  };
}
