/** `.npy` files whole: what `numpy.save` and `numpy.load` write and read, for arrays of plain numbers. */
import { readFile } from 'node:fs/promises';
import { badInput } from '../failure';
import { cannotRead } from './file-failure';
import {
  dtypeOf,
  elementCount,
  fromFortranOrder,
  littleEndianBytes,
  type ArrayData,
  type DataOf,
  type Dtype,
  type NumericArray,
} from './array';
import { dataBytes, decodeHeader, encodeHeader, storedElements } from './npy-header';

/**
 * An array as the bytes of a `.npy` file (version 1.0, C order, little-endian).
 * @param data `dims`-shaped, row-major
 */
export function encodeNpy(
  data: ArrayData,
  dims: readonly number[],
  options: { dtype?: Dtype; comment?: string } = {},
): Uint8Array {
  if (data.length !== elementCount(dims)) {
    throw new Error(`${data.length} elements do not have the shape [${dims.join(', ')}].`);
  }
  const header = encodeHeader(options.dtype ?? dtypeOf(data), dims, { comment: options.comment });
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(littleEndianBytes(data), header.length);
  return bytes;
}

/**
 * Reads the bytes of a `.npy` file into C order.
 * @param name how messages name the file
 * @throws Failure for anything but a whole file of numbers; a truncated one is named with expected and actual size
 */
export function decodeNpy(bytes: Uint8Array, name: string): NumericArray & { comment: string | null } {
  const header = decodeHeader(bytes, name);
  if (header.dtype === 'object') {
    throw badInput(`${name} holds a pickled Python object where an array of numbers is expected.`);
  }
  const expected = header.offset + dataBytes(header, name);
  if (bytes.length < expected) {
    throw badInput(
      `${name} is cut off: its shape [${header.dims.join(', ')}] needs ${expected} bytes, it has ${bytes.length}. Copy or make it again.`,
    );
  }
  const count = elementCount(header.dims);
  const { dtype } = header;
  const stored = storedElements(bytes.subarray(header.offset), { ...header, dtype }, count);
  const data =
    header.fortran && header.dims.length > 1 ? fromFortranOrder(stored, header.dims, stored.slice()) : stored;
  return { dtype: header.dtype, data, dims: header.dims, comment: header.comment };
}

/** Reads a `.npy` file of numbers. @throws Failure when it is missing, truncated, or something else. */
export async function readNpy(file: string): Promise<NumericArray> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw cannotRead(file, error);
  });
  const { dtype, data, dims } = decodeNpy(bytes, file);
  return { dtype, data, dims };
}

/** True where the array has this type; narrows its data. */
export function hasDtype<T extends Dtype>(array: NumericArray, dtype: T): array is NumericArray<T> {
  return array.dtype === dtype;
}

export type { DataOf };
