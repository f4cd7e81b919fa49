/** The constructors that pickles may name: numpy's arrays and numbers, and Python's plain containers. */
import { elementCount, elementsOf, fromFortranOrder, itemSize, type ArrayData, type Dtype } from './array';

/** A numpy array out of a pickle, in C order. `items` of objects or strings; `data` of numbers. */
export class PickledArray {
  constructor(
    readonly dims: number[],
    readonly dtype: Dtype | 'object' | 'string',
    readonly data: ArrayData | unknown[],
  ) {}
}

/** A numpy type as pickles describe it. */
class PickledDtype {
  order = '<';
  constructor(readonly code: string) {}

  get bigEndian(): boolean {
    return this.order === '>';
  }

  /** U (4 bytes a character) and S (1 byte) have a length. */
  get text(): { length: number; wide: boolean } | null {
    const found = /^([US])(\d{1,6})$/.exec(this.code);
    return found && { length: Number(found[2]), wide: found[1] === 'U' };
  }

  get number(): Dtype | null {
    const known: Record<string, Dtype> = {
      f4: 'float32',
      f8: 'float64',
      i8: 'int64',
      i4: 'int32',
      u1: 'uint8',
      b1: 'bool',
    };
    return Object.hasOwn(known, this.code) ? known[this.code] : null;
  }
}

const unfit = (reason: string): Error => new Error(reason);

/** Something that is made in two steps: constructed, then given its state. */
export class ArrayShell {
  private made: PickledArray | null = null;

  constructor(private readonly dtype?: PickledDtype) {}

  /** numpy's state: (version, shape, dtype, Fortran order, data) of an array, or (3, order, …) of a type. */
  build(state: unknown): void {
    if (!Array.isArray(state)) throw unfit('a state that is no tuple');
    if (this.dtype) {
      const order: unknown = state[1];
      if (order !== '<' && order !== '>' && order !== '|' && order !== '=')
        throw unfit('a byte order that is none');
      this.dtype.order = order;
      return;
    }
    const [shape, dtype, fortran, data] = state.slice(-4) as unknown[];
    this.made = arrayOf(shape, dtype, fortran === true, data);
  }

  finish(): PickledArray {
    if (!this.made) throw unfit('an array without contents');
    return this.made;
  }

  /** The type that this shell stands for. */
  type(): PickledDtype {
    if (!this.dtype) throw unfit('an array where a type is expected');
    return this.dtype;
  }
}

export type Constructible = unknown;

/** A name on the list, waiting for its arguments. */
export class Global {
  constructor(
    readonly name: string,
    readonly construct: (args: unknown[]) => Constructible,
  ) {}
}

function shapeOf(value: unknown): number[] {
  const dims: unknown[] = Array.isArray(value) ? value : [value];
  if (dims.length > 32 || !dims.every((d) => typeof d === 'number' && Number.isSafeInteger(d) && d >= 0)) {
    throw unfit('a shape that is none');
  }
  return dims as number[];
}

/** Bytes in whatever form a pickle has them: Python 2 wrote them as text. */
function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Buffer.from(value, 'latin1');
  throw unfit('an array without bytes');
}

function arrayOf(shape: unknown, dtype: unknown, fortran: boolean, data: unknown): PickledArray {
  const dims = shapeOf(shape);
  const count = elementCount(dims);
  if (!(dtype instanceof ArrayShell)) throw unfit('an array without a type');
  const type = dtype.type();
  const ordered = <A extends { length: number; [index: number]: unknown }>(values: A, empty: A): A =>
    fortran && dims.length > 1 ? fromFortranOrder(values, dims, empty) : values;

  if (type.code === 'O8' || type.code === 'O4' || type.code === 'O') {
    if (!Array.isArray(data) || data.length !== count) throw unfit('objects that do not fill their shape');
    return new PickledArray(
      dims,
      'object',
      ordered<unknown[]>([...(data as unknown[])], [...(data as unknown[])]),
    );
  }
  const bytes = bytesOf(data);
  if (type.text) {
    const texts = textsOf(bytes, type, count);
    return new PickledArray(dims, 'string', ordered<unknown[]>(texts, [...texts]));
  }
  const number = type.number;
  if (!number) throw unfit(`numbers of type '${type.code.slice(0, 20)}'`);
  if (bytes.length !== count * itemSize[number]) throw unfit('numbers that do not fill their shape');
  const values = elementsOf(bytes, number, count, type.bigEndian);
  return new PickledArray(dims, number, ordered<ArrayData>(values, values.slice()));
}

