/** The numbers and texts of pickles, as its protocols write them. */

/** Bytes of an integer written as LONG; larger ones have no use in these files and cost quadratic time. */
const longestInteger = 256;

/** What is wrong with the bytes; `readPickle` makes a sentence of it. */
export const damaged = (reason: string): Error => new Error(reason);

export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
export const utf8 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');

const asInteger = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;

export function integerFromText(text: string): number | bigint {
  if (!/^[+-]?\d+$/.test(text) || text.length > 2 * longestInteger) throw damaged('a number that is none');
  return asInteger(BigInt(text.replace(/^\+/, '')));
}

/** Two's complement, little-endian. */
export function integerFromBytes(bytes: Uint8Array): number | bigint {
  if (bytes.length > longestInteger) throw damaged('a number that is too long');
  if (bytes.length === 0) return 0;
  const hex = Buffer.from(bytes).reverse().toString('hex');
  return asInteger(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`)));
}

export function floatFromText(text: string): number {
  const special: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
  if (Object.hasOwn(special, text)) return special[text];
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw damaged('a number that is none');
  return Number(text);
}

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** A Python string literal, as protocol 0 writes strings. */
export function stringFromRepr(text: string): string {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (!quoted) throw damaged('a text without quotes');
  return quoted[2].replace(/\\(x[0-9a-fA-F]{2}|.)/gs, (_, what: string) =>
    what.length === 3 ? String.fromCharCode(parseInt(what.slice(1), 16)) : (escapes[what] ?? `\\${what}`),
  );
}

/** Python's raw-unicode-escape: only \uXXXX and \UXXXXXXXX are special. */
export function unicodeFromText(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (_, short?: string, long?: string) => {
    const point = parseInt(short ?? long ?? '0', 16);
    if (point > 0x10ffff) throw damaged('a character that is none');
    return short ? String.fromCharCode(point) : String.fromCodePoint(point);
  });
}
