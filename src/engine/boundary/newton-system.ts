/**
 * The linear system of a Newton step of the SVM: (R + σ Σ_J x xᵀ) step = right side, over a set J of codes that
 * changes from step to step. R is 1 on w and nearly 0 on the intercept.
 *
 * Forming and factorising the matrix is most of an SVM's time, so it is done only when it pays: while J is much larger
 * than the number of unknowns the matrix is well conditioned and conjugate gradients need no help; later the last
 * factor, taken for a slightly different J, preconditions them. When neither converges soon the matrix is brought up
 * to date (codes that entered or left J since) and factorised.
 */
import type { DesignMatrix } from './design-matrix';
import { factorise, NormalMatrix, solveFactorised } from './normal-matrix';

/** Relative residual of a solve, in the preconditioner's norm: Newton's steps need no more. */
const precision = 0.01;
/** About as many iterations as a factorisation costs. */
const factoredIterations = 20;
const plainIterations = 60;

export class NewtonSystem {
  readonly #p: number;
  readonly #normal: NormalMatrix;
  /** The codes that `#normal` is the sum over. */
  readonly #summed: Uint8Array;
  readonly #factor: Float64Array;
  /** σ of the factor; 0 before the first one. */
  #factorSigma = 0;
  readonly #rows: Uint32Array;
  #count = 0;
  readonly #changed: Uint32Array;
  readonly #rowValues: Float64Array;
  readonly #residual: Float64Array;
  readonly #scaled: Float64Array;
  readonly #direction: Float64Array;
  readonly #image: Float64Array;

  constructor(readonly design: DesignMatrix) {
    const p = (this.#p = design.stride);
    this.#normal = new NormalMatrix(p);
    this.#summed = new Uint8Array(design.n);
    this.#factor = new Float64Array(p * p);
    this.#rows = new Uint32Array(design.n);
    this.#changed = new Uint32Array(design.n);
    this.#rowValues = new Float64Array(design.n);
    this.#residual = new Float64Array(p);
    this.#scaled = new Float64Array(p);
    this.#direction = new Float64Array(p);
    this.#image = new Float64Array(p);
  }

  /**
   * Solves in place.
   * @param inside `[n]`, 1 for the codes of J
   * @param b `[D + 1]`: the right side, then the step
   */
  solve(inside: Uint8Array, sigma: number, b: Float64Array): void {
    this.#count = 0;
    let changes = 0;
    for (let i = 0; i < inside.length; i++) {
      if (inside[i] === 1) this.#rows[this.#count++] = i;
      if (inside[i] !== this.#summed[i]) changes += 1;
    }
    if (this.#count > 1.5 * this.#p) {
      if (this.#conjugateGradients(sigma, b, false)) return;
    } else if (this.#factorSigma === sigma && changes < this.#p / 4) {
      if (this.#conjugateGradients(sigma, b, true)) return;
    }
    this.#refactorise(inside, sigma);
    solveFactorised(this.#factor, this.#p, b);
  }

  #refactorise(inside: Uint8Array, sigma: number): void {
    const p = this.#p;
    for (const entering of [1, 0]) {
      let count = 0;
      for (let i = 0; i < inside.length; i++) {
        if (inside[i] === entering && this.#summed[i] !== entering) {
          this.#changed[count++] = i;
          this.#summed[i] = entering;
        }
      }
      this.#normal.add(this.design.x, this.#changed, count, entering === 1 ? 1 : -1);
    }
    for (let k = 0; k < p * p; k++) this.#factor[k] = sigma * this.#normal.values[k];
    for (let j = 0; j < p; j++) this.#factor[j * p + j] += this.#ridge(j, sigma);
    factorise(this.#factor, p);
    this.#factorSigma = sigma;
  }

  /** R. Without a code in J the intercept's row is empty: a little of its own keeps the matrix positive definite. */
  #ridge(j: number, sigma: number): number {
    return j < this.#p - 1 ? 1 : 1e-8 * sigma;
  }

  /** False, and `b` untouched, when the iterations allowed did not suffice. */
  #conjugateGradients(sigma: number, b: Float64Array, factored: boolean): boolean {
    const p = this.#p;
    const residual = this.#residual;
    const scaled = this.#scaled;
    const direction = this.#direction;
    const image = this.#image;
    const step = new Float64Array(p);
    residual.set(b);
    const precondition = () => {
      scaled.set(residual);
      if (factored) solveFactorised(this.#factor, p, scaled);
    };
    precondition();
    direction.set(scaled);
    let rho = dot(residual, scaled);
    const target = precision * precision * rho;
    const limit = factored ? factoredIterations : plainIterations;
    for (let k = 0; rho > target; k++) {
      if (k === limit) return false;
      this.#apply(sigma, direction, image);
      const t = rho / dot(direction, image);
      for (let j = 0; j < p; j++) {
        step[j] += t * direction[j];
        residual[j] -= t * image[j];
      }
      precondition();
      const next = dot(residual, scaled);
      for (let j = 0; j < p; j++) direction[j] = scaled[j] + (next / rho) * direction[j];
      rho = next;
    }
    if (!step.every(Number.isFinite)) return false;
    b.set(step);
    return true;
  }

  #apply(sigma: number, v: Float64Array, out: Float64Array): void {
    this.design.timesRows(v, this.#rows, this.#count, this.#rowValues);
    out.fill(0);
    this.design.addTransposed(this.#rowValues, this.#rows, this.#count, out);
    for (let j = 0; j < this.#p; j++) out[j] = this.#ridge(j, sigma) * v[j] + sigma * out[j];
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let j = 0; j < a.length; j++) s += a[j] * b[j];
  return s;
}
