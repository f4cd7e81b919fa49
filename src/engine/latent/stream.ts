/** A sequence of random numbers for bootstraps, permutations and toys, where codes by index do not fit. */
import { normalPair } from './elementary';
import { highProduct, indexWords, keyOf, philoxInto, type Purpose } from './philox';

/**
 * The words of the Philox blocks of (seed, purpose, index), in order: two streams of different keys or indices are
 * independent, and a stream is the same on every machine. `normal()` agrees with `drawCodes` as long as nothing else
 * is drawn from the stream.
 */
export class Stream {
  readonly #k0: number;
  readonly #k1: number;
  readonly #c2: number;
  readonly #c3: number;
  #block = 0;
  #used = 4;
  readonly #words = new Uint32Array(4);
  readonly #pair = new Float64Array(2);
  #spare = false;

  /** @throws Failure when seed or index is not a whole number in [0, 2^53). */
  constructor(seed: number, purpose: Purpose, index: number) {
    [this.#k0, this.#k1] = keyOf(seed, purpose);
    [this.#c2, this.#c3] = indexWords(index);
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    if (this.#used === 4) {
      // 2^32 blocks: no use of a stream comes near it.
      philoxInto(this.#words, this.#block++, 0, this.#c2, this.#c3, this.#k0, this.#k1);
      this.#used = 0;
    }
    return this.#words[this.#used++];
  }

  /** A multiple of 2^-53 in [0, 1). */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  /** A standard normal, in double precision. */
  normal(): number {
    if (this.#spare) {
      this.#spare = false;
      return this.#pair[1];
    }
    const first = this.uint32();
    normalPair(first, this.uint32(), this.#pair, 0);
    this.#spare = true;
    return this.#pair[0];
  }

  /**
   * A whole number in [0, n), each exactly as likely, for 1 ≤ n ≤ 2^32: the high word of word × n, drawn again where
   * the low word falls into the incomplete part (Lemire, "Fast random integer generation in an interval", 2019).
   */
  below(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32)) {
      throw new RangeError(`Stream.below: ${n} is not a whole number in [1, 2^32].`);
    }
    if (n === 2 ** 32) return this.uint32();
    for (;;) {
      const word = this.uint32();
      const low = Math.imul(word, n) >>> 0;
      if (low >= n || low >= 2 ** 32 % n) return highProduct(word, n);
    }
  }

  /** The numbers 0 … n − 1 in random order, each order as likely (Fisher–Yates). */
  permutation(n: number): Uint32Array {
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = order[i];
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }
}
