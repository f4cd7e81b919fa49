/** Small models written with the graph builder: a linear style generator and pixel predictors. */
import {
  encodeModel,
  GraphBuilder,
  type GeneratorInput,
  type PredictorInput,
} from '../../../src/engine/graph';
import type { AttributeValue } from '../../../src/engine/graph';
import {
  generatorSchema,
  predictorSchema,
  type HeadManifest,
  type PredictorManifest,
} from '../../../src/engine/manifest/schema';
import { numbers } from './rooms';

const sha256 = '0'.repeat(64);

export interface Toy {
  layers: number;
  dim: number;
  resolution: number;
  /** [layers, dim, styleWidth]: y(l) = w(l) · A(l) + b(l). */
  affine: Float32Array;
  bias: Float32Array;
  styleWidth: number;
}

/** A generator whose image is linear in its styles: image = Σ_l y(l) · M(l). */
export function toyGenerator({ layers, dim, resolution, affine, bias, styleWidth }: Toy): GeneratorInput {
  const graph = new GraphBuilder('toy');
  const pixels = 3 * resolution * resolution;
  const codes = graph.input('codes', ['B', layers, dim]);
  let image: string | null = null;
  for (let layer = 0; layer < layers; layer++) {
    const code = graph.op('Reshape', [
      graph.op('Slice', [codes, graph.ints([layer]), graph.ints([layer + 1]), graph.ints([1])]),
      graph.ints([-1, dim]),
    ]);
    const block = affine.subarray(layer * dim * styleWidth, (layer + 1) * dim * styleWidth);
    const offset = bias.subarray(layer * styleWidth, (layer + 1) * styleWidth);
    const style = graph.op(
      'Gemm',
      [code, graph.floats(block, [dim, styleWidth]), graph.floats(offset)],
      {},
      `style_${layer}`,
    );
    const mix = graph.floats(numbers(styleWidth * pixels, 0.3, layer + 1), [styleWidth, pixels]);
    const part: string = graph.op('MatMul', [style, mix]);
    image = image === null ? part : graph.op('Add', [image, part]);
  }
  const shaped = graph.op('Reshape', [image ?? '', graph.ints([-1, 3, resolution, resolution])]);
  graph.output('image', shaped, ['B', 3, resolution, resolution]);
  const manifest = generatorSchema.parse({
    synthesis: { file: 'toy.onnx', sha256, input: 'codes', output: 'image' },
    resolution,
    z: { dim },
    w: { dim },
    layers: Array.from({ length: layers }, (_, l) => ({ resolution, styles: [`style_${l}`] })),
    groups: { all: [0, layers] },
  });
  return { manifest, synthesis: graph.encode(), name: 'toy.onnx' };
}

export const smallToy = (): GeneratorInput =>
  toyGenerator({
    layers: 3,
    dim: 4,
    resolution: 8,
    affine: numbers(3 * 4 * 5, 1, 77),
    bias: numbers(3 * 5, 1, 78),
    styleWidth: 5,
  });

/** A predictor with one linear head for each given one, on images of 8 × 8. */
export function linearPredictor(
  name: string,
  heads: (Partial<HeadManifest> & Pick<HeadManifest, 'level' | 'labels'>)[],
  input: Partial<PredictorManifest['input']> = {},
): PredictorInput {
  const graph = new GraphBuilder(name);
  const image = graph.input('image', ['N', 3, 8, 8]);
  const flat = graph.op('Flatten', [image]);
  heads.forEach((head, i) => {
    const width = head.labels.length + (head.confidence ? 1 : 0);
    const weights = graph.floats(numbers(192 * width, 0.2, 100 + i), [192, width]);
    graph.output(`out${i}`, graph.op('MatMul', [flat, weights]), ['N', width]);
  });
  const manifest = predictorSchema.parse({
    file: `${name}.onnx`,
    sha256,
    input: { name: 'image', size: 8, ...input },
    heads: heads.map((head, i) => ({ output: `out${i}`, ...head })),
  });
  return { manifest, bytes: graph.encode(), name: `${name}.onnx` };
}

/** A model of one operator with the given operator set, x [B, 3, 8, 8] → image of the same shape and means [B, 3]. */
export function oldPredictor(
  opset: number,
  type: string,
  attributes: Record<string, AttributeValue>,
): PredictorInput {
  const graph = new GraphBuilder('old');
  const x = graph.input('image', ['B', 3, 8, 8]);
  graph.output('means', graph.op(type, [x], attributes), ['B', 3]);
  const model = graph.build();
  model.opsetImport = [{ domain: '', version: opset }];
  const bytes = encodeModel(model);
  const manifest = predictorSchema.parse({
    file: 'old.onnx',
    sha256,
    input: { name: 'image', size: 8, resize: 'none' },
    heads: [{ output: 'means', level: 'attribute', labels: ['r', 'g', 'b'] }],
  });
  return { manifest, bytes, name: 'old.onnx' };
}
