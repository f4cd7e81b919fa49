/** The generator's part of a graph: its checks, and space y, where the style tensors take the place of the codes. */
import { sha256 } from '../canonical';
import { badInput } from '../failure';
import type { GeneratorManifest } from '../manifest/schema';
import { GraphBuilder } from './builder';
import { decodeModel, encodeModel, signature, type Dim, type OnnxGraph, type OnnxModel } from './onnx';
import { agreeOnOpsets } from './opset';
import type { GeneratorInput } from './scoring-graph';
import { ancestors, include, prune } from './surgery';

/** A style tensor of a layer: its name in the synthesis network, and where it stands among all styles. */
interface Style {
  name: string;
  layer: number;
  width: number;
}

export interface Synthesis {
  model: OnnxModel;
  /** Layers and length of a code. */
  layers: number;
  dim: number;
}

/**
 * Reads a synthesis network and holds it against its manifest.
 * @throws Failure naming the file and what does not fit
 */
export function readSynthesis({ manifest, synthesis, name }: GeneratorInput): Synthesis {
  const model = decodeModel(synthesis, name);
  const { inputs, outputs } = signature(model);
  const input = inputs.find((port) => port.name === manifest.synthesis.input);
  const output = outputs.find((port) => port.name === manifest.synthesis.output);
  if (!input || inputs.length !== 1)
    throw badInput(
      `${name}: the manifest expects the one input '${manifest.synthesis.input}'; the file has ${portList(inputs)}.`,
    );
  if (!output)
    throw badInput(
      `${name}: the manifest names the output '${manifest.synthesis.output}'; the file has ${portList(outputs)}.`,
    );
  const layers = manifest.layers.length;
  const dim = manifest.w?.dim ?? manifest.z.dim;
  const declared = `generator.layers and ${manifest.w ? 'generator.w.dim' : 'generator.z.dim'}`;
  expectDims(name, input.name, input.dims, ['batch', layers, dim], declared);
  const { resolution } = manifest;
  const size = ['batch', 3, resolution, resolution] as const;
  expectDims(name, output.name, output.dims, size, 'generator.resolution');
  return { model, layers, dim };
}

/** Inputs or outputs as messages list them. */
export const portList = (ports: readonly { name: string }[]): string =>
  ports.map((port) => `'${port.name}'`).join(', ') || 'none';

/**
 * Compares declared dimensions with expected ones; what the file leaves open fits. The batch axis must be open.
 * @param declared where the manifest says what is expected
 */
export function expectDims(
  file: string,
  value: string,
  dims: Dim[] | null,
  expected: readonly (number | 'batch')[],
  declared: string,
): void {
  if (!dims) return;
  const fits =
    dims.length === expected.length &&
    dims.every((dim, i) => typeof dim !== 'number' || dim === expected[i]) &&
    typeof dims[0] !== 'number';
  if (fits) return;
  const shown = (list: readonly Dim[]): string => `[${list.map((dim) => dim ?? '?').join(', ')}]`;
  throw badInput(
    `${file}: '${value}' is ${shown(dims)} where ${shown(expected)} is expected` +
      (typeof dims[0] === 'number'
        ? '; export it with a free batch axis.'
        : `; correct ${declared} in its manifest, or export the file again.`),
  );
}

/**
 * The styles that the manifest names, with their widths.
 * @throws Failure where a layer names none, or a tensor is not in the network
 */
function stylesOf(model: OnnxModel, layers: GeneratorManifest['layers'], name: string): Style[] {
  return layers.flatMap(({ styles }, layer) => {
    if (styles.length === 0)
      throw badInput(
        `${name}: layer ${layer} names no style tensors in the manifest, so space y is not available.`,
      );
    return styles.map((style) => {
      const width = widthOf(model.graph, style);
      if (width === null)
        throw badInput(
          `${name}: the width of the style tensor '${style}' (layer ${layer}) cannot be read from the file: it is missing, or not [B, C]. Correct the manifest, or save the model with inferred shapes (onnx.shape_inference).`,
        );
      return { name: style, layer, width };
    });
  });
}

