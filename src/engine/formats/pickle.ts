/**
 * A reader of Python pickles that runs nothing: a fixed list of constructors is understood, anything else is refused
 * by its name. Protocols 0 to 5.
 *
 * Python's values become: None null, int number or bigint, str string, bytes Uint8Array, list and tuple arrays,
 * dict and OrderedDict Map, numpy arrays `PickledArray`, numpy scalars numbers or strings.
 * Strings of Python 2 are read as latin-1.
 */
import { badInput, Failure } from '../failure';
import { allowedGlobals, ArrayShell, Global, PickledArray, type Constructible } from './pickle-globals';
import {
  damaged,
  floatFromText,
  integerFromBytes,
  integerFromText,
  latin1,
  stringFromRepr,
  unicodeFromText,
  utf8,
} from './pickle-values';

export interface PickleLimits {
  /** Values on the stack or in the memo at once. */
  values: number;
  /** Containers within containers. */
  depth: number;
}
const defaultLimits: PickleLimits = { values: 4_000_000, depth: 200 };

/** Marks the beginning of a collection's items on the stack. */
const mark = Symbol('mark');

/**
 * Reads one pickle.
 * @param name how messages name the file
 * @throws Failure for a truncated or damaged pickle, one beyond the limits, or one that names anything not allowed
 */
export function readPickle(bytes: Uint8Array, name: string, limits: Partial<PickleLimits> = {}): unknown {
  try {
    return new PickleReader(bytes, name, { ...defaultLimits, ...limits }).read();
  } catch (error) {
    if (error instanceof Failure) throw error;
    // Whatever else a damaged pickle brings about (a stack that is empty, a shape that does not fit) means that.
    const reason = error instanceof Error ? error.message : String(error);
    throw badInput(`${name} is not a pickle that can be read: ${reason}. Copy or make it again.`, error);
  }
}

