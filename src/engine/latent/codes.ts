/** Codes z ~ N(0, I), drawn by index: sample i of a seed is the same on every machine, in every shard, for any N. */
import { Failure } from '../failure';
import { normalPair } from './elementary';
import { indexWords, keyOf, philoxInto, type Purpose } from './philox';

/** Which codes: everything but the range of indices. */
export interface CodeSource {
  /** A whole number in [0, 2^53). */
  readonly seed: number;
  readonly purpose: Purpose;
  /** Numbers a code. Element j of a code does not depend on it. */
  readonly dim: number;
}

/**
 * Codes `first` … `first + count − 1` of a source, `[count, dim]`, standard normal, float32.
 *
 * However a range is cut, the codes are the same: code i is made of the Philox blocks of (seed, purpose, i), four
 * elements a block by two Box–Muller pairs.
 *
 * @param out written and returned where given; of `count · dim` elements at least.
 * @throws Failure when the seed or an index is not a whole number in [0, 2^53).
 */
export function drawCodes(
  source: CodeSource,
  first: number,
  count: number,
  out: Float32Array = new Float32Array(count * source.dim),
): Float32Array {
  const { dim } = source;
  if (!Number.isSafeInteger(dim) || dim < 1 || !Number.isSafeInteger(count) || count < 0) {
    throw new Failure('bad-input', `${count} codes of ${dim} numbers were asked for: use whole numbers.`);
  }
  if (out.length < count * dim) {
    throw new RangeError(`drawCodes: ${count} × ${dim} codes do not fit in an array of ${out.length}.`);
  }
  const [k0, k1] = keyOf(source.seed, source.purpose);
  const words = new Uint32Array(4);
  const tail = new Float32Array(4);
  const whole = dim - (dim % 4);
  if (count > 0) indexWords(first + count - 1); // the whole range is checked before any of it is drawn
  for (let i = 0; i < count; i++) {
    const [c2, c3] = indexWords(first + i);
    const row = i * dim;
    for (let j = 0; j < whole; j += 4) {
      philoxInto(words, j >>> 2, 0, c2, c3, k0, k1);
      normalPair(words[0], words[1], out, row + j);
      normalPair(words[2], words[3], out, row + j + 2);
    }
    if (whole < dim) {
      philoxInto(words, whole >>> 2, 0, c2, c3, k0, k1);
      normalPair(words[0], words[1], tail, 0);
      normalPair(words[2], words[3], tail, 2);
      for (let j = whole; j < dim; j++) out[row + j] = tail[j - whole]!;
    }
  }
  return out;
}

/**
 * Divides each code by its root mean square, in place: `[n, dim]`, norm √dim afterwards (the pixel normalisation of
 * style-based generators). The root is taken in double precision; an all-zero code stays zero.
 */
export function pixelNormalise(codes: Float32Array, dim: number): Float32Array {
  for (let row = 0; row < codes.length; row += dim) {
    let squares = 0;
    for (let j = 0; j < dim; j++) squares += codes[row + j] * codes[row + j];
    const rms = Math.sqrt(squares / dim);
    if (rms > 0) for (let j = 0; j < dim; j++) codes[row + j] = codes[row + j] / rms;
  }
  return codes;
}
