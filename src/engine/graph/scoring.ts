/**
 * The scoring graph: generator, byte quantisation, resize, normalisation, predictor heads and colour scores as ONE
 * ONNX graph, so that one run takes codes to scores and images never leave the device.
 *
 * WebGPU has no antialiased Resize and leaves Round, Mod, Sum, ArgMax and OneHot to the CPU; none of them is used.
 */
import type { ConceptName } from '../../protocol/concept';
import type { Space } from '../../protocol/experiment';
import { badInput } from '../failure';
import { GraphBuilder } from './builder';
import { colorLabels, colorScores } from './color';
import { checkPredictor, Columns, headsRead, isRead, mapSize, zeroNegativeWeights } from './heads';
import { ImageSource } from './image';
import { decodeModel, type OnnxModel } from './onnx';
import { agreeOnOpsets } from './opset';
import type { HeadManifest } from '../manifest/schema';
import type { GeneratorInput, PredictorInput, ScoringGraph } from './scoring-graph';
import { include } from './surgery';
import { cutAtStyles, readSynthesis, seal } from './synthesis';

interface Scored {
  predictors: readonly PredictorInput[];
  /** Whether the built-in colour scores are computed. Default: yes. */
  color?: boolean;
  /** Names of the concepts that are read; heads that score none of them are left out. Default: all. */
  concepts?: readonly ConceptName[];
  /**
   * Reproduce the reference code: negative weights of category classifiers set to 0, Pillow's resize on bytes
   * everywhere, no sigmoid on attribute scores.
   */
  compat?: 'higan' | undefined;
}

export interface ComposeScoring extends Scored {
  generator: GeneratorInput;
  /** y takes `styles` instead of `codes`. */
  space: Space;
  /** Also output `image` [B, 3, R, R] as the generator gives it, for previews. */
  image?: boolean;
}

/**
 * Composes the graph of a study.
 * @throws Failure naming the file where a part does not fit its manifest or the others, or a concept is scored twice
 */
export function composeScoring(request: ComposeScoring): ScoringGraph {
  const { generator } = request;
  const { resolution } = generator.manifest;
  const graph = new GraphBuilder('scoring', 'higan/');
  const synthesis = readSynthesis(generator);
  const scored = scoredParts(request);
  const target = graph.build();
  target.opsetImport = agreeOnOpsets([{ model: synthesis.model, name: generator.name }, ...scored.parts]);
  const { image, input, widths } = includeGenerator(graph, target, generator, request.space, synthesis);
  const columns = score(graph, target, ImageSource.generated(graph, image, resolution), scored);
  const { value, width } = columns.finish();
  graph.output('scores', value, ['B', width]);
  if (request.image) graph.output('image', image, ['B', 3, resolution, resolution]);
  return {
    ...seal(target),
    input,
    columns: columns.columns,
    confidences: columns.confidences,
    width,
    styleWidths: widths,
    image: request.image ?? false,
  };
}

export interface ComposeImageScoring extends Scored {
  /** Size of the images, in pixels. */
  height: number;
  width: number;
}

/**
 * The same scores for given images: input `bytes` [B, 3, H, W] as floats 0 … 255.
 * @throws Failure as composeScoring
 */
export function composeImageScoring(request: ComposeImageScoring): ScoringGraph {
  const { height, width } = request;
  const graph = new GraphBuilder('image scoring', 'higan/');
  const scored = scoredParts(request);
  const target = graph.build();
  target.opsetImport = agreeOnOpsets(scored.parts);
  const bytes = graph.input('bytes', ['B', 3, height, width]);
  const columns = score(graph, target, ImageSource.bytes(graph, bytes, height, width), scored);
  const finished = columns.finish();
  graph.output('scores', finished.value, ['B', finished.width]);
  return {
    ...seal(target),
    input: { name: 'bytes', dims: [3, height, width] },
    columns: columns.columns,
    confidences: columns.confidences,
    width: finished.width,
    styleWidths: null,
    image: false,
  };
}

