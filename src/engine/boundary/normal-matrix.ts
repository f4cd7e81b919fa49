/** Dense symmetric algebra in double precision, for the D × D systems of the classifiers. */

/** Rows taken at once, so that each entry of the matrix is read and written once for eight products. */
const blockRows = 8;

/**
 * A sum of outer products of rows, Σ s_i x_i x_iᵀ, `[D, D]`: rows come and go, the sum follows. The lower triangle is
 * kept, row after row with stride D.
 */
export class NormalMatrix {
  readonly values: Float64Array;
  readonly #block: Float64Array;

  constructor(readonly D: number) {
    this.values = new Float64Array(D * D);
    this.#block = new Float64Array(blockRows * D);
  }

  /**
   * Adds `sign` times the outer products of the named rows of `x` `[·, D]`.
   * @param rows indices of rows; `count` of them are taken.
   */
  add(x: Float32Array, rows: Uint32Array, count: number, sign: number): void {
    const { D, values } = this;
    const block = this.#block;
    for (let first = 0; first < count; first += blockRows) {
      const inBlock = Math.min(blockRows, count - first);
      for (let r = 0; r < inBlock; r++) {
        const from = rows[first + r] * D;
        for (let j = 0; j < D; j++) block[r * D + j] = x[from + j];
      }
      block.fill(0, inBlock * D);
      for (let i = 0; i < D; i++) {
        const a0 = sign * block[i];
        const a1 = sign * block[D + i];
        const a2 = sign * block[2 * D + i];
        const a3 = sign * block[3 * D + i];
        const a4 = sign * block[4 * D + i];
        const a5 = sign * block[5 * D + i];
        const a6 = sign * block[6 * D + i];
        const a7 = sign * block[7 * D + i];
        const row = i * D;
        for (let j = 0; j <= i; j++) {
          values[row + j] +=
            a0 * block[j] +
            a1 * block[D + j] +
            (a2 * block[2 * D + j] + a3 * block[3 * D + j]) +
            (a4 * block[4 * D + j] + a5 * block[5 * D + j] + (a6 * block[6 * D + j] + a7 * block[7 * D + j]));
        }
      }
    }
  }
}

/**
 * Cholesky's factor of a symmetric positive definite matrix `[D, D]` (lower triangle, stride D), in place.
 * A pivot that rounding made non-positive is replaced by a tiny one, which blocks its direction: callers' systems
 * are positive definite but for rounding.
 */
export function factorise(a: Float64Array, D: number): void {
  for (let i = 0; i < D; i++) {
    const row = i * D;
    let j = 0;
    // Four columns at a time: their dot products with row i share its loads.
    for (; j + 4 <= i; j += 4) {
      const r0 = j * D;
      const r1 = r0 + D;
      const r2 = r1 + D;
      const r3 = r2 + D;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < j; k++) {
        const v = a[row + k];
        s0 += v * a[r0 + k];
        s1 += v * a[r1 + k];
        s2 += v * a[r2 + k];
        s3 += v * a[r3 + k];
      }
      const v0 = (a[row + j] - s0) / a[r0 + j];
      const v1 = (a[row + j + 1] - s1 - v0 * a[r1 + j]) / a[r1 + j + 1];
      const v2 = (a[row + j + 2] - s2 - v0 * a[r2 + j] - v1 * a[r2 + j + 1]) / a[r2 + j + 2];
      a[row + j] = v0;
      a[row + j + 1] = v1;
      a[row + j + 2] = v2;
      a[row + j + 3] =
        (a[row + j + 3] - s3 - v0 * a[r3 + j] - v1 * a[r3 + j + 1] - v2 * a[r3 + j + 2]) / a[r3 + j + 3];
    }
    for (; j < i; j++) {
      let s = a[row + j];
      for (let k = 0; k < j; k++) s -= a[row + k] * a[j * D + k];
      a[row + j] = s / a[j * D + j];
    }
    let pivot = a[row + i];
    const original = pivot;
    for (let k = 0; k < i; k++) pivot -= a[row + k] * a[row + k];
    a[row + i] = pivot > 1e-14 * original ? Math.sqrt(pivot) : 1e100;
  }
}

/** Solves L Lᵀ x = b in place, with the factor that `factorise` left. */
export function solveFactorised(factor: Float64Array, D: number, b: Float64Array): void {
  for (let i = 0; i < D; i++) {
    let s = b[i];
    for (let k = 0; k < i; k++) s -= factor[i * D + k] * b[k];
    b[i] = s / factor[i * D + i];
  }
  for (let i = D - 1; i >= 0; i--) {
    const x = b[i] / factor[i * D + i];
    b[i] = x;
    for (let k = 0; k < i; k++) b[k] -= factor[i * D + k] * x;
  }
}
