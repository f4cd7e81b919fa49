/** What a move drags along (the paper's Fig. 19): moving concept i, measured on every concept j. */
import type { ConceptName } from '../../protocol/concept';
import type { Effect, SideEffect } from '../../protocol/results';
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

/**
 * The side effects in a row, the largest mean change (in standard deviations of each score) first. Raised is what *moves*;
 * lowered is what has the whole interval of its mean below 0 and falls by more than its null. This is the product's only
 * judgement of them: an interval alone would claim what random directions do as well.
 * @param moved the row's own concept, which is no side effect.
 */
export function sideEffects(
  row: readonly Effect[],
  concepts: readonly ConceptName[],
  moved: ConceptName,
): SideEffect[] {
  return row
    .flatMap((effect, i) => {
      const changed = effect.moves || isLowered(effect);
      return changed && concepts[i] !== moved ? [{ concept: concepts[i], mean: effect.mean }] : [];
    })
    .sort((a, b) => Math.abs(b.mean) - Math.abs(a.mean));
}

const isLowered = ({ mean, meanInterval, null: floor }: Effect): boolean =>
  meanInterval !== null && meanInterval.high < 0 && floor !== null && -mean > floor;
