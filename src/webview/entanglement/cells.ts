/** Concept × concept: what moving the row changes in the column (section 5.3, Fig. 19). */
import type { Effect, Entanglement } from '../../protocol/results';
import type { HeatRow } from '../ui/heat-rows';
import { labelOf, number, signed } from '../ui/wording';

/** A side effect counts where the interval of the mean change keeps clear of 0, upwards or downwards. */
export function changes(effect: Effect): boolean {
  const { meanInterval, tooFewMovers } = effect;
  return !tooFewMovers && meanInterval !== null && (meanInterval.low > 0 || meanInterval.high < 0);
}

export function entanglementRows({ rows, concepts, effects }: Entanglement): HeatRow[] {
  const largest = Math.max(...effects.flat().map((effect) => Math.abs(effect.mean)), Number.MIN_VALUE);
  return rows.map((moved, i) => ({
    key: moved,
    label: labelOf(moved),
    cells: effects[i].map((effect, j) => ({
      share: effect.mean / largest,
      // A concept's own cell keeps to the product's claim; the others are side effects, of either sign.
      hatched: moved === concepts[j] ? !effect.moves : !changes(effect),
      text: number(effect.mean, 1),
      title: cellText(moved, concepts[j], effect),
    })),
  }));
}

export function cellText(moved: string, scored: string, effect: Effect): string {
  const { mean, meanInterval } = effect;
  const interval = meanInterval ? ` [${number(meanInterval.low)}, ${number(meanInterval.high)}]` : '';
  const what = changes(effect) ? (mean > 0 ? 'raises' : 'lowers') : 'leaves alone';
  return `Moving ${labelOf(moved)} ${what} ${labelOf(scored)}: ${signed(mean)}${interval} σ`;
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
