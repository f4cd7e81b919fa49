/**
 * Tails and quantiles of Student's t and of the gamma distribution: the two that `measure` falls back on where
 * resamples run out. Own code because the modular libraries that have them build native add-ons at install.
 */

/** ln Γ(x) for x > 0, by Lanczos' approximation (g = 7, 9 terms; relative error about 1e-15). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum = 0.99999999999980993;
  for (let i = 0; i < lanczos.length; i++) sum += lanczos[i] / (z + i + 1);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

const tiny = 1e-300;
const precision = 1e-15;

/** P(X ≤ x) for X ~ gamma(shape, scale 1): by its series below the mean, by its continued fraction above. */
export function gammaCdf(x: number, shape: number): number {
  if (!(x > 0)) return 0;
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let k = 1; k < 100_000 && term > sum * precision; k++) {
      term *= x / (shape + k);
      sum += term;
    }
    return Math.min(1, front * sum);
  }
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 100_000; i++) {
    const a = -i * (i - shape);
    b += 2;
    d = 1 / avoidZero(a * d + b);
    c = avoidZero(b + a / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < precision) break;
  }
  return Math.max(0, 1 - front * h);
}

/** The x with P(X ≤ x) = p for X ~ gamma(shape, scale 1); 0 for p = 0. */
export function gammaQuantile(p: number, shape: number): number {
  if (!(p > 0)) return 0;
  let high = Math.max(shape, 1);
  while (gammaCdf(high, shape) < p) high *= 2;
  return bisect((x) => gammaCdf(x, shape) < p, 0, high);
}

/** P(T ≥ t) for Student's t with `freedom` degrees of freedom. Exact far into the tail. */
export function studentTail(t: number, freedom: number): number {
  if (t === Infinity) return 0;
  const half = 0.5 * incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
  return t >= 0 ? half : 1 - half;
}

/** The t > 0 with P(T ≥ t) = tail, for tail in (0, 0.5). */
export function studentQuantile(tail: number, freedom: number): number {
  let high = 1;
  while (studentTail(high, freedom) > tail) high *= 2;
  return bisect((t) => studentTail(t, freedom) > tail, 0, high);
}

/** I_x(a, b), the regularised incomplete beta function, by its continued fraction (modified Lentz). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast only below the mean; above it the mirrored one does.
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / avoidZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / avoidZero(1 + even * d);
    c = avoidZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / avoidZero(1 + odd * d);
    c = avoidZero(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < precision) break;
  }
  return h;
}

const avoidZero = (x: number): number => (Math.abs(x) < tiny ? tiny : x);

/** The point where `below` turns from true to false, to the last bits of a double. */
function bisect(below: (x: number) => boolean, low: number, high: number): number {
  for (let i = 0; i < 100 && high - low > precision * high; i++) {
    const middle = (low + high) / 2;
    if (below(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
