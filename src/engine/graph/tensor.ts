/** Constants of a graph: typed arrays in, tensors out, and back. */
import { badInput } from '../failure';
import { dataTypes, type OnnxTensor } from './onnx';

const empty = () => ({
  floatData: [],
  int32Data: [],
  int64Data: [],
  doubleData: [],
  uint64Data: [],
  stringData: [],
  externalData: [],
});

const elements = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** A float32 tensor. `values` must fill `dims`. */
export function floatTensor(name: string, values: ArrayLike<number>, dims: readonly number[]): OnnxTensor {
  if (values.length !== elements(dims))
    throw new Error(`'${name}' has ${values.length} values for [${dims.join(', ')}].`);
  const raw = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) raw.setFloat32(i * 4, values[i], true);
  return {
    ...empty(),
    name,
    dims: [...dims],
    dataType: dataTypes.float,
    rawData: new Uint8Array(raw.buffer),
  };
}

/** An int64 tensor; without `dims` a vector. */
export function intTensor(name: string, values: readonly (number | bigint)[], dims?: number[]): OnnxTensor {
  const raw = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, i) => raw.setBigInt64(i * 8, BigInt(value), true));
  return {
    ...empty(),
    name,
    dims: dims ?? [values.length],
    dataType: dataTypes.int64,
    rawData: new Uint8Array(raw.buffer),
  };
}

/**
 * The values of a float32 tensor, whichever of its two forms holds them.
 * @throws Failure for another element type or a wrong number of values.
 */
export function readFloats(tensor: OnnxTensor, file: string): Float32Array {
  const place = `${file}: the weights '${tensor.name ?? ''}'`;
  if (tensor.dataType !== dataTypes.float)
    throw badInput(`${place} are not float32 (type ${tensor.dataType ?? 'missing'}).`);
  const raw = tensor.rawData;
  const values = raw?.length
    ? Float32Array.from({ length: raw.length >> 2 }, (_, i) =>
        new DataView(raw.buffer, raw.byteOffset).getFloat32(i * 4, true),
      )
    : Float32Array.from(tensor.floatData);
  if (values.length !== elements(tensor.dims))
    throw badInput(`${place} hold ${values.length} values, not ${elements(tensor.dims)}.`);
  return values;
}

/**
 * The values of an int64 tensor, exactly.
 * @throws Failure for another element type.
 */
export function readInts(tensor: OnnxTensor, file: string): bigint[] {
  if (tensor.dataType !== dataTypes.int64)
    throw badInput(`${file}: '${tensor.name ?? ''}' is not int64 (type ${tensor.dataType ?? 'missing'}).`);
  const raw = tensor.rawData;
  if (!raw?.length) return [...tensor.int64Data];
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: raw.length >> 3 }, (_, i) => view.getBigInt64(i * 8, true));
}
