/**
 * The rows of the heatmap (Fig. 10), from a result. Normalised, a concept's cells are shares of its largest moving cell; what
 * does not move keeps the study's common scale, so that noise is never normalised up to look like an effect.
 */
import { levels } from '../../protocol/concept';
import { inRankedUnit, ranksRaw } from '../../protocol/ranked-unit';
import type { ConceptResult, Effect, LevelSummary, StudyResult } from '../../protocol/results';
import type { Hatch, HeatCell, HeatRow } from '../ui/heat-rows';
import { peakOf } from '../ui/sparkline';
import { findingOf, findingText, labelOf, levelTitles, number } from '../ui/wording';

export const orders = ['level', 'peak', 'delta'] as const;
export type Order = (typeof orders)[number];

export type Analysed = ConceptResult & { layers: Effect[] };

export const isAnalysed = (result: ConceptResult): result is Analysed => result.layers !== null;

/** Analysed concepts of a level (`all`: every one), in the order wished. */
export function analysed(study: StudyResult, level: string, order: Order): Analysed[] {
  const chosen = study.concepts.filter(isAnalysed).filter((each) => level === 'all' || each.level === level);
  const raw = ranksRaw(study);
  const delta = (each: Analysed): number => (raw ? each.effect?.deltaRaw : each.effect?.delta) ?? 0;
  const peak = (each: Analysed): number => {
    const at = peakOf(each.layers);
    return at < 0 ? Infinity : at;
  };
  return chosen.sort((a, b) => {
    const first =
      order === 'level'
        ? levels.indexOf(a.level) - levels.indexOf(b.level)
        : order === 'peak'
          ? peak(a) - peak(b) || 0
          : 0;
    return (Number.isNaN(first) ? 0 : first) || delta(b) - delta(a) || (a.concept < b.concept ? -1 : 1);
  });
}

/** What the marks of cells mean, in the key of the panel and of the exported figure. */
export const hatchTexts: Record<Hatch, string> = {
  still: findingText('still'),
  few: `${findingText('few')} to judge`,
};

const hatchOf = (effect: Effect): Hatch | null => {
  const finding = findingOf(effect);
  return finding === 'still' || finding === 'few' ? finding : null;
};

/** What full colour means. */
export const fullText = (normalise: boolean): string =>
  `largest Δ ${normalise ? 'of the concept' : 'of all'}`;

/** The largest Δ of all analysed cells: full colour where the rows are not normalised. */
export function commonLargest(concepts: readonly Analysed[]): number {
  return Math.max(0, ...concepts.flatMap((each) => each.layers.map((effect) => effect.delta))) || 1;
}

/** Colours compare concepts, so they are by standard deviations; the numbers are in the unit of the ranking. */
export function heatRows(study: StudyResult, concepts: readonly Analysed[], normalise: boolean): HeatRow[] {
  const shown = new Map(inRankedUnit(study).concepts.map((each) => [each.concept, each.layers]));
  const common = commonLargest(study.concepts.filter(isAnalysed));
  return concepts.map((each) => {
    const own = Math.max(0, ...each.layers.filter((effect) => effect.moves).map((effect) => effect.delta));
    return {
      key: each.concept,
      label: labelOf(each.concept),
      note: levelTitles[each.level],
      cells: each.layers.map((effect, index) => {
        const told = shown.get(each.concept)?.[index] ?? effect;
        return {
          share: Math.max(
            0,
            Math.min(1, effect.delta / (normalise && effect.moves && own > 0 ? own : common)),
          ),
          hatch: hatchOf(effect),
          isEffect: effect.moves,
          text: number(told.delta),
          title: `${labelOf(each.concept)} on ${study.layerSets[index]?.name}: ${effectText(told)}`,
        };
      }),
    };
  });
}

/** `moves, Δ 0.52 [0.48, 0.57], null 0.10`. */
export function effectText(effect: Effect): string {
  const { delta, deltaInterval, null: floor } = effect;
  const interval = deltaInterval ? ` [${number(deltaInterval.low)}, ${number(deltaInterval.high)}]` : '';
  const nulls = floor === null ? '' : `, random directions reach ${number(floor)}`;
  return `${findingText(findingOf(effect))}, Δ ${number(delta)}${interval}${nulls}`;
}

/**
 * The level summary on top: the mean normalised Δ of each level's analysed concepts, by layer set. A level of which no layer
 * set moves any concept has no share to show: it is striped.
 */
export function summaryRows(summary: readonly LevelSummary[], sets: readonly string[]): HeatRow[] {
  return summary
    .filter((each) => each.concepts > 0 || (each.unmoved ?? 0) > 0)
    .map(({ level, concepts, unmoved = 0, share }) => ({
      key: level,
      label: levelTitles[level],
      note:
        unmoved > 0
          ? `${concepts} of ${concepts + unmoved} move`
          : `${concepts} ${concepts === 1 ? 'concept' : 'concepts'}`,
      cells: share.map(({ value, interval }, index): HeatCell => {
        const place = `${levelTitles[level]} on ${sets[index]}`;
        if (concepts === 0)
          return { share: 0, hatch: 'still', text: '–', title: `${place}: no concept moves` };
        const range = interval ? ` [${number(interval.low)}, ${number(interval.high)}]` : '';
        return {
          share: Math.max(0, value),
          hatch: null,
          text: number(value),
          title: `${place}: mean share ${number(value)}${range}`,
        };
      }),
    }));
}

/** Every number of the heatmap, a row a cell. */
export function heatmapTable(
  study: StudyResult,
  concepts: readonly Analysed[],
): { head: string[]; rows: (string | number | boolean | null)[][] } {
  return {
    head: ['concept', 'level', 'layers', 'delta', 'low', 'high', 'null', 'moves', 'deltaRaw', 'finding'],
    rows: concepts.flatMap((each) =>
      each.layers.map((effect, index) => [
        each.concept,
        each.level,
        study.layerSets[index]?.name ?? String(index),
        effect.delta,
        effect.deltaInterval?.low ?? null,
        effect.deltaInterval?.high ?? null,
        effect.null,
        effect.moves,
        effect.deltaRaw,
        findingText(findingOf(effect)),
      ]),
    ),
  };
}
