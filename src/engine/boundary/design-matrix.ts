/** The codes that a classifier is fitted to, centred and with a column of ones for the intercept. */

/**
 * Rows about their mean with a last column of ones, `[n, stride]`, `stride` = D + 1. Centring changes nothing about
 * a classifier with a free intercept and spares its linear systems a large common offset; `originalIntercept`
 * undoes it.
 */
export class DesignMatrix {
  readonly stride: number;
  readonly x: Float32Array;
  readonly mean: Float64Array;
  /** 0 … n − 1, for what takes a list of rows. */
  readonly everyRow: Uint32Array;

  /** @param codes `[n, D]`; read, not kept. */
  constructor(
    codes: Float32Array,
    readonly n: number,
    readonly D: number,
  ) {
    this.stride = D + 1;
    this.everyRow = Uint32Array.from({ length: n }, (_, i) => i);
    this.mean = new Float64Array(D);
    for (let i = 0; i < n; i++) for (let j = 0; j < D; j++) this.mean[j] += codes[i * D + j];
    for (let j = 0; j < D; j++) this.mean[j] /= n;
    this.x = new Float32Array(n * this.stride);
    for (let i = 0; i < n; i++) {
      const row = i * this.stride;
      for (let j = 0; j < D; j++) this.x[row + j] = codes[i * D + j] - this.mean[j];
      this.x[row + D] = 1;
    }
  }

  /** out = X v: `[n]` from `[D + 1]`. */
  times(v: Float64Array, out: Float64Array): void {
    this.timesRows(v, this.everyRow, this.n, out);
  }

  /** out[i] = x_i · v for the rows i named by `rows[0 … count − 1]`. Four rows at a time share the loads of v. */
  timesRows(v: Float64Array, rows: Uint32Array, count: number, out: Float64Array): void {
    const { x, stride } = this;
    let k = 0;
    for (; k + 4 <= count; k += 4) {
      const r0 = rows[k] * stride;
      const r1 = rows[k + 1] * stride;
      const r2 = rows[k + 2] * stride;
      const r3 = rows[k + 3] * stride;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let j = 0; j < stride; j++) {
        const b = v[j];
        s0 += b * x[r0 + j];
        s1 += b * x[r1 + j];
        s2 += b * x[r2 + j];
        s3 += b * x[r3 + j];
      }
      out[rows[k]] = s0;
      out[rows[k + 1]] = s1;
      out[rows[k + 2]] = s2;
      out[rows[k + 3]] = s3;
    }
    for (; k < count; k++) {
      let s = 0;
      for (let j = 0; j < stride; j++) s += v[j] * x[rows[k] * stride + j];
      out[rows[k]] = s;
    }
  }

  /** out += Xᵀ c over the rows named by `rows[0 … count − 1]`: `[D + 1]`; `c` is indexed by row of X. */
  addTransposed(c: Float64Array, rows: Uint32Array, count: number, out: Float64Array): void {
    const { x, stride } = this;
    let k = 0;
    for (; k + 4 <= count; k += 4) {
      const c0 = c[rows[k]];
      const c1 = c[rows[k + 1]];
      const c2 = c[rows[k + 2]];
      const c3 = c[rows[k + 3]];
      const r0 = rows[k] * stride;
      const r1 = rows[k + 1] * stride;
      const r2 = rows[k + 2] * stride;
      const r3 = rows[k + 3] * stride;
      for (let j = 0; j < stride; j++) {
        out[j] += c0 * x[r0 + j] + c1 * x[r1 + j] + (c2 * x[r2 + j] + c3 * x[r3 + j]);
      }
    }
    for (; k < count; k++) {
      const c0 = c[rows[k]];
      const r0 = rows[k] * stride;
      for (let j = 0; j < stride; j++) out[j] += c0 * x[r0 + j];
    }
  }

  /** The intercept for codes as they came, from the one for centred codes. */
  originalIntercept(w: Float64Array, intercept: number): number {
    let shift = 0;
    for (let j = 0; j < this.D; j++) shift += w[j] * this.mean[j];
    return intercept - shift;
  }
}
