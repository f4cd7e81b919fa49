/** Writes graphs: the nodes that join generator and predictors, and whole toy models in tests. */
import {
  dataTypes,
  encodeModel,
  type Dim,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxValueInfo,
} from './onnx';
import { floatTensor, intTensor } from './tensor';

/** The operator set that our own nodes are written for. */
export const ourOpset = 18;
const irVersion = 8;

/** An attribute's value with its kind said, since 1 may be an integer or a float. */
export type AttributeValue =
  { int: number } | { float: number } | { ints: readonly number[] } | { text: string };

const kinds = { float: 1, int: 2, text: 3, ints: 7 } as const;

function attribute(name: string, value: AttributeValue): OnnxAttribute {
  const base = { name, floats: [], ints: [], strings: [], tensors: [], graphs: [], sparseTensors: [] };
  if ('int' in value) return { ...base, type: kinds.int, i: BigInt(value.int) };
  if ('float' in value) return { ...base, type: kinds.float, f: value.float };
  if ('ints' in value) return { ...base, type: kinds.ints, ints: value.ints.map((item) => BigInt(item)) };
  return { ...base, type: kinds.text, s: new TextEncoder().encode(value.text) };
}

/** A float32 input or output of a graph. */
export function floatValue(name: string, dims: readonly Dim[]): OnnxValueInfo {
  const dim = dims.map((size) =>
    typeof size === 'number' ? { dimValue: size } : size === null ? {} : { dimParam: size },
  );
  return { name, type: { tensorType: { elemType: dataTypes.float, shape: { dim } } } };
}

export function emptyGraph(name: string): OnnxGraph {
  return {
    name,
    node: [],
    initializer: [],
    sparseInitializer: [],
    input: [],
    output: [],
    valueInfo: [],
    quantizationAnnotation: [],
    metadataProps: [],
  };
}

/**
 * A graph in the making. Values are named by strings; `op` returns the name of what the node makes. Names are given
 * out in order and equal constants are shared, so the same calls always give the same bytes.
 *
 * @example a linear generator: codes [B, L, D] → image [B, 3, R, R]
 * const g = new GraphBuilder('toy');
 * const codes = g.input('codes', ['B', L, D]);
 * const flat = g.op('Flatten', [codes]);
 * const pixels = g.op('Gemm', [flat, g.floats(weights, [L * D, 3 * R * R]), g.floats(bias, [3 * R * R])]);
 * g.output('image', g.op('Reshape', [pixels, g.ints([-1, 3, R, R])]), ['B', 3, R, R]);
 * const bytes = g.encode();
 */
export class GraphBuilder {
  readonly graph: OnnxGraph;
  private readonly shared = new Map<string, string>();
  private counter = 0;

  /** @param prefix goes before the names of values that the builder names itself */
  constructor(
    name: string,
    private readonly prefix = '',
  ) {
    this.graph = emptyGraph(name);
  }

  /** Declares a float32 input and returns its name. Name the batch axis, `'B'`, to leave it free. */
  input(name: string, dims: readonly Dim[]): string {
    this.graph.input.push(floatValue(name, dims));
    return name;
  }

  /** Declares `value` as output `name`. */
  output(name: string, value: string, dims: readonly Dim[]): void {
    this.graph.node.push(node('Identity', [value], [name]));
    this.graph.output.push(floatValue(name, dims));
  }

  /** A float32 constant: a number (a scalar), a list (a vector), or values with their dimensions. */
  floats(values: number | ArrayLike<number>, dims?: readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const shape = dims ?? (typeof values === 'number' ? [] : [list.length]);
    const short = list.length <= 16;
    const key = `f${shape.join(',')}:${short ? Array.from(Float32Array.from(list)).join(',') : this.counter}`;
    return this.constant(key, (name) => floatTensor(name, list, shape));
  }

  /** An int64 constant vector (shapes, axes). */
  ints(values: readonly number[]): string {
    return this.constant(`i${values.join(',')}`, (name) => intTensor(name, values));
  }

  /** Adds a node with one output, named `as` or by the builder. */
  op(
    type: string,
    inputs: readonly string[],
    attributes: Record<string, AttributeValue> = {},
    as?: string,
  ): string {
    const output = as ?? this.fresh(type.toLowerCase());
    this.graph.node.push(node(type, inputs, [output], attributes));
    return output;
  }

  /** Adds a node with several outputs. */
  ops(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Record<string, AttributeValue> = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => this.fresh(type.toLowerCase()));
    this.graph.node.push(node(type, inputs, names, attributes));
    return names;
  }

  build(): OnnxModel {
    return {
      irVersion,
      opsetImport: [{ domain: '', version: ourOpset }],
      producerName: 'higan-studio',
      graph: this.graph,
      functions: [],
      metadataProps: [],
      trainingInfo: [],
    };
  }

  encode(): Uint8Array {
    return encodeModel(this.build());
  }

  private constant(key: string, make: (name: string) => OnnxGraph['initializer'][number]): string {
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    const name = this.fresh('constant');
    this.graph.initializer.push(make(name));
    this.shared.set(key, name);
    return name;
  }

  private fresh(stem: string): string {
    return `${this.prefix}${stem}_${this.counter++}`;
  }
}

function node(
  opType: string,
  input: readonly string[],
  output: string[],
  attributes: Record<string, AttributeValue> = {},
): OnnxNode {
  return {
    opType,
    // The output names a node, so that messages of the runtime can be traced back to it.
    name: output[0],
    input: [...input],
    output,
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  };
}
