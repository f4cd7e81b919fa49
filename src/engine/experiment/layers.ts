/** Layer ranges as people write them: `upper`, `all`, `7`, `0-4,7` (inclusive), `lower,9`. */
import type { LayerSet } from '../../protocol/results';
import type { GeneratorManifest } from '../manifest';
import { didYouMean, nearest } from '../yaml';

/** What a generator says about its layers. */
export type LayeredGenerator = Pick<GeneratorManifest, 'layers' | 'groups'>;

export interface LayersProblem {
  problem: string;
  suggestion?: string;
}

/** The layers that a text names, sorted and each once; or what is wrong with it. */
export function parseLayers(
  written: string | number,
  { layers, groups }: LayeredGenerator,
): LayerSet | LayersProblem {
  const text = String(written).trim();
  const last = layers.length - 1;
  const chosen = new Set<number>();
  const add = (first: number, end: number): void => {
    for (let layer = first; layer < end; layer++) chosen.add(layer);
  };
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const range = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(part);
    if (part === 'all') {
      add(0, layers.length);
    } else if (Object.hasOwn(groups, part)) {
      add(...groups[part]);
    } else if (range) {
      const first = Number(range[1]);
      const end = Number(range[2] ?? range[1]);
      if (end > last)
        return { problem: `The generator has layers 0-${last} only; '${part}' goes beyond them.` };
      if (first > end)
        return {
          problem: `'${part}' runs backwards; write '${end}-${first}'.`,
          suggestion: `${end}-${first}`,
        };
      add(first, end + 1);
    } else {
      const names = ['all', ...Object.keys(groups)];
      const suggestion = nearest(part, names);
      return {
        problem:
          `'${part}' is not a layer group of the generator (${names.join(', ')}) nor a range such as 0-${last}.` +
          didYouMean(suggestion),
        suggestion,
      };
    }
  }
  return { name: text, layers: [...chosen].sort((a, b) => a - b) };
}

/** The layer sets of the layer analysis (`rescore.layers`), problems included, in the order written. */
export function layerSetsOf(
  written: 'none' | 'groups' | 'each' | readonly (string | number)[],
  generator: LayeredGenerator,
): (LayerSet | LayersProblem)[] {
  const L = generator.layers.length;
  if (typeof written !== 'string') return written.map((text) => parseLayers(text, generator));
  // With a single layer there is nothing to tell apart: the ranking already moves it.
  if (written === 'none' || L === 1) return [];
  const groups = Object.entries(generator.groups);
  if (written === 'groups' && groups.length > 0) {
    return groups.map(([name, [first, end]]) => ({ name, layers: range(first, end) }));
  }
  return range(0, L).map((layer) => ({ name: String(layer), layers: [layer] }));
}

export const isProblem = (parsed: LayerSet | LayersProblem): parsed is LayersProblem => 'problem' in parsed;

const range = (first: number, end: number): number[] =>
  Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
