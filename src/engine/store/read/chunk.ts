/**
 * One chunk of a series: a `.npy` file whose header ends in `# sha256 <hex>`, the hash of the header's dictionary
 * and of the data. Python sees a comment there; we see a file that was torn or changed.
 */
import {
  dtypeOf,
  elementCount,
  littleEndianBytes,
  type ArrayData,
  type Dtype,
  type NumericArray,
} from '../../formats/array';
import { decodeNpy, encodeNpy } from '../../formats/npy';
import { decodeHeader, headerText } from '../../formats/npy-header';
import { sha256 } from '../../canonical';

/** The bytes of a chunk's file. */
export function encodeChunk(
  data: ArrayData,
  dims: readonly number[],
  dtype: Dtype = dtypeOf(data),
): Uint8Array {
  const sum = sha256(headerText(dtype, dims), littleEndianBytes(data));
  return encodeNpy(data, dims, { dtype, comment: `sha256 ${sum}` });
}

/** The array of a chunk's file, or null where the file is torn, changed, or not a chunk at all. */
export function decodeChunk(bytes: Uint8Array): NumericArray | null {
  try {
    const header = decodeHeader(bytes, 'chunk');
    const sum = /^sha256 ([0-9a-f]{64})$/.exec(header.comment ?? '')?.[1];
    if (sum === undefined || sum !== sha256(header.text, bytes.subarray(header.offset))) return null;
    const { dtype, data, dims } = decodeNpy(bytes, 'chunk');
    return data.length === elementCount(dims) ? { dtype, data, dims } : null;
  } catch {
    // Whatever a reader could say about such a file, the answer is the same: the chunk is not there.
    return null;
  }
}
