/** Concept × concept: what moving the row changes in the column (section 5.3, Fig. 19). */
import type { Effect, Entanglement } from '../../protocol/results';
import type { HeatRow } from '../ui/heat-rows';
import { labelOf, number, signed } from '../ui/wording';

/**
 * Whether the move of row i changes the score of column j beyond chance. A concept's own cell keeps to the product's claim;
 * the others are side effects, of either sign, as the engine judged them.
 */
function changes({ rows, concepts, effects, sideEffects }: Entanglement, i: number, j: number): boolean {
  if (rows[i] === concepts[j]) return effects[i][j].moves;
  return sideEffects[i].some(({ concept }) => concept === concepts[j]);
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
      const isEffect = changes(entanglement, i, j);
      return {
        share: effect.mean / largest,
        hatch: isEffect ? null : isUnjudged(moved === concepts[j], effect) ? 'few' : 'still',
        isEffect,
        text: number(effect.mean, 1),
        title: cellText(entanglement, i, j),
      };
    }),
  }));
}

/** What a cell says, as a sentence without its full stop. */
export function cellText(entanglement: Entanglement, i: number, j: number): string {
  const [moved, scored, effect] = [
    entanglement.rows[i],
    entanglement.concepts[j],
    entanglement.effects[i][j],
  ];
  const { mean, meanInterval } = effect;
  const interval = meanInterval ? ` [${number(meanInterval.low)}, ${number(meanInterval.high)}]` : '';
  const what =
    moved === scored ? onItself(effect) : onAnother(effect, changes(entanglement, i, j), labelOf(scored));
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

function onAnother(effect: Effect, isChanged: boolean, scored: string): string {
  if (isChanged) return `${effect.mean > 0 ? 'raises' : 'lowers'} ${scored}`;
  return isUnjudged(false, effect) ? `changes ${scored} ${tooFew(effect)}` : `leaves ${scored} alone`;
}

export function entanglementTable(entanglement: Entanglement): {
  head: string[];
  rows: (string | number | boolean | null)[][];
} {
  const { layers, rows, concepts, effects } = entanglement;
  return {
    head: ['moved', 'scored', 'layers', 'mean', 'low', 'high', 'changes'],
    rows: rows.flatMap((moved, i) =>
      effects[i].map((effect, j) => [
        ...[moved, concepts[j], layers, effect.mean],
        ...[effect.meanInterval?.low ?? null, effect.meanInterval?.high ?? null, changes(entanglement, i, j)],
      ]),
    ),
  };
}
