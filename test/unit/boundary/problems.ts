/** The planted problems of test/fixtures/boundary.py, drawn again. */
import { drawCodes } from '../../../src/engine/latent';

export interface Problem {
  seed: number;
  n: number;
  dim: number;
  /** Share of labels flipped. */
  flipped?: number;
  positives?: number;
  duplicates?: number;
  constant?: number;
  offset?: number;
  scale?: number;
}

export interface Labelled {
  codes: Float32Array;
  labels: Int8Array;
  n: number;
  D: number;
  /** The direction by whose side codes are labelled, `[D]`. */
  planted: Float32Array;
}

export function problem(p: Problem): Labelled {
  const { seed, n, dim: D, flipped = 0, offset = 0, scale = 1, duplicates = 1 } = p;
  const draw = (dim: number, first: number, count: number) =>
    drawCodes({ seed, purpose: 'toy', dim }, first, count);
  const x = draw(D, 0, n);
  const planted = draw(D, 1_000_000, 1);
  const noise = draw(1, 2_000_000, n);
  const score = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < D; j++) score[i] += x[i * D + j] * planted[j];
  const cut = p.positives === undefined ? 0 : score.slice().sort()[n - p.positives];
  const threshold = flipped === 0 ? -Infinity : noise.slice().sort()[Math.round(n * flipped)];
  const codes = new Float32Array(n * D * duplicates);
  const labels = new Int8Array(n * duplicates);
  for (let copy = 0; copy < duplicates; copy++) {
    for (let i = 0; i < n; i++) {
      const row = copy * n + i;
      const side = score[i] >= cut ? 1 : -1;
      labels[row] = noise[i] < threshold ? -side : side;
      if (duplicates > 1 && copy === duplicates - 1 && i % 10 === 0) labels[row] *= -1;
      for (let j = 0; j < D; j++) {
        codes[row * D + j] = j === p.constant ? 5 : x[i * D + j] * scale + offset;
      }
    }
  }
  return { codes, labels, n: n * duplicates, D, planted };
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let j = 0; j < a.length; j++) {
    ab += a[j] * b[j];
    aa += a[j] * a[j];
    bb += b[j] * b[j];
  }
  return ab / Math.sqrt(aa * bb);
}