/** codes → images alone, [B, 3, R, R], in any space: what `sample` and thumbnails need. */
export function composeSynthesis(
  generator: GeneratorInput,
  space: Space,
): Pick<ScoringGraph, 'bytes' | 'hash' | 'input' | 'styleWidths'> {
  const { resolution } = generator.manifest;
  const graph = new GraphBuilder('synthesis', 'higan/');
  const synthesis = readSynthesis(generator);
  const target = graph.build();
  target.opsetImport = agreeOnOpsets([{ model: synthesis.model, name: generator.name }]);
  const { image, input, widths } = includeGenerator(graph, target, generator, space, synthesis);
  graph.output('image', image, ['B', 3, resolution, resolution]);
  return { ...seal(target), input, styleWidths: widths };
}

export interface SegmentationGraph {
  bytes: Uint8Array;
  hash: string;
  input: ScoringGraph['input'];
  labels: string[];
}

/**
 * codes (or styles) → `labels` [B, H, W]: the number of each pixel's label, as a float; at a tie the lowest. With
 * `image` also the image. H, W are the segmentation's own size.
 * @throws Failure where the predictor has no segmentation head, and as composeScoring
 */
export function composeSegmentation(request: {
  generator: GeneratorInput;
  predictor: PredictorInput;
  space: Space;
  image?: boolean;
}): SegmentationGraph {
  const { generator, predictor } = request;
  const { resolution } = generator.manifest;
  const head = predictor.manifest.heads.find(({ level }) => level === 'segmentation');
  if (!head)
    throw badInput(
      `${predictor.name}: it has no segmentation head; name a predictor that has one in 'predictors'.`,
    );
  const graph = new GraphBuilder('segmentation', 'higan/');
  const synthesis = readSynthesis(generator);
  const model = decodeModel(predictor.bytes, predictor.name);
  checkPredictor(model, predictor, [head]);
  const target = graph.build();
  target.opsetImport = agreeOnOpsets([
    { model: synthesis.model, name: generator.name },
    { model, name: predictor.name },
  ]);
  const { image, input } = includeGenerator(graph, target, generator, request.space, synthesis);
  const size = mapSize(model, head.output);
  const prepared = ImageSource.generated(graph, image, resolution).prepared(
    predictor.manifest.input,
    predictor.name,
  );
  const named = includePart(target, model, 'segmentation/', predictor.manifest.input.name, prepared);
  graph.output('labels', lowestArgmax(graph, named(head.output), head.labels.length), ['B', ...size]);
  if (request.image) graph.output('image', image, ['B', 3, resolution, resolution]);
  return { ...seal(target), input, labels: [...head.labels] };
}

/** ArgMax over axis 1 without ArgMax: where a class reaches the maximum it counts C − its number, and the most wins. */
function lowestArgmax(graph: GraphBuilder, logits: string, classes: number): string {
  const axis = graph.ints([1]);
  const most = graph.op('ReduceMax', [logits, axis], { keepdims: { int: 1 } });
  const reaches = graph.op('Cast', [graph.op('Equal', [logits, most])], { to: { int: 1 } });
  const countdown = graph.floats(
    Array.from({ length: classes }, (_, i) => classes - i),
    [1, classes, 1, 1],
  );
  const first = graph.op('ReduceMax', [graph.op('Mul', [reaches, countdown]), axis], {
    keepdims: { int: 0 },
  });
  return graph.op('Sub', [graph.floats(classes), first]);
}

interface ScoredParts {
  parts: { model: OnnxModel; name: string; input: PredictorInput; heads: ReturnType<typeof headsRead> }[];
  color: boolean;
}

