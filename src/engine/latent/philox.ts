/**
 * Philox 4×32-10, a counter-based generator: a bijection of 128-bit counters under a 64-bit key, so that any number
 * of the sequence can be had without the ones before it. Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As
 * Easy as 1, 2, 3", SC 2011, section 4.3.
 *
 * How this project lays out key and counter (never change it: every stored result names its codes by it):
 *
 * | word | holds                                                             |
 * | ---- | ----------------------------------------------------------------- |
 * | k0   | the seed's low 32 bits                                            |
 * | k1   | the seed's high 21 bits, and the purpose's number in bits 24 … 31 |
 * | c0   | the block within the sample, from 0: four 32-bit words a block     |
 * | c1   | 0                                                                 |
 * | c2   | the sample index's low 32 bits                                    |
 * | c3   | the sample index's high 21 bits                                   |
 *
 * Seeds and indices are whole numbers below 2^53, so no two of (seed, purpose, index, block) share a block.
 */
import { Failure } from '../failure';

/** What a random number is for: two purposes never share numbers, whatever their seeds and indices. */
export type Purpose = 'probe' | 'rescore' | 'null' | 'jitter' | 'bootstrap' | 'split' | 'transition' | 'toy';

/** Numbers are for ever: add new purposes at the end. */
const purposeNumbers: Record<Purpose, number> = {
  probe: 1,
  rescore: 2,
  null: 3,
  jitter: 4,
  bootstrap: 5,
  split: 6,
  transition: 7,
  toy: 8,
};

/** A block of four unsigned 32-bit words, or a counter. */
export type Words4 = [number, number, number, number];

/**
 * The high word of a 32 × 32-bit product, from 16-bit halves. Every partial sum stays below 2^32, so the `>>> 0`s
 * keep them exact; measured faster than going through doubles.
 */
function highProduct(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const carry = (Math.imul(ah, bl) + (Math.imul(al, bl) >>> 16)) >>> 0;
  const middle = (Math.imul(al, bh) + (carry & 0xffff)) >>> 0;
  return (Math.imul(ah, bh) + (carry >>> 16) + (middle >>> 16)) >>> 0;
}

/** 32 × 32 → high word, for unbiased scaling of a random word. */
export { highProduct };

/** Ten rounds on counter (c0 … c3) under key (k0, k1), into `out[0 … 3]`. The inner loop of everything here. */
export function philoxInto(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(c0, 0xd2511f53);
    const low0 = Math.imul(c0, 0xd2511f53);
    const high1 = highProduct(c2, 0xcd9e8d57);
    const low1 = Math.imul(c2, 0xcd9e8d57);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    // The Weyl sequence of the key schedule: golden ratio and √3 − 1.
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** One block: four unsigned 32-bit words from a counter and a key of unsigned 32-bit words. */
export function philox4x32(counter: Readonly<Words4>, key: readonly [number, number]): Words4 {
  const out = new Uint32Array(4);
  philoxInto(out, counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return [out[0], out[1], out[2], out[3]];
}

function requireWhole(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new Failure(
      'bad-input',
      `The ${what} of a random draw is ${value}: use a whole number from 0 to 2^53 − 1.`,
    );
  }
}

/** The key of (seed, purpose). @throws Failure when the seed is not a whole number in [0, 2^53). */
export function keyOf(seed: number, purpose: Purpose): [number, number] {
  requireWhole(seed, 'seed');
  return [seed >>> 0, (Math.floor(seed / 2 ** 32) | (purposeNumbers[purpose] << 24)) >>> 0];
}

/** Counter words c2, c3 of a sample index. @throws Failure when it is not a whole number in [0, 2^53). */
export function indexWords(index: number): [number, number] {
  requireWhole(index, 'sample index');
  return [index >>> 0, Math.floor(index / 2 ** 32)];
}
