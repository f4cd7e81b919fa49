/** The header of a `.npy` file: a Python dictionary literal that says type, order and shape. */
import { badInput } from '../failure';
import { elementCount, elementsOf, floatsOfHalves, itemSize, type ArrayData, type Dtype } from './array';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
/** NumPy itself refuses longer ones. */
const longestHeader = 10_000;

export interface NpyHeader {
  /** `object`: what follows is a pickle. */
  dtype: Dtype | 'object';
  /** Stored as float16, read as float32. */
  half: boolean;
  bigEndian: boolean;
  fortran: boolean;
  dims: number[];
  /** Where the data starts, in bytes. */
  offset: number;
  /** The dictionary as it is written, and what stands behind `#` after it (Python reads it as a comment). */
  text: string;
  comment: string | null;
}

const descriptions: Record<Dtype, string> = {
  float32: '<f4',
  float64: '<f8',
  int64: '<i8',
  int32: '<i4',
  uint8: '|u1',
  bool: '|b1',
};

/** A NumPy type description (`<f4`) as one of ours, or null where it is not read. */
export function dtypeFromDescription(
  description: string,
): Pick<NpyHeader, 'dtype' | 'half' | 'bigEndian'> | null {
  const order = /^[<>|=]/.test(description) ? description[0] : '<';
  const type = description.replace(/^[<>|=]/, '');
  const known: Record<string, Dtype | 'object'> = {
    f2: 'float32',
    f4: 'float32',
    f8: 'float64',
    i8: 'int64',
    i4: 'int32',
    u1: 'uint8',
    b1: 'bool',
    O: 'object',
    O8: 'object',
  };
  return Object.hasOwn(known, type)
    ? { dtype: known[type], half: type === 'f2', bigEndian: order === '>' }
    : null;
}

/** The dictionary for an array of this type and shape, as NumPy writes it. */
export function headerText(dtype: Dtype | 'object', dims: readonly number[]): string {
  const shape = dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(', ')})`;
  const description = dtype === 'object' ? '|O' : descriptions[dtype];
  return `{'descr': '${description}', 'fortran_order': False, 'shape': ${shape}, }`;
}

/**
 * A version 1.0 header. The data after it starts at a multiple of 64 bytes.
 * @param room the least length of the text, so that a larger shape can take its place later
 */
export function encodeHeader(
  dtype: Dtype | 'object',
  dims: readonly number[],
  { comment, room = 0 }: { comment?: string; room?: number } = {},
): Uint8Array {
  const text = headerText(dtype, dims) + (comment === undefined ? '' : ` # ${comment}`);
  const total = Math.ceil((10 + Math.max(text.length, room) + 1) / 64) * 64;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set(magic);
  bytes.set([1, 0, (total - 10) & 0xff, (total - 10) >> 8], 6);
  bytes.set(Buffer.from(text, 'latin1'), 10);
  bytes[total - 1] = 0x0a;
  return bytes;
}

/**
 * Reads the header of a `.npy` file.
 * @param bytes the file, or its beginning (10 KB hold every header)
 * @param name how messages name the file
 * @throws Failure when this is not a `.npy` file of a kind we read
 */
export function decodeHeader(bytes: Uint8Array, name: string): NpyHeader {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw badInput(
      `${name} is not a .npy file: it does not start with NumPy's mark. Save it with numpy.save.`,
    );
  }
  const version = bytes[6];
  if (version < 1 || version > 3) {
    throw badInput(`${name} is a .npy file of version ${version}.${bytes[7]}; versions 1 to 3 are read.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : bytes.length < 12 ? 0 : view.getUint32(8, true);
  if (length > longestHeader) {
    throw badInput(
      `${name} has a header of ${length} bytes, more than the ${longestHeader} that NumPy accepts.`,
    );
  }
  if (bytes.length < start + length) {
    throw badInput(
      `${name} is cut off within its header: ${bytes.length} bytes of at least ${start + length}. Copy or make it again.`,
    );
  }
  const line = Buffer.from(bytes.subarray(start, start + length)).toString(version === 3 ? 'utf8' : 'latin1');
  return { ...parseDictionary(line, name), offset: start + length };
}

const strange = (name: string, why: string) =>
  badInput(`${name} has a .npy header that is not read: ${why}.`);

/** Reads the three entries of the dictionary; everything else in it is an error, as it is for NumPy. */
function parseDictionary(line: string, name: string): Omit<NpyHeader, 'offset'> {
  const end = line.indexOf('}');
  if (!line.trimStart().startsWith('{') || end < 0) throw strange(name, 'it is not a dictionary');
  const text = line.slice(0, end + 1);
  const rest = line.slice(end + 1).trim();
  if (rest !== '' && !rest.startsWith('#')) throw strange(name, 'something follows the dictionary');
  const comment = rest === '' ? null : rest.slice(1).trim();

  const description = /['"]descr['"]\s*:\s*(['"])([^'"]*)\1/.exec(text)?.[2];
  if (description === undefined)
    throw strange(name, "'descr' is not a plain type (structured arrays are not read)");
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (order === undefined || shape === undefined)
    throw strange(name, "'fortran_order' or 'shape' is missing");
  const type = dtypeFromDescription(description);
  if (!type) {
    throw badInput(
      `${name} holds numbers of type '${description}'; float16, float32, float64, int64, int32, uint8 and bool are read. ` +
        'Convert it with .astype and save it again.',
    );
  }
  const dims = shape
    .split(',')
    .map((part) => part.trim().replace(/L$/, ''))
    .filter((part) => part !== '')
    .map(Number);
  if (dims.length > 32 || dims.some((d) => !Number.isSafeInteger(d)))
    throw strange(name, `a shape of (${shape})`);
  return { ...type, fortran: order === 'True', dims, text, comment };
}

/** Bytes of one element as it is stored. */
export function bytesOfElement({ dtype, half }: Pick<NpyHeader, 'dtype' | 'half'>): number {
  if (dtype === 'object') throw new Error('Python objects have no size of their own.');
  return half ? 2 : itemSize[dtype];
}

/** Stored bytes as elements; float16 is widened. The bytes are copied. */
export function storedElements(
  bytes: Uint8Array,
  { dtype, half, bigEndian }: Pick<NpyHeader, 'half' | 'bigEndian'> & { dtype: Dtype },
  count: number,
): ArrayData {
  return half ? floatsOfHalves(bytes, count, bigEndian) : elementsOf(bytes, dtype, count, bigEndian);
}

/** Bytes that the data of this header takes. */
export function dataBytes(header: NpyHeader, name: string): number {
  if (header.dtype === 'object') throw badInput(`${name} holds Python objects, not numbers.`);
  const bytes = elementCount(header.dims) * bytesOfElement(header);
  if (!Number.isSafeInteger(bytes)) throw strange(name, `a shape of (${header.dims.join(', ')})`);
  return bytes;
}
