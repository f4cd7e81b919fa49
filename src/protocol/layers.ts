/** Layer ranges as people write them: `6-11`, `0-4,7`, inclusive, from 0. Names of groups are the caller's business. */

/** No generator has more layers than this. */
const mostLayers = 1024;

/** `0-4,7` → [0, 1, 2, 3, 4, 7], sorted, each once; null where the text is not layer ranges. */
export function parseLayerRanges(text: string): number[] | null {
  const layers = new Set<number>();
  for (const part of text.split(',')) {
    const found = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(part);
    if (!found) return null;
    const first = Number(found[1]);
    const last = found[2] === undefined ? first : Number(found[2]);
    if (last < first || last >= mostLayers) return null;
    for (let layer = first; layer <= last; layer++) layers.add(layer);
  }
  return [...layers].sort((a, b) => a - b);
}

/** [0, 1, 2, 3, 4, 7] → `0-4,7`; the empty set gives the empty text. */
export function formatLayerRanges(layers: readonly number[]): string {
  const sorted = [...new Set(layers)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const layer of sorted) {
    const open = ranges.at(-1);
    if (open && open[1] === layer - 1) open[1] = layer;
    else ranges.push([layer, layer]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
