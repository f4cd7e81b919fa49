/**
 * The colour scheme (the paper's fourth level): the hue histogram in HSV, and mean brightness and saturation, computed
 * from the image's bytes inside the scoring graph.
 *
 * A pixel weighs saturation × value, which is its chroma c = max − min. Which twelfth of the hue circle it lies in
 * follows from the order of its channels and from where the middle one lies between the others, so no angle and no
 * division are needed: on bytes every step is exact in float32, on any device and for any batch size. (The sums stay
 * exact up to 256 × 256 pixels.)
 */
import type { GraphBuilder } from './builder';
import type { GraphImage } from './image';

export const hueBins = 12;
/** `hue k` is the share of the 30° from 30° · k on; 0° is red. */
export const colorLabels: readonly string[] = [
  ...Array.from({ length: hueBins }, (_, bin) => `hue ${bin}`),
  'brightness',
  'saturation',
];

/** Keeps a grey image's histogram at 0: an image's total weight counts as this much more (in pixels of full chroma). */
export const hueEpsilon = 1e-6;

/**
 * @param image bytes as floats 0 … 255
 * @returns [B, 14], in the order of `colorLabels`, all in [0, 1]
 */
export function colorScores(graph: GraphBuilder, image: GraphImage): string {
  const { height, width } = image;
  const pixels = height * width;
  const zero = graph.floats(0);
  const one = graph.floats(1);
  /** 1 where an integer value is above 0, else 0. */
  const positive = (value: string): string => graph.op('Clip', [value, zero, one]);

  const planes = graph.op('Reshape', [image.value, graph.ints([0, 3, pixels])]);
  const [r, g, b] = graph.ops('Split', [planes, graph.ints([1, 1, 1])], 3, { axis: { int: 1 } });
  const brightest = graph.op('Max', [r, g, b]);
  const chroma = graph.op('Sub', [brightest, graph.op('Min', [r, g, b])]);

  // Which channel is the largest. At a tie the one whose sector begins there: red holds 300° … 60°, and so on.
  const differences = [graph.op('Sub', [r, g]), graph.op('Sub', [g, b]), graph.op('Sub', [b, r])];
  const above = differences.map(positive); // r > g, g > b, b > r
  const largest = [0, 1, 2].map((k) => {
    // r > g and not b > r; g > b and not r > g; b > r and not g > b.
    const before = above[(k + 2) % 3];
    return graph.op('Sub', [above[k], graph.op('Mul', [above[k], before])]);
  });
  // Chroma under its largest channel [B, 3, P]; and the signed middle: how far beyond the sector's centre, −c … c.
  const weights = graph.op(
    'Concat',
    largest.map((mask) => graph.op('Mul', [mask, chroma])),
    { axis: { int: 1 } },
  );
  // For red g − b, for green b − r, for blue r − g.
  const [inRed, inGreen, inBlue] = largest.map((mask, k) =>
    graph.op('Mul', [mask, differences[(k + 1) % 3]]),
  );
  const middle = graph.op('Add', [graph.op('Add', [inRed, inGreen]), inBlue]);
  // The quarters of the sector, each 1 or 0: m < −c/2, then up to 0, up to c/2, and from there on [B, 4, P].
  const doubled = graph.op('Add', [graph.op('Add', [middle, middle]), one]);
  const second = positive(graph.op('Add', [doubled, chroma]));
  const third = positive(graph.op('Add', [middle, one]));
  const fourth = positive(graph.op('Sub', [doubled, chroma]));
  const quarters = graph.op(
    'Concat',
    [
      graph.op('Sub', [one, second]),
      graph.op('Sub', [second, third]),
      graph.op('Sub', [third, fourth]),
      fourth,
    ],
    { axis: { int: 1 } },
  );
  // All pairs of sector and quarter, summed over the pixels: the bins from 300° on.
  const across = graph.op('Transpose', [quarters], { perm: { ints: [0, 2, 1] } });
  const bins = graph.op('Reshape', [graph.op('MatMul', [weights, across]), graph.ints([0, hueBins])]);
  const fromRed = Array.from({ length: hueBins }, (_, bin) => (bin + 2) % hueBins);
  const totals = graph.op('Gather', [bins, graph.ints(fromRed)], { axis: { int: 1 } });
  const weight = graph.op('ReduceSum', [totals, graph.ints([1])], { keepdims: { int: 1 } });
  const histogram = graph.op('Div', [totals, graph.op('Add', [weight, graph.floats(255 * hueEpsilon)])]);

  // Saturation c / V; a black pixel has chroma 0.
  const saturation = graph.op('Div', [chroma, graph.op('Max', [brightest, one])]);
  const mean = (value: string): string =>
    graph.op('ReduceMean', [value, graph.ints([2])], { keepdims: { int: 0 } });
  const brightness = graph.op('Mul', [mean(brightest), graph.floats(1 / 255)]);
  return graph.op('Concat', [histogram, brightness, mean(saturation)], { axis: { int: 1 } });
}
