/** What a move drags along (the paper's Fig. 19): moving concept i, measured on every concept j. */
import type { ConceptName } from '../../protocol/concept';
import type { Effect, SideEffect } from '../../protocol/results';
import type { Steps } from '../turns';
import { boundingNulls, judge } from './judge';
import { measuringColumns, type MeasureOptions } from './measure';

/**
 * `Entanglement.effects`: what each move did to every concept, [moves][C]. Holm runs over a row, since a row is what is
 * read and claimed at a time ("moving i also moves …"); over the whole matrix the chance of any false claim is the
 * rows' sum. One step a move and concept.
 * @param moves differences [K, C] of each, raw units, NaN: missing.
 * @param random the same of random directions, with the same step, layers and codes.
 * @param std [C], of each concept's score over the probe.
 */
export function* measuringEntanglement(
  moves: readonly Float32Array[],
  random: readonly Float32Array[],
  std: ArrayLike<number>,
  options: Omit<MeasureOptions, 'std'>,
): Steps<Effect[][]> {
  const nulls = yield* boundingNulls(random, std, options);
  const rows: Effect[][] = [];
  for (const differences of moves)
    rows.push(judge(yield* measuringColumns(differences, std, options), nulls));
  return rows;
}

/**
 * The side effects in a row, the largest mean change (in standard deviations of each score) first. Raised is what *moves*;
 * lowered is what has the whole interval of its mean below 0 and falls for certain by more than along any random
 * direction. This is the product's only judgement of them: an interval alone would claim what random directions do as well.
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

const isLowered = ({ meanInterval, downLow = 0, nullDown = null }: Effect): boolean =>
  meanInterval !== null && meanInterval.high < 0 && nullDown !== null && downLow > nullDown;
