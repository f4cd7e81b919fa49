/**
 * ONNX models as data: read, write, and what of them the rest of the engine names. Only fields that a file has are
 * set, so that writing a model that was read gives back the same content.
 */
import protobuf from 'protobufjs/light.js';
import { badInput } from '../failure';
import { type Field, type MessageName, messageNames, onnxFields } from './onnx-fields';

/** A dimension: a fixed size, a name (`B`), or unknown. */
export type Dim = number | string | null;

export interface OnnxTensor {
  name?: string;
  dims: number[];
  dataType?: number;
  floatData: number[];
  int32Data: number[];
  int64Data: bigint[];
  doubleData: number[];
  uint64Data: bigint[];
  stringData: Uint8Array[];
  rawData?: Uint8Array;
  dataLocation?: number;
  externalData: { key?: string; value?: string }[];
}
export interface OnnxSparseTensor {
  values?: OnnxTensor;
  indices?: OnnxTensor;
  dims: number[];
}
export interface OnnxAttribute {
  name?: string;
  refAttrName?: string;
  type?: number;
  f?: number;
  i?: bigint;
  s?: Uint8Array;
  t?: OnnxTensor;
  g?: OnnxGraph;
  floats: number[];
  ints: bigint[];
  strings: Uint8Array[];
  tensors: OnnxTensor[];
  graphs: OnnxGraph[];
  sparseTensor?: OnnxSparseTensor;
  sparseTensors: OnnxSparseTensor[];
}
export interface OnnxNode {
  input: string[];
  output: string[];
  name?: string;
  opType?: string;
  domain?: string;
  overload?: string;
  attribute: OnnxAttribute[];
}
export interface OnnxValueInfo {
  name?: string;
  type?: {
    tensorType?: { elemType?: number; shape?: { dim: { dimValue?: number; dimParam?: string }[] } };
  };
}
export interface OnnxGraph {
  name?: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  sparseInitializer: OnnxSparseTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
  valueInfo: OnnxValueInfo[];
  quantizationAnnotation: { tensorName?: string }[];
  metadataProps: { key?: string; value?: string }[];
}
export interface OnnxFunction {
  name?: string;
  domain?: string;
  overload?: string;
  node: OnnxNode[];
  opsetImport: { domain?: string; version?: number }[];
}
export interface OnnxModel {
  irVersion: number;
  opsetImport: { domain?: string; version?: number }[];
  producerName?: string;
  producerVersion?: string;
  graph: OnnxGraph;
  functions: OnnxFunction[];
  metadataProps: { key?: string; value?: string }[];
  trainingInfo: unknown[];
}

/** Element types of tensors (TensorProto.DataType). */
export const dataTypes = {
  float: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  double: 11,
} as const;
const external = 1;
const maxNesting = 64;

const isMessage = (type: Field[1]): type is MessageName => (messageNames as readonly string[]).includes(type);

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    messageNames.map((message) => [
      message,
      {
        fields: Object.fromEntries(
          Object.entries(onnxFields[message]).map(([field, [id, type, repeats]]) => [
            field,
            {
              id,
              type: type === 'size' ? 'int64' : type === 'enum' ? 'int32' : type,
              ...(repeats ? { rule: 'repeated', options: { packed: repeats === 'packed' } } : {}),
            },
          ]),
        ),
      },
    ]),
  ),
});

/** protobufjs gives 64-bit integers as Longs, its own form of two halves. */
interface Halves {
  low: number;
  high: number;
  unsigned: boolean;
}

function toBigint(value: Halves): bigint {
  const bits = (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0);
  return value.unsigned ? bits : BigInt.asIntN(64, bits);
}

function fromBigint(value: bigint, unsigned: boolean): Halves {
  const bits = BigInt.asUintN(64, value);
  return { low: Number(bits & 0xffffffffn) | 0, high: Number(bits >> 32n) | 0, unsigned };
}

type Plain = Record<string, unknown>;

/** A protobufjs message as a plain object: absent scalars stay absent, absent lists are empty. */
function toPlain(message: Plain, name: MessageName, depth: number): Plain {
  if (depth > maxNesting) throw new Error(`graphs nest deeper than ${maxNesting} levels`);
  const one = (value: unknown, type: Field[1]): unknown => {
    if (isMessage(type)) return toPlain(value as Plain, type, depth + 1);
    if (type === 'int64' || type === 'uint64') return toBigint(value as Halves);
    if (type !== 'size') return value;
    const size = Number(toBigint(value as Halves));
    if (!Number.isSafeInteger(size)) throw new Error(`a size of ${size} is out of range`);
    return size;
  };
  const plain: Plain = {};
  for (const [field, [, type, repeats]] of Object.entries(onnxFields[name])) {
    const present = Object.hasOwn(message, field);
    if (repeats) {
      const values = present ? (message[field] as unknown[]) : [];
      plain[field] = type === 'float' || type === 'string' ? values : values.map((value) => one(value, type));
    } else if (present && message[field] !== null) plain[field] = one(message[field], type);
  }
  return plain;
}

