/** The part of an entanglement matrix that its panel has room for. */
import type { Entanglement } from '../../protocol/results';

/**
 * The concepts that move their own score most, at most `limit` of them. Among them is `pointed`, however weak it is, and
 * beside their own columns stand those of all its side effects.
 */
export function matrixPart(
  { layers, rows, concepts, effects, sideEffects }: Entanglement,
  limit: number,
  pointed: string | null,
): Entanglement {
  const own = (row: number): number => effects[row][concepts.indexOf(rows[row])]?.delta ?? 0;
  const strongest = rows.map((_, row) => row).sort((a, b) => own(b) - own(a));
  const at = strongest.findIndex((row) => rows[row] === pointed);
  const chosen = at < limit ? strongest.slice(0, limit) : [...strongest.slice(0, limit - 1), strongest[at]];
  const dragged = at < 0 ? [] : sideEffects[strongest[at]].map(({ concept }) => concept);
  const names = new Set([...chosen.map((row) => rows[row]), ...dragged]);
  const columns = [...names].map((name) => concepts.indexOf(name)).filter((column) => column >= 0);
  return {
    layers,
    rows: chosen.map((row) => rows[row]),
    concepts: columns.map((column) => concepts[column]),
    effects: chosen.map((row) => columns.map((column) => effects[row][column])),
    sideEffects: chosen.map((row) => sideEffects[row].filter(({ concept }) => names.has(concept))),
  };
}
