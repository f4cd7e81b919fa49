/** Which concepts *move*: the one claim that everything else in the product rests on. */
import type { Effect } from '../../protocol/results';
import { atOnce, type Steps } from '../turns';
import { measuringColumns, type Measured, type MeasureOptions } from './measure';

/**
 * Holm's step-down adjustment (1979): p-values that hold for the whole family, in the order given. Needs no
 * independence, which concepts scored on the same images do not have.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b] || a - b);
  const adjusted = new Array<number>(p.length).fill(1);
  let running = 0;
  order.forEach((i, rank) => {
    running = Math.max(running, Math.min(1, (p.length - rank) * p[i]));
    adjusted[i] = running;
  });
  return adjusted;
}

/**
 * The null of each concept: the largest upper bound of its Δ⁺ over random directions moved with the same step,
 * layers and codes.
 * @param moves R arrays of differences [K, C], raw units, NaN: missing.
 * @param std [C], of each concept's score over the probe.
 * @returns [C], in standard deviations; null where no sample has a score.
 */
export function nullBounds(
  moves: readonly Float32Array[],
  std: ArrayLike<number>,
  options: Omit<MeasureOptions, 'std'>,
): (number | null)[] {
  return atOnce(boundingNulls(moves, std, options));
}

/** `nullBounds` in steps: one a move and concept. */
export function* boundingNulls(
  moves: readonly Float32Array[],
  std: ArrayLike<number>,
  options: Omit<MeasureOptions, 'std'>,
): Steps<(number | null)[]> {
  const measured: Measured[][] = [];
  for (const differences of moves) measured.push(yield* measuringColumns(differences, std, options));
  return Array.from(std, (_, column) => nullBound(measured.map((columns) => columns[column])));
}

/** `nullBounds` of one concept, from what each random direction did to it. */
export function nullBound(moves: readonly Measured[]): number | null {
  const bounds = moves.filter(({ samples }) => samples > 0).map(({ deltaHigh }) => deltaHigh);
  return bounds.length > 0 ? Math.max(0, ...bounds) : null;
}

/**
 * Judges concepts that are read side by side (a ranking; a layer set; a row of the entanglement matrix). A concept
 * moves when its mean difference is above 0 at the family's Holm-adjusted level (a one-sided bound at the study's
 * confidence: α = (1 − confidence) / 2) and the lower bound of its Δ⁺ is above its null. Without a null nothing is
 * said to move. Concepts with too few movers count in the family, and do not move.
 * @param nulls one bound a concept, from `nullBounds`.
 */
export function judge(family: readonly Measured[], nulls: readonly (number | null)[]): Effect[] {
  if (nulls.length !== family.length) {
    throw new RangeError(`${family.length} effects were given ${nulls.length} nulls: give each its own.`);
  }
  const adjusted = holm(family.map(({ p }) => p));
  return family.map(({ p: _, deltaLow, deltaHigh: __, confidence, ...effect }, i) => {
    const bound = nulls[i];
    return {
      ...effect,
      null: bound,
      moves:
        !effect.tooFewMovers &&
        adjusted[i] <= (1 - confidence) / 2 &&
        effect.mean > 0 &&
        bound !== null &&
        deltaLow > bound,
    };
  });
}