/** The inverse of toPlain. */
function fromPlain(plain: Plain, name: MessageName): Plain {
  const one = (value: unknown, type: Field[1]): unknown => {
    if (isMessage(type)) return fromPlain(value as Plain, type);
    if (type === 'int64') return fromBigint(value as bigint, false);
    if (type === 'uint64') return fromBigint(value as bigint, true);
    if (type === 'size') return fromBigint(BigInt(value as number), false);
    return value;
  };
  const message: Plain = {};
  for (const [field, [, type, repeats]] of Object.entries(onnxFields[name])) {
    const value = plain[field];
    if (value === undefined) continue;
    message[field] = repeats ? (value as unknown[]).map((item) => one(item, type)) : one(value, type);
  }
  return message;
}

/**
 * Reads an ONNX file.
 * @param name how the file is called in errors
 * @throws Failure when the bytes are not a whole ONNX model, or keep weights in other files.
 */
export function decodeModel(bytes: Uint8Array, name: string): OnnxModel {
  let model: OnnxModel;
  try {
    const message = root.lookupType('Model').decode(bytes);
    model = toPlain(message as unknown as Plain, 'Model', 0) as unknown as OnnxModel;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw badInput(
      `${name}: this is not a whole ONNX file (${detail}). It may be cut off or of another format; copy it again.`,
      error,
    );
  }
  checkWhole(model, name);
  return model;
}

/** What protobuf cannot know: that the parts of a model are all there and hang together. */
function checkWhole(model: OnnxModel, name: string): void {
  const broken = (what: string): Error =>
    badInput(`${name}: this is not a whole ONNX model: ${what}. Copy or export the file again.`);
  if (!model.irVersion || model.opsetImport.length === 0)
    throw broken('its version and operator sets are missing');
  if (!model.graph || model.graph.output.length === 0)
    throw broken('it has no graph, or a graph without outputs');
  if (model.trainingInfo.length > 0)
    throw badInput(`${name}: it carries training graphs; export it for inference.`);
  const known = new Set(model.graph.input.map((value) => value.name ?? ''));
  for (const tensor of tensorsOf(model.graph)) {
    if (tensor.dataLocation === external || tensor.externalData.length > 0) {
      throw badInput(
        `${name}: the weights '${tensor.name ?? ''}' lie in another file. Save the model as one file (onnx.save with save_as_external_data=False).`,
      );
    }
  }
  for (const tensor of model.graph.initializer) known.add(tensor.name ?? '');
  for (const tensor of model.graph.sparseInitializer) known.add(tensor.values?.name ?? '');
  for (const node of model.graph.node) {
    const missing = node.input.find((input) => input !== '' && !known.has(input));
    if (missing !== undefined)
      throw broken(`node '${node.name ?? node.opType ?? ''}' reads '${missing}', which nothing makes`);
    for (const output of node.output) known.add(output);
  }
  const lost = model.graph.output.find((output) => !known.has(output.name ?? ''));
  if (lost) throw broken(`nothing makes its output '${lost.name ?? ''}'`);
}

/** Every tensor that a graph holds: initialisers and the values of attributes, in nested graphs too. */
function* tensorsOf(graph: OnnxGraph): Generator<OnnxTensor> {
  yield* graph.initializer;
  for (const sparse of graph.sparseInitializer) {
    if (sparse.values) yield sparse.values;
    if (sparse.indices) yield sparse.indices;
  }
  for (const node of graph.node) {
    for (const attribute of node.attribute) {
      if (attribute.t) yield attribute.t;
      yield* attribute.tensors;
      if (attribute.g) yield* tensorsOf(attribute.g);
      for (const nested of attribute.graphs) yield* tensorsOf(nested);
    }
  }
}

/** Writes an ONNX file. The same model always gives the same bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const bytes = root
    .lookupType('Model')
    .encode(fromPlain(model as unknown as Plain, 'Model'))
    .finish();
  // A plain view of exactly its own bytes, whatever pool the writer took them from.
  return new Uint8Array(bytes);
}

/** The dimensions that a value declares; null where it declares no shape. */
export function dimsOf(value: OnnxValueInfo): Dim[] | null {
  const shape = value.type?.tensorType?.shape;
  return shape ? shape.dim.map((dim) => dim.dimValue ?? (dim.dimParam || null)) : null;
}

export interface Port {
  name: string;
  dims: Dim[] | null;
}

/** What a model takes (weights that older files list as inputs are left out) and gives. */
export function signature(model: OnnxModel): { inputs: Port[]; outputs: Port[] } {
  const weights = new Set(model.graph.initializer.map((tensor) => tensor.name));
  const port = (value: OnnxValueInfo): Port => ({ name: value.name ?? '', dims: dimsOf(value) });
  return {
    inputs: model.graph.input.filter((value) => !weights.has(value.name)).map(port),
    outputs: model.graph.output.map(port),
  };
}
