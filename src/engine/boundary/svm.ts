/**
 * The linear support vector machine: minimise ½‖w‖² + C Σ max(0, 1 − y_i (w · x_i + b)) over w and b, the intercept
 * unpenalised as in libsvm (the reference code's classifier).
 *
 * How: the method of multipliers with semismooth Newton steps (Yan & Li, "An efficient augmented Lagrangian method
 * for support vector machine", 2020). Each outer step minimises a smoothed hinge, whose quadratic part has width
 * C / σ about the current multipliers α, in (w, b) by Newton's method; then α ← clip(α + σ (1 − y f), 0, C), and σ
 * grows. A Newton step solves a system of D + 1 unknowns over the codes on the quadratic part only.
 *
 * Why: on thousands of noisily labelled codes in hundreds of dimensions as many multipliers as dimensions end up
 * free, and first-order dual steps (libsvm's pairs, coordinate descent) creep: libsvm takes 10⁷ steps for 4,000 × 512
 * with 10 % of the labels flipped. This takes some sixty Newton steps there; the benchmark prints the ratio.
 */
import type { DesignMatrix } from './design-matrix';
import type { LinearFit } from './linear-fit';
import { NewtonSystem } from './newton-system';

export interface SvmOptions {
  C: number;
  /** Stop at this relative duality gap, once it says enough of the direction too. */
  tolerance?: number;
}

const maximumOuter = 60;
const maximumInner = 60;

/** Fits the SVM. `labels` are ±1, both present. */
export function fitSvm(
  design: DesignMatrix,
  labels: Int8Array,
  { C, tolerance = 1e-4 }: SvmOptions,
): LinearFit {
  const problem = new SmoothedHinge(design, labels, C);
  let best: Omit<LinearFit, 'iterations'> | null = null;
  for (let outer = 0; outer < maximumOuter; outer++) {
    problem.minimise();
    const candidate = problem.certify();
    if (best === null || candidate.gap! < best.gap!) best = candidate;
    if (best.gap! <= tolerance && isDirectionKnown(best)) break;
    problem.updateMultipliers(candidate.gap! * candidate.objective);
  }
  return { ...best!, iterations: problem.newtonSteps };
}

/** The gap that may be left, as a part of ½‖w‖²: a cosine of 0.9995 at least. Relative gaps below the second are rounding. */
const [directionTolerance, roundingGap] = [1e-3, 1e-12];

/**
 * Where the hinge outweighs ½‖w‖² (small codes, a small C) a gap that is small beside the objective is not beside w. The
 * objective is 1-strongly convex in w: ½‖w − w*‖² is at most the gap.
 */
function isDirectionKnown({ w, gap, objective }: Omit<LinearFit, 'iterations'>): boolean {
  let square = 0;
  for (const x of w) square += x * x;
  return gap! * objective <= directionTolerance * 0.5 * square || gap! <= roundingGap;
}

/** The subproblem of one outer step, and the state carried from one to the next. */
class SmoothedHinge {
  newtonSteps = 0;
  readonly #n: number;
  /** D + 1: w and the intercept. */
  readonly #p: number;
  readonly #u: Float64Array;
  /** y f at u, its change along the step, and the multipliers. */
  readonly #margin: Float64Array;
  readonly #slope: Float64Array;
  readonly #alpha: Float64Array;
  /** α + σ (1 − y f), and clipped to [0, C]. */
  readonly #trial: Float64Array;
  readonly #clipped: Float64Array;
  /** Sums of clipped · x over either class, `[p]`. */
  readonly #sums: [Float64Array, Float64Array];
  readonly #step: Float64Array;
  /** 1 for the codes on the quadratic part. */
  readonly #quadratic: Uint8Array;
  readonly #system: NewtonSystem;
  readonly #rows: Uint32Array;
  #sigma: number;
  /** Length of the gradient that ends a subproblem. */
  #enough = Infinity;

