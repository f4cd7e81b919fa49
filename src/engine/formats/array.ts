/** Arrays as the files of the field hold them: a few number types, row-major, with their shape beside them. */

/** `bool` is held as bytes 0 and 1. */
export const dtypes = ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'] as const;
export type Dtype = (typeof dtypes)[number];

export type ArrayData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;

/** The typed array that holds each type. */
export interface DataOf {
  float32: Float32Array;
  float64: Float64Array;
  int64: BigInt64Array;
  int32: Int32Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

/** An array in C order: `data` has the product of `dims` elements; `dims` is empty for a single number. */
export interface NumericArray<T extends Dtype = Dtype> {
  dtype: T;
  data: DataOf[T];
  dims: number[];
}

/** Bytes of one element. */
export const itemSize: Record<Dtype, number> = {
  float32: 4,
  float64: 8,
  int64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
};

/** Number of elements of a shape; 1 for a single number. */
export const elementCount = (dims: readonly number[]): number => dims.reduce((n, d) => n * d, 1);

/** The type that a typed array is written as, unless the caller says `bool`. */
export function dtypeOf(data: ArrayData): Dtype {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int32Array) return 'int32';
  return 'uint8';
}

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Turns the bytes of every element around, in place. */
function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** The elements as little-endian bytes: a view where the machine is little-endian. */
export function littleEndianBytes(data: ArrayData): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (hostIsLittleEndian || data.BYTES_PER_ELEMENT === 1) return bytes;
  const copy = bytes.slice();
  swapBytes(copy, data.BYTES_PER_ELEMENT);
  return copy;
}

/** Bytes of a file as elements. The bytes are copied; `count` elements have to be there. */
export function elementsOf<T extends Dtype>(
  bytes: Uint8Array,
  dtype: T,
  count: number,
  bigEndian: boolean,
): DataOf[T] {
  const size = itemSize[dtype];
  // Not slice: of a Buffer that is a view.
  const copy = new Uint8Array(count * size);
  copy.set(bytes.subarray(0, count * size));
  if (size > 1 && bigEndian === hostIsLittleEndian) swapBytes(copy, size);
  const view = (): ArrayData => {
    switch (dtype) {
      case 'float32':
        return new Float32Array(copy.buffer, 0, count);
      case 'float64':
        return new Float64Array(copy.buffer, 0, count);
      case 'int64':
        return new BigInt64Array(copy.buffer, 0, count);
      case 'int32':
        return new Int32Array(copy.buffer, 0, count);
      case 'uint8':
      case 'bool':
        return copy;
    }
  };
  return view() as DataOf[T];
}

/** Half-precision numbers of a file, widened: each of them is a float32 exactly. */
export function floatsOfHalves(bytes: Uint8Array, count: number, bigEndian: boolean): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, count * 2);
  return Float32Array.from({ length: count }, (_, i) => {
    const half = view.getUint16(2 * i, !bigEndian);
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = (half & 0x3ff) / 1024;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
  });
}

/** A Fortran-ordered array (first axis fastest) brought into C order. */
export function fromFortranOrder<A extends { length: number; [index: number]: unknown }>(
  data: A,
  dims: readonly number[],
  empty: A,
): A {
  const strides = dims.map((_, axis) => elementCount(dims.slice(0, axis)));
  const index = dims.map(() => 0);
  for (let to = 0; to < data.length; to++) {
    let from = 0;
    for (let axis = 0; axis < dims.length; axis++) from += index[axis] * strides[axis];
    empty[to] = data[from];
    for (let axis = dims.length - 1; axis >= 0 && ++index[axis] === dims[axis]; axis--) index[axis] = 0;
  }
  return empty;
}

/** The numbers as float32, copied unless they are float32 already. */
export function asFloat32(array: { data: ArrayData }): Float32Array {
  const { data } = array;
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  return Float32Array.from(data);
}