/** The width C of a value [B, C]: as declared, or from the weights of the affine layer that makes it. */
function widthOf(graph: OnnxGraph, value: string): number | null {
  const node = graph.node.find((n) => n.output.includes(value));
  if (!node) return null;
  const declared = graph.valueInfo.find((info) => info.name === value)?.type?.tensorType?.shape?.dim;
  if (declared) return declared.length === 2 ? (declared[1].dimValue ?? null) : null;
  const weights = (name: string): readonly number[] | undefined =>
    graph.initializer.find((tensor) => tensor.name === name)?.dims;
  switch (node.opType) {
    case 'Gemm': {
      const transposed = node.attribute.find((a) => a.name === 'transB')?.i === 1n;
      return weights(node.input[1])?.[transposed ? 0 : 1] ?? null;
    }
    case 'MatMul':
      return weights(node.input[1])?.[1] ?? null;
    case 'Add':
    case 'Mul':
    case 'Identity':
    case 'LeakyRelu': {
      // The other operand of a bias or gain is a constant that does not widen it.
      const widths = node.input.map((input) => widthOf(graph, input)).filter((width) => width !== null);
      return widths.length === 1 ? widths[0] : null;
    }
    default:
      return null;
  }
}

export function layerWidths(styles: readonly Style[], layers: number): number[] {
  const widths = new Array<number>(layers).fill(0);
  for (const style of styles) widths[style.layer] += style.width;
  return widths;
}

/**
 * Makes the style tensors inputs: cuts off what made them, and returns what takes their place.
 * @returns for each style its name, offset and width within the row of all styles
 * @throws Failure where the image still depends on the codes otherwise
 */
export function cutAtStyles(
  { model }: Synthesis,
  { manifest, name }: GeneratorInput,
): { styles: { name: string; offset: number; width: number }[]; widths: number[] } {
  const { graph } = model;
  const styles = stylesOf(model, manifest.layers, name);
  const cut = new Set(styles.map((style) => style.name));
  if (cut.size !== styles.length) throw badInput(`${name}: a style tensor is named twice in the manifest.`);
  for (const node of graph.node) {
    // A node that makes a style loses that output; the style's name becomes free for the input.
    node.output = node.output.map((output) => (cut.has(output) ? '' : output));
  }
  graph.node = graph.node.filter((node) => node.output.some((output) => output !== ''));
  graph.output = graph.output.filter((output) => output.name === manifest.synthesis.output);
  prune(graph);
  if (ancestors(graph, [manifest.synthesis.output]).has(manifest.synthesis.input)) {
    const reader = graph.node.find((node) => node.input.includes(manifest.synthesis.input));
    throw badInput(
      `${name}: the image depends on the codes other than through the styles that the manifest names (node '${reader?.name ?? ''}'), so space y is not available. Name every style tensor of each layer.`,
    );
  }
  let offset = 0;
  const places = styles.map(({ name: style, width }) => {
    const place = { name: style, offset, width };
    offset += width;
    return place;
  });
  return { styles: places, widths: layerWidths(styles, manifest.layers.length) };
}

/**
 * The affine part of a generator: codes [B, L, D] → `styles` [B, Σ C_l], layer after layer, within a layer in the
 * manifest's order. These are the vectors y(l) = A(l) w + b(l) of the paper.
 * @returns an ONNX file, its SHA-256, and the layers' widths [L]
 * @throws Failure where the manifest names no styles, or the network has none of that name
 */
export function extractStyles(generator: GeneratorInput): {
  bytes: Uint8Array;
  hash: string;
  input: string;
  widths: number[];
} {
  const synthesis = readSynthesis(generator);
  const { model, layers, dim } = synthesis;
  const styles = stylesOf(model, generator.manifest.layers, generator.name);
  const builder = new GraphBuilder('styles', 'higan/');
  const target = builder.build();
  target.opsetImport = agreeOnOpsets([{ model, name: generator.name }]);
  model.graph.valueInfo = [];
  const codes = builder.input('codes', ['B', layers, dim]);
  const named = include(target, model, 'generator/', { [generator.manifest.synthesis.input]: codes });
  const all = builder.op(
    'Concat',
    styles.map((style) => named(style.name)),
    { axis: { int: 1 } },
  );
  const widths = layerWidths(styles, layers);
  builder.output('styles', all, ['B', widths.reduce((a, b) => a + b, 0)]);
  return { ...seal(target), input: 'codes', widths };
}

/** The finished graph: without what nobody reads, written, and hashed. */
export function seal(model: OnnxModel): { bytes: Uint8Array; hash: string } {
  prune(model.graph);
  const bytes = encodeModel(model);
  return { bytes, hash: sha256(bytes) };
}
