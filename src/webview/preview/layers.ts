/** Layers as the experiment file writes them (`upper`, `all`, `7`, `0-4,7`; ranges inclusive), and as sets of numbers. */
import type { LayerSet } from '../../protocol/results';

/** Null for a text that means nothing for this generator. */
export function layersOf(
  text: string | number,
  groups: readonly LayerSet[],
  count: number,
): Set<number> | null {
  if (text === 'all') return new Set(Array.from({ length: count }, (_, layer) => layer));
  const group = groups.find((each) => each.name === text);
  if (group) return new Set(group.layers);
  const chosen = new Set<number>();
  for (const part of String(text).split(',')) {
    const range = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part);
    if (!range) return null;
    const first = Number(range[1]);
    const last = range[2] === undefined ? first : Number(range[2]);
    if (last < first || last >= count) return null;
    for (let layer = first; layer <= last; layer++) chosen.add(layer);
  }
  return chosen;
}

/** The shortest way to write a set: `all`, a group's name, or ranges. The empty set has none: null. */
export function layersText(
  layers: ReadonlySet<number>,
  groups: readonly LayerSet[],
  count: number,
): string | null {
  if (layers.size === 0) return null;
  if (layers.size === count) return 'all';
  const group = groups.find(
    (each) => each.layers.length === layers.size && each.layers.every((layer) => layers.has(layer)),
  );
  if (group) return group.name;
  const sorted = [...layers].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const layer of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === layer - 1) last[1] = layer;
    else ranges.push([layer, layer]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}
