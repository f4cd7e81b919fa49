/**
 * Linear discriminant analysis: w = Σ⁻¹ (μ₊ − μ₋) with the within-class covariance Σ shrunk after Ledoit and Wolf
 * ("A well-conditioned estimator for large-dimensional covariance matrices", 2004), so that it exists for fewer codes
 * than dimensions. As in scikit-learn's `LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")`: each class's
 * covariance is shrunk in units of its columns' standard deviations, and the two are weighted by their shares.
 */
import type { DesignMatrix } from './design-matrix';
import type { LinearFit } from './linear-fit';
import { factorise, NormalMatrix, solveFactorised } from './normal-matrix';

/** Fits LDA. `labels` are ±1, both present. */
export function fitLda(design: DesignMatrix, labels: Int8Array): LinearFit {
  const { n, D } = design;
  const covariance = new Float64Array(D * D);
  const classes = [1, -1].map((sign) => {
    const rows = Uint32Array.from(
      Array.from({ length: n }, (_, i) => i).filter((i) => labels[i] > 0 === sign > 0),
    );
    return { rows, mean: addClassCovariance(design, rows, covariance) };
  });
  const [positives, negatives] = classes;
  const difference = new Float64Array(D).map((_, j) => positives.mean[j] - negatives.mean[j]);
  let trace = 0;
  for (let j = 0; j < D; j++) trace += covariance[j * D + j];
  // One code a class leaves no spread to whiten by: the direction is then the difference itself.
  if (trace === 0) for (let j = 0; j < D; j++) covariance[j * D + j] = 1;
  factorise(covariance, D);
  const w = difference.slice();
  solveFactorised(covariance, D, w);
  let distance = 0;
  let middle = 0;
  for (let j = 0; j < D; j++) {
    distance += w[j] * difference[j];
    middle += (w[j] * (positives.mean[j] + negatives.mean[j])) / 2;
  }
  const intercept = Math.log(positives.rows.length / negatives.rows.length) - middle;
  return {
    w,
    intercept: design.originalIntercept(w, intercept),
    objective: distance,
    gap: null,
    support: null,
    iterations: 1,
  };
}

/** Adds a class's share of the covariance to `sum` (lower triangle) and returns its mean, `[D]`. */
function addClassCovariance(design: DesignMatrix, rows: Uint32Array, sum: Float64Array): Float64Array {
  const { D, stride, x, n } = design;
  const count = rows.length;
  const mean = new Float64Array(D);
  for (const row of rows) for (let j = 0; j < D; j++) mean[j] += x[row * stride + j];
  for (let j = 0; j < D; j++) mean[j] /= count;
  const scale = new Float64Array(D);
  for (const row of rows) for (let j = 0; j < D; j++) scale[j] += (x[row * stride + j] - mean[j]) ** 2;
  for (let j = 0; j < D; j++) scale[j] = Math.sqrt(scale[j] / count) || 1;

  const standardised = new Float32Array(count * D);
  let fourth = 0; // Σ_i ‖x_i‖⁴
  for (let r = 0; r < count; r++) {
    let square = 0;
    for (let j = 0; j < D; j++) {
      const value = (x[rows[r] * stride + j] - mean[j]) / scale[j];
      standardised[r * D + j] = value;
      square += value * value;
    }
    fourth += square * square;
  }
  const products = new NormalMatrix(D);
  products.add(
    standardised,
    Uint32Array.from({ length: count }, (_, r) => r),
    count,
    1 / count,
  );
  const S = products.values;
  let trace = 0;
  let frobenius = 0;
  for (let i = 0; i < D; i++) {
    trace += S[i * D + i];
    frobenius += S[i * D + i] ** 2;
    for (let j = 0; j < i; j++) frobenius += 2 * S[i * D + j] ** 2;
  }
  const level = trace / D;
  // Their β² and δ²: the estimate's own noise, and how far it is from a multiple of the identity.
  const spread = frobenius - D * level * level;
  const noise = Math.min((fourth / count - frobenius) / count, spread);
  const shrinkage = noise > 0 ? noise / spread : 0;
  const share = count / n;
  for (let i = 0; i < D; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (1 - shrinkage) * S[i * D + j] + (i === j ? shrinkage * level : 0);
      sum[i * D + j] += share * scale[i] * scale[j] * value;
    }
  }
  return mean;
}
