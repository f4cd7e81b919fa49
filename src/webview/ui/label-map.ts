/** Label maps, read at other sizes and counted. */
import type { LabelMap } from '../../protocol/panels';
import { bytesOf } from './bytes';

/** Labels at another size, [height, width]: each pixel that of the nearest centre. */
export function labelsAt({ data, ...map }: LabelMap, width: number, height: number): Uint8Array {
  const labels = bytesOf(data);
  const column = (x: number): number => Math.min(map.width - 1, Math.floor(((x + 0.5) * map.width) / width));
  const row = (y: number): number => Math.min(map.height - 1, Math.floor(((y + 0.5) * map.height) / height));
  const columns = Array.from({ length: width }, (_, x) => column(x));
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = row(y) * map.width;
    for (let x = 0; x < width; x++) out[y * width + x] = labels[from + columns[x]];
  }
  return out;
}

export interface ClassShare {
  label: number;
  /** Of the map's pixels. */
  share: number;
  /** Against the share in the original; null where that is not known. */
  change: number | null;
}

/** The classes of a map, and those that its original had, largest share first. */
export function classShares(map: LabelMap, original: LabelMap | null): ClassShare[] {
  const shares = sharesOf(map);
  const before = original && sharesOf(original);
  return [...new Set([...shares.keys(), ...(before?.keys() ?? [])])]
    .map((label) => {
      const share = shares.get(label) ?? 0;
      return { label, share, change: before ? share - (before.get(label) ?? 0) : null };
    })
    .sort((a, b) => b.share - a.share || a.label - b.label);
}

function sharesOf({ data, width, height }: LabelMap): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of bytesOf(data)) {
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return new Map([...counts].map(([label, count]) => [label, count / (width * height)]));
}
