/** The ranking as a table: concepts by what moving them does, with intervals and the null. */
import { rankingOrder } from '../../engine/statistics';
import { levels, type Level } from '../../protocol/concept';
import { inRankedUnit, rankedUnit, ranksRaw } from '../../protocol/ranked-unit';
import type { ConceptResult, StudyResult } from '../../protocol/results';
import { table } from './table';
import { count, decimal, percent, styled, wrapped, type Look } from './text';

export type RankBy = 'rescore' | 'accuracy' | 'positives';

export interface RankingOptions {
  by: RankBy;
  level?: Level;
}

/** Concepts of one level, best first by the measure chosen; ties as the result has them, those without it last. */
export const rankedConcepts = (result: StudyResult, level: Level, by: RankBy): ConceptResult[] =>
  rankingOrder(result.concepts, by === 'rescore' && ranksRaw(result) ? 'raw' : by, level);

/** The ranking of every level, or of one, with what the columns mean. */
export function rankingText(study: StudyResult, options: RankingOptions, look: Look): string {
  const result = inRankedUnit(study);
  const parts = [heading(result, look)];
  const footnotes: string[] = [];
  for (const level of levels) {
    if (options.level !== undefined && options.level !== level) continue;
    const concepts = rankedConcepts(result, level, options.by);
    if (concepts.length > 0) parts.push(levelTable(level, concepts, footnotes, look));
  }
  if (footnotes.length > 0) parts.push(footnotes.map((note) => wrapped(note, look.width, '    ')).join('\n'));
  return parts.join('\n\n');
}

function heading(result: StudyResult, look: Look): string {
  const unit = result.unit === 'sigma' ? 'σ' : 'code units';
  const size = result.stages.includes('rescore')
    ? `, ${count(result.rescored)} moved by ${decimal(result.step, 1)} ${unit}`
    : '';
  const state =
    result.partial === null
      ? ''
      : styled(
          look,
          'yellow',
          `\nThis study is not finished: stages done are ${result.stages.join(', ') || 'none'}.`,
        );
  const explained = wrapped(
    `Δ: mean rise of the score when codes are moved, in ${rankedUnit(result)}, with its ` +
      `${percent(result.confidence).replace(' ', '')} interval. Null: the most that a random direction reaches. ` +
      `A concept moves when it certainly beats that.`,
    look.width,
  );
  return (
    styled(look, 'bold', `Ranking of ${result.generator}`) +
    `: space ${result.space}, ${count(result.probed)} codes probed${size}, seed ${result.seed}${state}\n` +
    styled(look, 'dim', explained)
  );
}

function levelTable(
  level: Level,
  concepts: readonly ConceptResult[],
  footnotes: string[],
  look: Look,
): string {
  const rows = concepts.map(
    ({ concept, rank, effect, boundary, positiveShare, noBoundary, weakPredictor }) => {
      let name = concept.slice(level.length + 1);
      if (weakPredictor !== null) {
        name += ' *';
        footnotes.push(`* ${concept}: ${weakPredictor}`);
      }
      if (noBoundary !== null) footnotes.push(`– ${concept}: ${noBoundary}`);
      const { low, high } = effect?.deltaInterval ?? { low: null, high: null };
      const interval = effect?.tooFewMovers
        ? 'too few movers'
        : low === null
          ? '–'
          : `${decimal(low)} … ${decimal(high)}`;
      return [
        rank === null ? '–' : String(rank),
        name,
        decimal(effect?.delta ?? null),
        interval,
        decimal(effect?.null ?? null),
        effect === null ? '–' : effect.moves ? styled(look, 'green', 'moves') : styled(look, 'dim', 'no'),
        percent(boundary?.accuracy ?? null),
        percent(positiveShare),
      ];
    },
  );
  const columns = [
    { title: '#', align: 'right' as const },
    { title: level, shrinkTo: 14 },
    { title: 'Δ', align: 'right' as const },
    { title: 'interval', align: 'right' as const },
    { title: 'null', align: 'right' as const },
    { title: 'moves' },
    { title: 'accuracy', align: 'right' as const },
    { title: 'positives', align: 'right' as const },
  ];
  return table(columns, rows, look);
}