  constructor(
    readonly design: DesignMatrix,
    readonly labels: Int8Array,
    readonly C: number,
  ) {
    const n = (this.#n = design.n);
    const p = (this.#p = design.stride);
    this.#u = new Float64Array(p);
    this.#margin = new Float64Array(n);
    this.#slope = new Float64Array(n);
    this.#alpha = new Float64Array(n);
    this.#trial = new Float64Array(n);
    this.#clipped = new Float64Array(n);
    this.#sums = [new Float64Array(p), new Float64Array(p)];
    this.#step = new Float64Array(p);
    this.#quadratic = new Uint8Array(n);
    this.#system = new NewtonSystem(design);
    this.#rows = new Uint32Array(n);
    // The first quadratic part spans margins from 0 to 1.
    this.#sigma = C;
  }

  /** Newton's method on the subproblem, until its gradient is small. */
  minimise(): void {
    for (let inner = 0; inner <= maximumInner; inner++) {
      this.#evaluate();
      const small = this.#gradient();
      if ((inner > 0 && small) || inner === maximumInner) return;
      this.#solve();
      this.#move();
      this.newtonSteps += 1;
    }
  }

  /**
   * Begins the next outer step.
   * @param gap of the last one, absolute. The subproblem's gradient g adds ½‖g‖² to the gap, so that it has to be
   *   minimised to a part of what is left and no better.
   */
  updateMultipliers(gap: number): void {
    this.#alpha.set(this.#clipped);
    this.#enough = Math.sqrt(0.05 * gap);
    // Beyond this the quadratic part is narrower than the margins' own rounding.
    this.#sigma = Math.min(2 * this.#sigma, 1e7 * this.C);
  }

  #evaluate(): void {
    const { C } = this;
    for (let i = 0; i < this.#n; i++) {
      const v = this.#alpha[i] + this.#sigma * (1 - this.#margin[i]);
      this.#trial[i] = v;
      this.#clipped[i] = v <= 0 ? 0 : v >= C ? C : v;
    }
  }

  /** Minus the gradient into `#step`; whether it is small. */
  #gradient(): boolean {
    for (const positive of [0, 1]) {
      let count = 0;
      for (let i = 0; i < this.#n; i++) {
        if (this.#clipped[i] > 0 && this.labels[i] > 0 === (positive === 1)) this.#rows[count++] = i;
      }
      this.#sums[positive].fill(0);
      this.design.addTransposed(this.#clipped, this.#rows, count, this.#sums[positive]);
    }
    const [negatives, positives] = this.#sums;
    let gradient = 0;
    let length = 0;
    for (let j = 0; j < this.#p; j++) {
      const penalty = j < this.#p - 1 ? this.#u[j] : 0;
      this.#step[j] = positives[j] - negatives[j] - penalty;
      gradient += this.#step[j] ** 2;
      length += penalty * penalty;
    }
    return Math.sqrt(gradient) <= Math.min(0.1 * Math.sqrt(length), this.#enough);
  }

  /** The Newton step, over the codes on the quadratic part. */
  #solve(): void {
    for (let i = 0; i < this.#n; i++)
      this.#quadratic[i] = this.#trial[i] > 0 && this.#trial[i] < this.C ? 1 : 0;
    this.#system.solve(this.#quadratic, this.#sigma, this.#step);
  }

  /** Goes along the step to where the subproblem is least on it. */
  #move(): void {
    const p = this.#p;
    this.design.times(this.#step, this.#slope);
    for (let i = 0; i < this.#n; i++) this.#slope[i] *= this.labels[i];
    let linear = 0;
    let square = 0;
    for (let j = 0; j < p - 1; j++) {
      linear += this.#u[j] * this.#step[j];
      square += this.#step[j] ** 2;
    }
    const t = this.#leastAlong(linear, square);
    for (let j = 0; j < p; j++) this.#u[j] += t * this.#step[j];
    for (let i = 0; i < this.#n; i++) this.#margin[i] += t * this.#slope[i];
  }

  /** The zero of the derivative along the step, which rises in t: bracketed, then regula falsi with bisection. */
  #leastAlong(linear: number, square: number): number {
    const { C } = this;
    const derivative = (t: number): number => {
      let sum = linear + t * square;
      for (let i = 0; i < this.#n; i++) {
        const v = this.#trial[i] - t * this.#sigma * this.#slope[i];
        sum -= this.#slope[i] * (v <= 0 ? 0 : v >= C ? C : v);
      }
      return sum;
    };
    let low = 0;
    let atLow = derivative(0);
    const first = Math.abs(atLow);
    let high = 1;
    let atHigh = derivative(1);
    if (Math.abs(atHigh) <= 0.1 * first) return 1;
    while (atHigh < 0 && high < 64) {
      low = high;
      atLow = atHigh;
      high *= 2;
      atHigh = derivative(high);
    }
    for (let k = 0; k < 60; k++) {
      const t = k % 3 === 2 ? (low + high) / 2 : low + ((high - low) * atLow) / (atLow - atHigh);
      const at = derivative(t);
      if (Math.abs(at) <= 0.01 * first) return t;
      if (at < 0) {
        low = t;
        atLow = at;
      } else {
        high = t;
        atHigh = at;
      }
    }
    return (low + high) / 2;
  }

  /** The best primal and dual values at hand: the primal with the exact best intercept for w, the dual made feasible. */
  certify(): Omit<LinearFit, 'iterations'> {
    const { C, labels } = this;
    const n = this.#n;
    const D = this.#p - 1;
    let positives = 0;
    let positiveSum = 0;
    let negativeSum = 0;
    let support = 0;
    for (let i = 0; i < n; i++) {
      if (labels[i] > 0) {
        positives += 1;
        positiveSum += this.#clipped[i];
      } else negativeSum += this.#clipped[i];
      if (this.#clipped[i] > 0) support += 1;
    }
    // Σ α y = 0 holds at the optimum; here the heavier class is scaled down to the lighter one.
    const level = Math.min(positiveSum, negativeSum);
    const scale = [negativeSum > 0 ? level / negativeSum : 0, positiveSum > 0 ? level / positiveSum : 0];
    let dualSquare = 0;
    let square = 0;
    for (let j = 0; j < D; j++) {
      dualSquare += (scale[1] * this.#sums[1][j] - scale[0] * this.#sums[0][j]) ** 2;
      square += this.#u[j] ** 2;
    }
    const dual = 2 * level - 0.5 * dualSquare;

    // Σ hinge as a function of b falls by one a positive, and each breakpoint y − w · x raises its slope by one.
    const breakpoints = new Float64Array(n);
    for (let i = 0; i < n; i++) breakpoints[i] = labels[i] * (1 - this.#margin[i]) + this.#u[D];
    breakpoints.sort();
    const intercept = (breakpoints[positives - 1] + breakpoints[positives]) / 2;
    let hinge = 0;
    for (let i = 0; i < n; i++) {
      hinge += Math.max(0, 1 - this.#margin[i] - labels[i] * (intercept - this.#u[D]));
    }
    const objective = 0.5 * square + C * hinge;
    const w = this.#u.slice(0, D);
    return {
      w,
      intercept: this.design.originalIntercept(w, intercept),
      objective,
      gap: (objective - dual) / objective,
      support,
    };
  }
}
