/** What the ranking tells of the entanglement. */
import type { Snapshot } from '../../protocol/panels';
import type { Entanglement } from '../../protocol/results';

/** As many as a cell of the table has room for. */
const shown = 3;

/** The largest side effects of each moved concept, as the engine judged them. */
export const sideEffectsOf = ({ rows, sideEffects }: Entanglement): Snapshot['sideEffects'] =>
  Object.fromEntries(rows.map((moved, i) => [moved, sideEffects[i].slice(0, shown)]));
