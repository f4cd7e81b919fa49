/** What a move drags along (the paper's Fig. 19): moving concept i, measured on every concept j. */
import type { ConceptName } from '../../protocol/concept';
import type { Effect } from '../../protocol/results';
import { judge } from './judge';
import { measureColumns, type MeasureOptions } from './measure';

/**
 * One row of `Entanglement.effects`: what one move did to every concept. Holm runs over the row, since a row is what
 * is read and claimed at a time ("moving i also moves …"); over the whole matrix the chance of any false claim is
 * the rows' sum.
 * @param differences [K, C] of the move, raw units, NaN: missing.
 * @param std [C], of each concept's score over the probe.
 * @param nulls [C], from `nullBounds` for the same step, layers and codes.
 */
export function entanglementRow(
  differences: Float32Array,
  std: ArrayLike<number>,
  nulls: readonly (number | null)[],
  options: Omit<MeasureOptions, 'std'>,
): Effect[] {
  return judge(measureColumns(differences, std, options), nulls);
}

/** A concept that a move on another one changes. */
export interface SideEffect {
  concept: ConceptName;
  /** Raised: it *moves*. Lowered: its mean's interval lies below 0 and its mean fall exceeds the null. */
  direction: 'raises' | 'lowers';
  effect: Effect;
}

/**
 * The side effects in a row, the largest mean change (in standard deviations of each score) first, at most `top`.
 * @param moved the row's own concept, which is no side effect.
 */
export function sideEffects(
  row: readonly Effect[],
  concepts: readonly ConceptName[],
  moved: ConceptName,
  top = Infinity,
): SideEffect[] {
  return row
    .flatMap((effect, i): SideEffect[] => {
      if (concepts[i] === moved) return [];
      if (effect.moves) return [{ concept: concepts[i], direction: 'raises', effect }];
      const lowered =
        effect.meanInterval !== null &&
        effect.meanInterval.high < 0 &&
        effect.null !== null &&
        -effect.mean > effect.null;
      return lowered ? [{ concept: concepts[i], direction: 'lowers', effect }] : [];
    })
    .sort((a, b) => Math.abs(b.effect.mean) - Math.abs(a.effect.mean))
    .slice(0, top);
}
