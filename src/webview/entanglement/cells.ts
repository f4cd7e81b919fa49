/** Concept × concept: what moving the row changes in the column (section 5.3, Fig. 19). */
import type { Effect, Entanglement } from '../../protocol/results';
import type { HeatRow } from '../ui/heat-rows';
import { labelOf, number, signed } from '../ui/wording';

/** A side effect counts where the interval of the mean change keeps clear of 0, upwards or downwards. */
export function changes(effect: Effect): boolean {
  const { meanInterval, tooFewMovers } = effect;
  return !tooFewMovers && meanInterval !== null && (meanInterval.low > 0 || meanInterval.high < 0);
}

/** The largest change of all, either way: full colour. */
export const largestChange = ({ effects }: Entanglement): number =>
  Math.max(...effects.flat().map((effect) => Math.abs(effect.mean)), Number.MIN_VALUE);

export function entanglementRows(entanglement: Entanglement): HeatRow[] {
  const { rows, concepts, effects } = entanglement;
  const largest = largestChange(entanglement);
  return rows.map((moved, i) => ({
    key: moved,
    label: labelOf(moved),
    cells: effects[i].map((effect, j) => {
      // A concept's own cell keeps to the product's claim; the others are side effects, of either sign.
      const isEffect = moved === concepts[j] ? effect.moves : changes(effect);
      return {
        share: effect.mean / largest,
        hatch: isEffect ? null : isUnjudged(moved === concepts[j], effect) ? 'few' : 'still',
        isEffect,
        text: number(effect.mean, 1),
        title: cellText(moved, concepts[j], effect),
      };
    }),
  }));
}

export function cellText(moved: string, scored: string, effect: Effect): string {
  const { mean, meanInterval } = effect;
  const interval = meanInterval ? ` [${number(meanInterval.low)}, ${number(meanInterval.high)}]` : '';
  const what = moved === scored ? onItself(effect) : onAnother(effect, labelOf(scored));
  return `Moving ${labelOf(moved)} ${what}: ${signed(mean)}${interval} σ`;
}

/** Too few samples changed to tell; where no sample of another concept changed at all, nothing is left to judge. */
const isUnjudged = (isOwn: boolean, { tooFewMovers, movers }: Effect): boolean =>
  tooFewMovers && (isOwn || movers > 0);

const tooFew = ({ movers, samples }: Effect): string =>
  `in too few samples to judge, ${movers} of ${samples}`;

function onItself(effect: Effect): string {
  if (effect.moves) return 'raises its own score';
  return isUnjudged(true, effect)
    ? `changes its own score ${tooFew(effect)}`
    : 'does not raise its own score beyond chance';
}

function onAnother(effect: Effect, scored: string): string {
  if (changes(effect)) return `${effect.mean > 0 ? 'raises' : 'lowers'} ${scored}`;
  return isUnjudged(false, effect) ? `changes ${scored} ${tooFew(effect)}` : `leaves ${scored} alone`;
}

export function entanglementTable({ layers, rows, concepts, effects }: Entanglement): {
  head: string[];
  rows: (string | number | boolean | null)[][];
} {
  return {
    head: ['moved', 'scored', 'layers', 'mean', 'low', 'high', 'changes'],
    rows: rows.flatMap((moved, i) =>
      effects[i].map((effect, j) => [
        ...[moved, concepts[j], layers, effect.mean],
        ...[effect.meanInterval?.low ?? null, effect.meanInterval?.high ?? null, changes(effect)],
      ]),
    ),
  };
}
