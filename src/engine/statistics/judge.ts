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

/** The largest upper bounds of each concept's Δ⁺ (up) and Δ⁻ (down) over random directions; null where no sample has a score. */
export interface Nulls {
  up: (number | null)[];
  down: (number | null)[];
}

/**
 * The nulls of each concept: the largest upper bounds of its Δ⁺ and Δ⁻ over random directions moved with the same step,
 * layers and codes.
 * @param moves R arrays of differences [K, C], raw units, NaN: missing.
 * @param std [C], of each concept's score over the probe.
 * @returns [C] each, in standard deviations.
 */
export function nullBounds(
  moves: readonly Float32Array[],
  std: ArrayLike<number>,
  options: Omit<MeasureOptions, 'std'>,
): Nulls {
  return atOnce(boundingNulls(moves, std, options));
}

/** `nullBounds` in steps: one a move and concept. */
export function* boundingNulls(
  moves: readonly Float32Array[],
  std: ArrayLike<number>,
  options: Omit<MeasureOptions, 'std'>,
): Steps<Nulls> {
  const measured: Measured[][] = [];
  for (const differences of moves) measured.push(yield* measuringColumns(differences, std, options));
  return nullsOf(Array.from(std, (_, column) => measured.map((columns) => columns[column])));
}

/** `nullBounds` from what each random direction did to each concept, [C][R]. */
export function nullsOf(concepts: readonly (readonly Measured[])[]): Nulls {
  const largest = (of: 'deltaHigh' | 'downHigh') =>
    concepts.map((moves) => {
      const bounds = moves.filter(({ samples }) => samples > 0).map((move) => move[of]);
      return bounds.length > 0 ? Math.max(0, ...bounds) : null;
    });
  return { up: largest('deltaHigh'), down: largest('downHigh') };
}

/**
 * Judges concepts that are read side by side (a ranking; a layer set; a row of the entanglement matrix). A concept
 * moves when its mean difference is above 0 at the family's Holm-adjusted level (a one-sided bound at the study's
 * confidence: α = (1 − confidence) / 2) and the lower bound of its Δ⁺ is above its null. Without a null nothing is
 * said to move. Concepts with too few movers count in the family, and do not move.
 * @param nulls a bound of rises, and one of falls, for each concept; from `nullBounds`.
 */
export function judge(family: readonly Measured[], { up, down }: Nulls): Effect[] {
  if (up.length !== family.length || down.length !== family.length) {
    throw new RangeError(`${family.length} effects were given ${up.length} nulls: give each its own.`);
  }
  const adjusted = holm(family.map(({ p }) => p));
  return family.map(({ p: _, deltaLow, deltaHigh: __, downHigh: ___, confidence, ...effect }, i) => {
    const bound = up[i];
    return {
      ...effect,
      null: bound,
      nullDown: down[i],
      moves:
        !effect.tooFewMovers &&
        adjusted[i] <= (1 - confidence) / 2 &&
        effect.mean > 0 &&
        bound !== null &&
        deltaLow > bound,
    };
  });
}