/** Reads and checks the predictors that are needed at all. */
function scoredParts({ predictors, color = true, concepts, compat }: Scored): ScoredParts {
  const parts = predictors.flatMap((given) => {
    const input = compat === 'higan' ? asReference(given) : given;
    const heads = headsRead(input.manifest, concepts);
    if (heads.length === 0) return [];
    const model = decodeModel(input.bytes, input.name);
    checkPredictor(model, input, heads);
    if (compat === 'higan') {
      for (const head of heads)
        if (head.level === 'category') zeroNegativeWeights(model, head.output, input.name);
    }
    return [{ model, name: input.name, input, heads }];
  });
  const readsColor = color && isRead('color', colorLabels, concepts);
  if (parts.length === 0 && !readsColor)
    throw badInput(`No predictor scores any of the concepts. Add one that does to 'predictors'.`);
  return { parts, color: readsColor };
}

/** The reference saves images, resizes them with Pillow whatever their size, and reads raw attribute scores. */
function asReference(predictor: PredictorInput): PredictorInput {
  const { manifest } = predictor;
  return {
    ...predictor,
    manifest: {
      ...manifest,
      input: { ...manifest.input, resize: 'bilinear', quantise: true },
      heads: manifest.heads.map((head) =>
        head.level === 'attribute' && head.activation === 'sigmoid'
          ? { ...head, activation: 'none', threshold: rawThreshold(head.threshold) }
          : head,
      ),
    },
  };
}

/** What a threshold of probabilities is for the scores before the sigmoid. At 0 and 1, and beyond, all or none is positive. */
function rawThreshold(threshold: HeadManifest['threshold']): HeadManifest['threshold'] {
  if (typeof threshold !== 'number') return threshold;
  const probability = Math.min(Math.max(threshold, 0), 1);
  const farthest = Number.MAX_VALUE;
  return Math.min(Math.max(Math.log(probability / (1 - probability)), -farthest), farthest);
}

function score(graph: GraphBuilder, target: OnnxModel, source: ImageSource, scored: ScoredParts): Columns {
  const columns = new Columns(graph);
  scored.parts.forEach(({ model, name, input, heads }, i) => {
    const prepared = source.prepared(input.manifest.input, name);
    const named = includePart(target, model, `predictor${i}/`, input.manifest.input.name, prepared);
    for (const head of heads) columns.add(input, head, named(head.output));
  });
  if (scored.color) columns.addColor(colorScores(graph, source.bytes));
  return columns;
}

function includePart(
  target: OnnxModel,
  model: OnnxModel,
  prefix: string,
  input: string,
  value: string,
): (name: string) => string {
  // Shapes noted for another batch axis would contradict ours; the runtime infers them anew.
  model.graph.valueInfo = [];
  return include(target, model, prefix, { [input]: value });
}

function includeGenerator(
  graph: GraphBuilder,
  target: OnnxModel,
  generator: GeneratorInput,
  space: Space,
  synthesis: ReturnType<typeof readSynthesis>,
): { image: string; input: ScoringGraph['input']; widths: number[] | null } {
  const { model, layers, dim } = synthesis;
  const { input, output } = generator.manifest.synthesis;
  if (space !== 'y') {
    const codes = graph.input('codes', ['B', layers, dim]);
    const named = includePart(target, model, 'generator/', input, codes);
    return { image: named(output), input: { name: 'codes', dims: [layers, dim] }, widths: null };
  }
  const { styles, widths } = cutAtStyles(synthesis, generator);
  const total = widths.reduce((a, b) => a + b, 0);
  const row = graph.input('styles', ['B', total]);
  const axis = graph.ints([1]);
  const feeds = styles.map(({ name, offset, width }) => [
    name,
    graph.op('Slice', [row, graph.ints([offset]), graph.ints([offset + width]), axis]),
  ]);
  model.graph.valueInfo = [];
  const named = include(target, model, 'generator/', Object.fromEntries(feeds) as Record<string, string>);
  return { image: named(output), input: { name: 'styles', dims: [total] }, widths };
}
