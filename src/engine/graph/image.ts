/** From the generator's image to what a predictor takes: bytes, size, normalisation (and the colour scores' bytes). */
import { badInput } from '../failure';
import type { PredictorManifest } from '../manifest/schema';
import type { GraphBuilder } from './builder';

/** An image inside the graph: a value [B, 3, H, W], and how it maps to [0, 1] (unit = scale · value + offset). */
export interface GraphImage {
  value: string;
  height: number;
  width: number;
  scale: number;
  offset: number;
}

/** The source that predictors read; both forms are made once, when first asked for. */
export class ImageSource {
  private quantised: GraphImage | null = null;
  private readonly resized = new Map<string, GraphImage>();

  private constructor(
    private readonly graph: GraphBuilder,
    private readonly plain: GraphImage,
    /** Whether it is of images that somebody gave, which can be resized. */
    private readonly given: boolean,
  ) {
    if (given) this.quantised = plain;
  }

  /** A generator's image in [−1, 1]. */
  static generated(graph: GraphBuilder, value: string, resolution: number): ImageSource {
    const image = { value, height: resolution, width: resolution, scale: 0.5, offset: 0.5 };
    return new ImageSource(graph, image, false);
  }

  /** Given bytes, as floats 0 … 255. */
  static bytes(graph: GraphBuilder, value: string, height: number, width: number): ImageSource {
    const image = { value, height, width, scale: 1 / 255, offset: 0 };
    return new ImageSource(graph, image, true);
  }

  /**
   * The image as a saved file would hold it: floor(clip(127.5 x + 128, 0, 255)), which is the reference's
   * clip((x + 1) · 127.5 + 0.5, 0, 255) cut to a byte.
   */
  get bytes(): GraphImage {
    if (this.quantised) return this.quantised;
    const { graph, plain } = this;
    const levels = graph.op('Add', [graph.op('Mul', [plain.value, graph.floats(127.5)]), graph.floats(128)]);
    const clipped = graph.op('Clip', [levels, graph.floats(0), graph.floats(255)]);
    this.quantised = { ...plain, value: graph.op('Floor', [clipped]), scale: 1 / 255, offset: 0 };
    return this.quantised;
  }

  /**
   * What a predictor takes: [B, 3, size, size], normalised.
   * @throws Failure where the sizes do not allow the declared resize rule
   */
  prepared(input: PredictorManifest['input'], name: string): string {
    const image = this.sized(input, name);
    const [low, high] = input.range;
    const scale = input.std.map((std) => (image.scale * (high - low)) / std);
    const offset = input.std.map((std, c) => (image.offset * (high - low) + low - input.mean[c]) / std);
    let { value } = image;
    // A value a channel, or one for all; what would change nothing is left out.
    const constant = (values: number[]): string =>
      values.every((v) => v === values[0])
        ? this.graph.floats(values[0])
        : this.graph.floats(values, [1, 3, 1, 1]);
    if (scale.some((v) => v !== 1)) value = this.graph.op('Mul', [value, constant(scale)]);
    if (offset.some((v) => v !== 0)) value = this.graph.op('Add', [value, constant(offset)]);
    return value;
  }

  private sized({ size, resize, quantise }: PredictorManifest['input'], name: string): GraphImage {
    const image = quantise ? this.bytes : this.plain;
    if (image.height === size && image.width === size) return image;
    const key = `${size} ${resize} ${quantise}`;
    const known = this.resized.get(key);
    if (known) return known;
    const value =
      resize === 'bilinear'
        ? bilinear(this.graph, image, size, quantise)
        : resize === 'average'
          ? average(this.graph, image, size, () => this.refuse(name, image, size, wholeCells))
          : this.refuse(name, image, size, ownSize);
    const made = { ...image, value, height: size, width: size };
    this.resized.set(key, made);
    return made;
  }

  private refuse(
    name: string,
    { width, height }: GraphImage,
    size: number,
    { why, sides }: { why: string; sides: string },
  ): never {
    const remedy = this.given
      ? `Resize the images to sides ${sides} ${size} px.`
      : "Declare 'resize: bilinear' in its manifest.";
    throw badInput(
      `${name}: images of ${width} × ${height} do not fit its input of ${size} × ${size}: ${why}. ${remedy}`,
    );
  }
}

const ownSize = { why: "'resize: none' takes images of its own size only", sides: 'of' };
const wholeCells = {
  why: "'resize: average' needs a whole number of pixels a cell",
  sides: 'that are multiples of',
};