/** Texts of fixed length; the padding is cut off. */
function textsOf(bytes: Uint8Array, type: PickledDtype, count: number): string[] {
  const { length, wide } = type.text ?? { length: 0, wide: false };
  const size = length * (wide ? 4 : 1);
  if (bytes.length !== count * size || (size === 0 && count > 0))
    throw unfit('texts that do not fill their shape');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => {
    let text = '';
    for (let k = 0; k < length; k++) {
      const point = wide ? view.getUint32(i * size + 4 * k, !type.bigEndian) : bytes[i * size + k];
      if (point > 0x10ffff) throw unfit('a character that is none');
      text += String.fromCodePoint(point);
    }
    return text.replace(/\0+$/, '');
  });
}

function scalar(args: unknown[]): unknown {
  const [dtype, bytes] = args;
  const array = arrayOf(
    [],
    dtype,
    false,
    dtype instanceof ArrayShell && /^O/.test(dtype.type().code) ? [bytes] : bytes,
  );
  const value: unknown = array.data[0];
  return typeof value === 'bigint' ? Number(value) : array.dtype === 'bool' ? value === 1 : value;
}

function dictionary(args: unknown[]): Map<unknown, unknown> {
  const [items = []] = args;
  if (items instanceof Map) return items as Map<unknown, unknown>;
  if (!Array.isArray(items)) throw unfit('a dictionary of something else');
  return new Map(
    (items as unknown[]).map((pair) => {
      if (!Array.isArray(pair) || pair.length !== 2) throw unfit('a dictionary of something else');
      return pair as [unknown, unknown];
    }),
  );
}

const list = (args: unknown[]): unknown[] => {
  const [items = []] = args;
  if (!Array.isArray(items)) throw unfit('a list of something else');
  return items as unknown[];
};

/** The plain value itself, where it is one of the right kind. */
const plain =
  (empty: unknown, fits: (value: unknown) => boolean) =>
  (args: unknown[]): unknown => {
    const value = args.length === 0 ? empty : args[0];
    if (args.length > 1 || !fits(value)) throw unfit('a conversion of one value into another');
    return value;
  };
const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';
const isText = (value: unknown): boolean => typeof value === 'string';

/** `codecs.encode(text, 'latin1')`: how protocols 0 to 2 write bytes. */
function encode(args: unknown[]): Uint8Array {
  const [text, codec = 'utf-8'] = args;
  if (typeof text !== 'string' || !['latin1', 'latin-1', 'utf-8', 'utf8', 'ascii'].includes(String(codec))) {
    throw unfit('an encoding that is not read');
  }
  return Buffer.from(text, String(codec).startsWith('utf') ? 'utf8' : 'latin1');
}

function dtype(args: unknown[]): ArrayShell {
  const code =
    typeof args[0] === 'string'
      ? args[0]
      : args[0] instanceof Uint8Array
        ? Buffer.from(args[0]).toString('latin1')
        : '';
  const order = /^[<>|=]/.exec(code)?.[0];
  const type = new PickledDtype(order ? code.slice(1) : code);
  if (order) type.order = order;
  return new ArrayShell(type);
}

/** Protocol 5: the array's bytes, type, shape and order at once. */
function fromBuffer(args: unknown[]): PickledArray {
  const [bytes, type, shape, order] = args;
  return arrayOf(shape, type, order === 'F', bytes);
}

/** numpy's own class, as an argument of `_reconstruct`. */
const arrayClass = (): never => {
  throw unfit('an array that is made by hand');
};

const entries: [string[], string[], (args: unknown[]) => Constructible][] = [
  [['numpy.core.multiarray', 'numpy._core.multiarray'], ['_reconstruct'], () => new ArrayShell()],
  [['numpy.core.multiarray', 'numpy._core.multiarray'], ['scalar'], scalar],
  [['numpy.core.numeric', 'numpy._core.numeric'], ['_frombuffer'], fromBuffer],
  [['numpy'], ['ndarray'], arrayClass],
  [['numpy'], ['dtype'], dtype],
  [['_codecs'], ['encode'], encode],
  [['builtins', '__builtin__'], ['dict'], dictionary],
  [['collections'], ['OrderedDict'], dictionary],
  [['builtins', '__builtin__'], ['list', 'tuple'], list],
  [['builtins', '__builtin__'], ['str', 'unicode'], plain('', isText)],
  [['builtins', '__builtin__'], ['bytes'], plain(new Uint8Array(0), (v) => v instanceof Uint8Array)],
  [['builtins', '__builtin__'], ['int', 'long', 'float'], plain(0, isNumber)],
  [['builtins', '__builtin__'], ['bool'], plain(false, (v) => typeof v === 'boolean')],
];

/** By `module.name`. */
export const allowedGlobals: ReadonlyMap<string, (args: unknown[]) => Constructible> = new Map(
  entries.flatMap(([modules, names, make]) =>
    modules.flatMap((module) => names.map((name) => [`${module}.${name}`, make] as const)),
  ),
);
