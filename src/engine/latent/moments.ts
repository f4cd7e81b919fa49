/** Mean and covariance of a stream of codes, in memory that does not grow with their number. */

/** Rows whose products are summed while a part of the covariance is in registers and cache. */
const blockRows = 8;

/**
 * Streaming mean and covariance of rows `[·, D]` in double precision.
 *
 * Sums are taken about the first row (so that a large common offset costs no digits) and every sum runs over the rows
 * in the order in which they were added, one rounding an addition: however the rows are cut into chunks, the result
 * is the same to the byte.
 */
export class Moments {
  readonly D: number;
  #n = 0;
  readonly #origin: Float64Array;
  readonly #sum: Float64Array;
  /** Sums of products, the upper triangle with its diagonal, row after row. */
  readonly #products: Float64Array;
  /** The rows of one block about the origin, `[blockRows, D]`. */
  readonly #block: Float64Array;

  constructor(D: number) {
    this.D = D;
    this.#origin = new Float64Array(D);
    this.#sum = new Float64Array(D);
    this.#products = new Float64Array((D * (D + 1)) / 2);
    this.#block = new Float64Array(blockRows * D);
  }

  /** Rows seen so far. */
  get count(): number {
    return this.#n;
  }

  /** Adds `n` rows, `[n, D]`. */
  add(rows: Float32Array, n: number = rows.length / this.D): void {
    const { D } = this;
    if (!Number.isInteger(n) || rows.length < n * D) {
      throw new RangeError(`Moments.add: ${rows.length} numbers are not ${n} rows of ${D}.`);
    }
    if (this.#n === 0 && n > 0) for (let j = 0; j < D; j++) this.#origin[j] = rows[j]!;
    for (let first = 0; first < n; first += blockRows) {
      const inBlock = Math.min(blockRows, n - first);
      this.#block.fill(0);
      for (let r = 0; r < inBlock; r++) {
        for (let j = 0; j < D; j++) {
          const x = rows[(first + r) * D + j] - this.#origin[j];
          this.#block[r * D + j] = x;
          this.#sum[j] = this.#sum[j] + x;
        }
      }
      if (inBlock === blockRows) this.#addWholeBlock();
      else this.#addRows(inBlock);
    }
    this.#n += n;
  }

  /** Eight rows at a time: each sum is read and written once, its additions still in the rows' order. */
  #addWholeBlock(): void {
    const { D } = this;
    const block = this.#block;
    const products = this.#products;
    let at = 0;
    for (let i = 0; i < D; i++) {
      const a0 = block[i];
      const a1 = block[D + i];
      const a2 = block[2 * D + i];
      const a3 = block[3 * D + i];
      const a4 = block[4 * D + i];
      const a5 = block[5 * D + i];
      const a6 = block[6 * D + i];
      const a7 = block[7 * D + i];
      for (let j = i; j < D; j++, at++) {
        let s = products[at];
        s += a0 * block[j];
        s += a1 * block[D + j];
        s += a2 * block[2 * D + j];
        s += a3 * block[3 * D + j];
        s += a4 * block[4 * D + j];
        s += a5 * block[5 * D + j];
        s += a6 * block[6 * D + j];
        s += a7 * block[7 * D + j];
        products[at] = s;
      }
    }
  }

  #addRows(rows: number): void {
    const { D } = this;
    const block = this.#block;
    const products = this.#products;
    for (let r = 0; r < rows; r++) {
      let at = 0;
      for (let i = 0; i < D; i++) {
        const a = block[r * D + i];
        for (let j = i; j < D; j++, at++) products[at] = products[at] + a * block[r * D + j];
      }
    }
  }

  /** The mean row, `[D]`; zeros before the first row. */
  get mean(): Float64Array {
    const n = Math.max(this.#n, 1);
    return Float64Array.from(this.#sum, (sum, j) => this.#origin[j] + sum / n);
  }

  /**
   * The standard deviation of direction · row (divisor n − 1), for a direction `[D]` of any length.
   * @throws RangeError with fewer than two rows.
   */
  standardDeviation(direction: Float32Array | Float64Array): number {
    const { D } = this;
    const n = this.#n;
    if (n < 2) throw new RangeError(`Moments: a standard deviation needs two rows, there are ${n}.`);
    if (direction.length !== D) {
      throw new RangeError(`Moments: a direction of ${direction.length} for rows of ${D}.`);
    }
    let quadratic = 0;
    let linear = 0;
    let at = 0;
    for (let i = 0; i < D; i++) {
      const d = direction[i];
      linear += d * this.#sum[i];
      let row = 0.5 * d * this.#products[at++];
      for (let j = i + 1; j < D; j++) row += direction[j] * this.#products[at++];
      quadratic += 2 * d * row;
    }
    return Math.sqrt(Math.max(0, (quadratic - (linear * linear) / n) / (n - 1)));
  }
}