/** Means of whole blocks, unrounded. */
function average(graph: GraphBuilder, image: GraphImage, size: number, refuse: () => never): string {
  if (image.height % size !== 0 || image.width % size !== 0) refuse();
  const block = { ints: [image.height / size, image.width / size] };
  return graph.op('AveragePool', [image.value], { kernel_shape: block, strides: block });
}

/** Pillow's way: columns first, then rows, each pass rounded to bytes where the image is one of bytes. */
function bilinear(graph: GraphBuilder, image: GraphImage, size: number, round: boolean): string {
  let { value } = image;
  if (image.width !== size) {
    value = pass(graph, bilinearWeights(image.width, size, round), image.width, round, (part) =>
      graph.op('MatMul', [value, graph.floats(transpose(part, size, image.width), [image.width, size])]),
    );
  }
  if (image.height !== size) {
    const rows = value;
    value = pass(graph, bilinearWeights(image.height, size, round), image.height, round, (part) =>
      graph.op('MatMul', [graph.floats(part, [size, image.height]), rows]),
    );
  }
  return value;
}

/** Bits of the fractions that Pillow keeps of its weights for 8-bit images: 32 − 8 − 2. */
const fractionBits = 22;

/**
 * One pass of the filter. Pillow sums integers and rounds at the end; ties are common where sizes have a simple ratio,
 * so the sum has to be exact: the weights are split into digits whose products and sums float32 (and TF32) hold without
 * rounding.
 */
function pass(
  graph: GraphBuilder,
  weights: Float64Array,
  taps: number,
  round: boolean,
  multiply: (part: Float64Array) => string,
): string {
  if (!round) return multiply(weights);
  const { bits, digits } = exactDigits(weights, taps);
  // floor((Σ digit · 2^(bits · place) + 2²¹) / 2²²), carried from place to place in integers that float32 holds.
  let carried: string | null = null;
  for (const digit of digits.slice(0, -1)) {
    const product: string = multiply(digit);
    const sum: string = carried === null ? product : graph.op('Add', [product, carried]);
    carried = graph.op('Floor', [graph.op('Mul', [sum, graph.floats(2 ** -bits)])]);
  }
  const whole = 2 ** (fractionBits - bits * (digits.length - 1));
  const top = graph.op('Add', [multiply(digits[digits.length - 1]), carried ?? '']);
  const sum = graph.op('Add', [top, graph.floats(whole / 2)]);
  return graph.op('Floor', [graph.op('Mul', [sum, graph.floats(1 / whole)])]);
}

/**
 * Weights [n, taps] of 22 bits as the fewest digits, the lowest first, whose sums with bytes stay below 2²⁴ in each row,
 * what is carried included: two of 11 bits, three of 8 where an image is made many times smaller.
 */
export function exactDigits(weights: Float64Array, taps: number): { bits: number; digits: Float64Array[] } {
  for (let count = 2; ; count++) {
    const bits = Math.ceil(fractionBits / count);
    const digits = Array.from({ length: count }, (_, place) =>
      weights.map((weight) => {
        const above = Math.floor(weight * 2 ** (fractionBits - bits * place));
        return place === count - 1 ? above : above % 2 ** bits;
      }),
    );
    let largest = 0;
    const isExact = digits.every((digit) => {
      largest = 255 * largestRow(digit, taps) + Math.floor(largest / 2 ** bits);
      return largest <= 2 ** 24;
    });
    if (isExact) return { bits, digits };
  }
}

function largestRow(values: Float64Array, taps: number): number {
  let largest = 0;
  for (let row = 0; row < values.length; row += taps) {
    largest = Math.max(
      largest,
      values.subarray(row, row + taps).reduce((a, b) => a + b, 0),
    );
  }
  return largest;
}

/**
 * Pillow's antialiased bilinear filter from `from` to `to` samples as a matrix [to, from]: a triangle as wide as the
 * larger of the two pixel sizes, normalised, and for bytes cut to its fixed-point fractions.
 */
export function bilinearWeights(from: number, to: number, fixedPoint: boolean): Float64Array {
  const weights = new Float64Array(to * from);
  const step = from / to;
  const support = Math.max(1, step);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * step;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const last = Math.min(from, Math.trunc(center + support + 0.5));
    let total = 0;
    for (let j = first; j < last; j++) {
      const weight = Math.max(0, 1 - Math.abs((j - center + 0.5) / support));
      weights[i * from + j] = weight;
      total += weight;
    }
    for (let j = first; j < last; j++) {
      const weight = weights[i * from + j] / total;
      weights[i * from + j] = fixedPoint
        ? Math.trunc(0.5 + weight * 2 ** fractionBits) / 2 ** fractionBits
        : weight;
    }
  }
  return weights;
}

function transpose(values: Float64Array, rows: number, columns: number): Float64Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}