class PickleReader {
  private at = 0;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  private readonly depths = new WeakMap<object, number>();
  private readonly view: DataView;
  private marks = 0;
  private spent = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly name: string,
    private readonly limits: PickleLimits,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): unknown {
    for (;;) {
      const code = this.byte();
      if (code === 0x2e /* STOP */) {
        return settle(this.pop());
      }
      this.step(code);
      if (this.stack.length + this.memo.size > this.limits.values) {
        throw badInput(
          `${this.name} holds more than ${this.limits.values} pickled values, more than is read.`,
        );
      }
    }
  }

  private step(code: number): void {
    const { stack } = this;
    switch (String.fromCharCode(code)) {
      case '(':
        if (++this.marks > this.limits.depth) throw this.tooDeep();
        return void stack.push(mark);
      case '0':
        return void this.pop();
      case '1':
        return void this.sinceMark();
      case '2':
        return void stack.push(this.top());
      case 'N':
        return void stack.push(null);
      case '\x88':
        return void stack.push(true);
      case '\x89':
        return void stack.push(false);
      case 'I': {
        const text = this.line();
        return void stack.push(text === '01' ? true : text === '00' ? false : integerFromText(text));
      }
      case 'L':
        return void stack.push(integerFromText(this.line().replace(/L$/, '')));
      case 'F':
        return void stack.push(floatFromText(this.line()));
      case 'J':
        return void stack.push(this.take(4, (at) => this.view.getInt32(at, true)));
      case 'K':
        return void stack.push(this.byte());
      case 'M':
        return void stack.push(this.take(2, (at) => this.view.getUint16(at, true)));
      case 'G':
        return void stack.push(this.take(8, (at) => this.view.getFloat64(at)));
      case '\x8a':
        return void stack.push(integerFromBytes(this.raw(this.byte())));
      case '\x8b':
        return void stack.push(integerFromBytes(this.raw(this.length4())));
      case 'S':
        return void stack.push(stringFromRepr(this.line()));
      case 'V':
        return void stack.push(unicodeFromText(this.line()));
      case 'U':
        return void stack.push(latin1(this.raw(this.byte())));
      case 'T':
        return void stack.push(latin1(this.raw(this.length4())));
      case 'X':
        return void stack.push(utf8(this.raw(this.length4())));
      case '\x8c':
        return void stack.push(utf8(this.raw(this.byte())));
      case '\x8d':
        return void stack.push(utf8(this.raw(this.length8())));
      case 'C':
        return void stack.push(this.raw(this.byte()));
      case 'B':
        return void stack.push(this.raw(this.length4()));
      case '\x8e':
      case '\x96':
        return void stack.push(this.raw(this.length8()));
      case '\x98':
        return; // READONLY_BUFFER: the same bytes
      case ')':
      case ']':
        return void stack.push([]);
      case '}':
        return void stack.push(new Map());
      case 't':
      case 'l':
        return this.pushContainer(this.sinceMark());
      case '\x85':
        return this.pushContainer(this.last(1));
      case '\x86':
        return this.pushContainer(this.last(2));
      case '\x87':
        return this.pushContainer(this.last(3));
      case 'd': {
        const items = this.sinceMark();
        const map = new Map<unknown, unknown>();
        this.fill(map, items);
        return void stack.push(map);
      }
      case 'a': {
        const item = this.pop();
        return this.append(this.top(), [item]);
      }
      case 'e': {
        const items = this.sinceMark();
        return this.append(this.top(), items);
      }
      case 's': {
        const pair = this.last(2);
        return this.fill(this.top(), pair);
      }
      case 'u': {
        const items = this.sinceMark();
        return this.fill(this.top(), items);
      }
      case 'p':
        return this.remember(integerFromText(this.line()));
      case 'q':
        return this.remember(this.byte());
      case 'r':
        return this.remember(this.length4());
      case '\x94':
        return this.remember(this.memo.size);
      case 'g':
        return this.recall(integerFromText(this.line()));
      case 'h':
        return this.recall(this.byte());
      case 'j':
        return this.recall(this.length4());
      case 'c': {
        const module = this.line();
        return void stack.push(this.global(module, this.line()));
      }
      case '\x93': {
        const [module, name] = this.last(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw damaged('a name that is no text');
        return void stack.push(this.global(module, name));
      }
      case 'R':
      case '\x81': {
        const [callable, args] = this.last(2);
        return this.construct(callable, args);
      }
      case 'o': {
        const [callable, ...args] = this.sinceMark();
        return this.construct(callable, args);
      }
      case 'i': {
        const module = this.line();
        const callable = this.global(module, this.line());
        return this.construct(callable, this.sinceMark());
      }
      case 'b': {
        const state = this.pop();
        const target = this.top();
        if (!(target instanceof ArrayShell)) throw damaged('a state for something that takes none');
        if (Array.isArray(state)) this.spend(state as unknown[]);
        return target.build(state);
      }
      case '\x80': {
        const protocol = this.byte();
        if (protocol > 5)
          throw badInput(`${this.name} is a pickle of protocol ${protocol}; 0 to 5 are read.`);
        return;
      }
      case '\x95':
        return void this.length8();
      case 'P':
      case 'Q':
        throw badInput(
          `${this.name} refers to objects outside of itself (persistent ids), which are not read.`,
        );
      default:
        throw damaged(`an unknown instruction 0x${code.toString(16)} at byte ${this.at - 1}`);
    }
  }

  /** The constructor of that name. @throws Failure naming it where it is not on the list */
  private global(module: string, name: string): Global {
    const full = `${module}.${name}`;
    const found = allowedGlobals.get(full);
    if (!found) {
      throw badInput(
        `${this.name} wants to run ${JSON.stringify(full.slice(0, 200))} while it is opened. Only plain values and numpy arrays are read; ` +
          'save those alone, or convert the file where you trust it.',
      );
    }
    return new Global(full, found);
  }

  /**
   * Counts what is copied out of the file. Each byte of an honest file is copied once; one that copies the same
   * array a million times is a bomb.
   */
  private spend(values: unknown[]): void {
    for (const value of values) {
      if (Array.isArray(value) || typeof value === 'string' || value instanceof Uint8Array)
        this.spent += value.length;
      else if (value instanceof Map) this.spent += value.size;
    }
    if (this.spent > 16 * this.bytes.length + 1_000_000) {
      throw badInput(`${this.name} unpacks to far more than it holds, and is not read any further.`);
    }
  }

  private construct(callable: unknown, args: unknown): void {
    if (!(callable instanceof Global) || !Array.isArray(args))
      throw damaged('a call of something that is no constructor');
    this.spend(args);
    const value: Constructible = callable.construct(args as unknown[]);
    this.stack.push(value);
  }

  private pushContainer(items: unknown[]): void {
    this.note(items, items);
    this.stack.push(items);
  }

  private append(target: unknown, items: unknown[]): void {
    if (!Array.isArray(target)) throw damaged('items for something that is no list');
    this.note(target, items);
    for (const item of items) target.push(item);
  }

  private fill(target: unknown, items: unknown[]): void {
    if (!(target instanceof Map) || items.length % 2 !== 0)
      throw damaged('pairs for something that is no dictionary');
    this.note(target, items);
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  }

  /** Keeps count of how deep containers lie in each other. */
  private note(container: object, items: unknown[]): void {
    let depth = this.depths.get(container) ?? 1;
    for (const item of items) {
      if (typeof item === 'object' && item !== null)
        depth = Math.max(depth, (this.depths.get(item) ?? 1) + 1);
    }
    if (depth > this.limits.depth) throw this.tooDeep();
    this.depths.set(container, depth);
  }

  private tooDeep(): Failure {
    return badInput(`${this.name} nests more than ${this.limits.depth} levels deep, deeper than is read.`);
  }

  private remember(key: number | bigint): void {
    this.memo.set(Number(key), this.top());
  }

  private recall(key: number | bigint): void {
    if (!this.memo.has(Number(key))) throw damaged('it recalls what it never kept');
    this.stack.push(this.memo.get(Number(key)));
  }

  private top(): unknown {
    const value = this.stack[this.stack.length - 1];
    if (this.stack.length === 0 || value === mark) throw damaged('a value is missing');
    return value;
  }

  private pop(): unknown {
    if (this.stack.length === 0) throw damaged('a value is missing');
    const value = this.stack.pop();
    if (value === mark) this.marks--;
    return value;
  }

  private last(count: number): unknown[] {
    const items = this.stack.splice(Math.max(0, this.stack.length - count), count);
    if (items.length < count || items.includes(mark)) throw damaged('a value is missing');
    return items;
  }

  private sinceMark(): unknown[] {
    const at = this.stack.lastIndexOf(mark);
    if (at < 0) throw damaged('a mark is missing');
    this.marks--;
    return this.stack.splice(at).slice(1);
  }

  private raw(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw damaged(`it is cut off at byte ${this.bytes.length}`);
    return this.bytes.subarray(this.at, (this.at += length));
  }

  private take<T>(length: number, get: (at: number) => T): T {
    this.raw(length);
    return get(this.at - length);
  }

  private byte(): number {
    return this.raw(1)[0];
  }

  private length4(): number {
    return this.take(4, (at) => this.view.getUint32(at, true));
  }

  private length8(): number {
    return Number(this.take(8, (at) => this.view.getBigUint64(at, true)));
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw damaged(`it is cut off at byte ${this.bytes.length}`);
    const text = latin1(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }
}

/** Puts finished arrays in the place of those under construction, wherever they lie. */
function settle(root: unknown): unknown {
  const seen = new Set<object>();
  const waiting: object[] = [];
  const settled = (value: unknown): unknown => {
    const done: unknown = value instanceof ArrayShell ? value.finish() : value;
    if (done instanceof Global) throw damaged(`it holds the name ${done.name} itself`);
    if (typeof done === 'object' && done !== null && !ArrayBuffer.isView(done) && !seen.has(done)) {
      seen.add(done);
      waiting.push(done);
    }
    return done;
  };
  const value = settled(root);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const items: unknown = next instanceof PickledArray ? next.data : next;
    if (items instanceof Map) for (const [key, item] of items) items.set(key, settled(item));
    else if (Array.isArray(items)) items.forEach((item, i) => (items[i] = settled(item)));
  }
  return value;
}
