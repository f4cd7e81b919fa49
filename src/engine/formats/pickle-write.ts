/** Writes the pickles that `numpy.load(file, allow_pickle=True)[()]` gives back as dictionaries (protocol 4). */
import { littleEndianBytes, type ArrayData } from './array';
import { encodeHeader } from './npy-header';

/** What can be written. A Map is a dict, an array a list. */
export type Picklable =
  | null
  | boolean
  | number
  | string
  | Picklable[]
  | ReadonlyMap<string | number, Picklable>
  | { array: Float32Array | Float64Array | BigInt64Array; dims: number[] };

/** Instructions of a pickle, as they are put together. */
export class PickleWriter {
  private readonly parts: Uint8Array[] = [];

  private code(text: string): this {
    this.parts.push(Buffer.from(text, 'latin1'));
    return this;
  }

  private number(value: number): this {
    const bytes = Buffer.alloc(9);
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0)) {
      bytes.write('J', 'latin1');
      bytes.writeInt32LE(value, 1);
      this.parts.push(bytes.subarray(0, 5));
    } else {
      bytes.write('G', 'latin1');
      bytes.writeDoubleBE(value, 1);
      this.parts.push(bytes);
    }
    return this;
  }

  private text(value: string): this {
    const bytes = Buffer.from(value, 'utf8');
    const head = Buffer.from('X\0\0\0\0', 'latin1');
    head.writeUInt32LE(bytes.length, 1);
    this.parts.push(head, bytes);
    return this;
  }

  value(value: Picklable): this {
    if (value === null) return this.code('N');
    if (typeof value === 'boolean') return this.code(value ? '\x88' : '\x89');
    if (typeof value === 'number') return this.number(value);
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) {
      this.code('](');
      for (const item of value) this.value(item);
      return this.code('e');
    }
    if ('array' in value) {
      this.arrayStart(descriptionOf(value.array), value.dims, value.array.byteLength);
      this.parts.push(littleEndianBytes(value.array));
      return this.arrayEnd();
    }
    this.code('}(');
    for (const [key, item] of value) this.value(key).value(item);
    return this.code('u');
  }

  /** All of an array but its bytes, which have to follow. @param type numpy's: `f4` */
  arrayStart(type: string, dims: readonly number[], byteLength: number): this {
    this.reconstruct(type, dims);
    const head = Buffer.from('\x8e\0\0\0\0\0\0\0\0', 'latin1');
    head.writeBigUInt64LE(BigInt(byteLength), 1);
    this.parts.push(head);
    return this;
  }

  /** What follows an array's bytes. */
  arrayEnd(): this {
    return this.code('tb');
  }

  /** The numpy array of no dimensions that holds one object, up to that object. */
  objectStart(): this {
    return this.code('\x80\x04').reconstruct('O8', []).code('](');
  }

  /** The end of `objectStart`, and of the pickle. */
  objectEnd(): this {
    return this.code('etb.');
  }

  /** The beginning of a dictionary whose pairs follow by `value`; `dictionaryEnd` closes it. */
  dictionaryStart(): this {
    return this.code('}(');
  }
  dictionaryEnd(): this {
    return this.code('u');
  }

  /** `_reconstruct(ndarray, (0,), b'b')` and its state up to the data: version, shape, type, Fortran order. */
  private reconstruct(type: string, dims: readonly number[]): this {
    // numpy 2 keeps this old name for pickles.
    this.code('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01(');
    for (const size of dims) this.number(size);
    this.code('tcnumpy\ndtype\n').text(type).code('\x89\x88\x87R(K\x03');
    this.text(type === 'O8' ? '|' : '<')
      .code('NNN')
      .number(-1)
      .number(-1);
    return this.code(type === 'O8' ? 'K?tb\x89' : 'K\0tb\x89');
  }

  /** Takes the bytes written so far. */
  take(): Uint8Array {
    const bytes = Buffer.concat(this.parts);
    this.parts.length = 0;
    return bytes;
  }
}

function descriptionOf(data: ArrayData): string {
  if (data instanceof Float32Array) return 'f4';
  return data instanceof Float64Array ? 'f8' : 'i8';
}

/** A `.npy` file that holds one Python object: `numpy.load(file, allow_pickle=True)[()]` gives it back. */
export function encodeObjectNpy(value: Picklable): Uint8Array {
  const pickle = new PickleWriter().objectStart().value(value).objectEnd().take();
  return Buffer.concat([encodeHeader('object', []), pickle]);
}
