/**
 * Logistic regression: minimise ½‖w‖² + C Σ ln(1 + exp(−y_i (w · x_i + b))), the intercept unpenalised, by Newton's
 * method with conjugate gradients for the step (Lin, Weng, Keerthi, "Trust region Newton method for logistic
 * regression", JMLR 2008, with a line search in place of the trust region). A step costs a few passes over the codes;
 * the D × D Hessian is never formed.
 */
import type { DesignMatrix } from './design-matrix';
import type { LinearFit } from './linear-fit';

const maximumSteps = 200;

/** Fits to a gradient below `tolerance` of the first one's. `labels` are ±1, both present. */
export function fitLogistic(
  design: DesignMatrix,
  labels: Int8Array,
  { C, tolerance = 1e-7 }: { C: number; tolerance?: number },
): LinearFit {
  const { n, stride: p, D } = design;
  const u = new Float64Array(p);
  const gradient = new Float64Array(p);
  const step = new Float64Array(p);
  const margin = new Float64Array(n);
  const slope = new Float64Array(n);
  const weight = new Float64Array(n);
  const curvature = new Float64Array(n);
  let objective = value(u, margin, C, D);
  let firstNorm = 0;
  let iterations = 0;
  for (; iterations < maximumSteps; iterations++) {
    for (let i = 0; i < n; i++) {
      const miss = 1 / (1 + Math.exp(margin[i]));
      weight[i] = -C * labels[i] * miss;
      curvature[i] = C * miss * (1 - miss);
    }
    gradient.fill(0);
    design.addTransposed(weight, design.everyRow, n, gradient);
    for (let j = 0; j < D; j++) gradient[j] += u[j];
    const norm = Math.hypot(...gradient);
    if (iterations === 0) firstNorm = norm;
    if (norm <= tolerance * firstNorm) break;
    newtonStep(design, curvature, gradient, Math.min(0.1, Math.sqrt(norm / firstNorm)), step);
    design.times(step, slope);
    let descent = 0;
    for (let j = 0; j < p; j++) descent += gradient[j] * step[j];
    for (let i = 0; i < n; i++) slope[i] *= labels[i];
    const next = lineSearch();
    if (next === null) break; // rounding is all that is left
    objective = next;
    function lineSearch(): number | null {
      const u0 = u.slice();
      const margin0 = margin.slice();
      for (let t = 1; t > 1e-10; t /= 2) {
        for (let j = 0; j < p; j++) u[j] = u0[j] + t * step[j];
        for (let i = 0; i < n; i++) margin[i] = margin0[i] + t * slope[i];
        const at = value(u, margin, C, D);
        if (at <= objective + 1e-4 * t * descent) return at;
      }
      u.set(u0);
      margin.set(margin0);
      return null;
    }
  }
  const w = u.slice(0, D);
  return {
    w,
    intercept: design.originalIntercept(w, u[D]),
    objective,
    gap: null,
    support: null,
    iterations,
  };
}

function value(u: Float64Array, margin: Float64Array, C: number, D: number): number {
  let square = 0;
  for (let j = 0; j < D; j++) square += u[j] * u[j];
  let loss = 0;
  for (const m of margin) loss += Math.log1p(Math.exp(-Math.abs(m))) + Math.max(0, -m);
  return 0.5 * square + C * loss;
}

/** Conjugate gradients, scaled by the Hessian's diagonal, on H step = −gradient, to a residual of `precision`. */
function newtonStep(
  design: DesignMatrix,
  curvature: Float64Array,
  gradient: Float64Array,
  precision: number,
  step: Float64Array,
): void {
  const { n, stride: p, D, x } = design;
  const diagonal = new Float64Array(p).fill(1);
  diagonal[D] = 0;
  for (let i = 0; i < n; i++) {
    const c = curvature[i];
    for (let j = 0; j < p; j++) diagonal[j] += c * x[i * p + j] * x[i * p + j];
  }
  diagonal[D] = Math.max(diagonal[D], 1e-300);
  const residual = gradient.map((g) => -g);
  const scaled = residual.map((r, j) => r / diagonal[j]);
  const direction = scaled.slice();
  const image = new Float64Array(p);
  const rows = new Float64Array(n);
  step.fill(0);
  let rho = dot(residual, scaled);
  const target = precision * precision * rho;
  for (let k = 0; k < 4 * p && rho > target; k++) {
    design.times(direction, rows);
    for (let i = 0; i < n; i++) rows[i] *= curvature[i];
    image.fill(0);
    design.addTransposed(rows, design.everyRow, n, image);
    for (let j = 0; j < D; j++) image[j] += direction[j];
    const along = dot(direction, image);
    if (!(along > 0)) break;
    const t = rho / along;
    for (let j = 0; j < p; j++) {
      step[j] += t * direction[j];
      residual[j] -= t * image[j];
      scaled[j] = residual[j] / diagonal[j];
    }
    const next = dot(residual, scaled);
    for (let j = 0; j < p; j++) direction[j] = scaled[j] + (next / rho) * direction[j];
    rho = next;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let j = 0; j < a.length; j++) s += a[j] * b[j];
  return s;
}
