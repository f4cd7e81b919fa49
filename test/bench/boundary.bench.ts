/**
 * The SVM against libsvm's SVC (npm's libsvm-js: libsvm 3.22 as WebAssembly, its own default tolerance) on the same
 * codes, with 10 % of the labels flipped.
 */
import { createRequire } from 'node:module';
import { fitLinear } from '../../src/engine/boundary';
import { drawCodes, Stream } from '../../src/engine/latent';
import { median, type Benchmark } from './benchmark';

/** The part of libsvm-js that is used here; the package has no types. */
interface LibSvm {
  train(samples: number[][], labels: number[]): void;
  serializeModel(): string;
}
type LibSvmConstructor = { new (options: Record<string, unknown>): LibSvm } & Record<
  'KERNEL_TYPES' | 'SVM_TYPES',
  Record<string, string>
>;

const n = 4000;
const D = 512;
const C = 1;

/** Labels by the side of a planted direction, a tenth of them flipped. */
function problem(): { codes: Float32Array; labels: Int8Array } {
  const codes = drawCodes({ seed: 1, purpose: 'toy', dim: D }, 0, n);
  const direction = drawCodes({ seed: 1001, purpose: 'toy', dim: D }, 0, 1);
  const stream = new Stream(1, 'toy', n);
  const labels = new Int8Array(n);
  for (let i = 0; i < n; i++) {
    let score = 0;
    for (let j = 0; j < D; j++) score += codes[i * D + j] * direction[j];
    const side = score > 0 ? 1 : -1;
    labels[i] = stream.uniform() < 0.1 ? -side : side;
  }
  return { codes, labels };
}

/** The weights out of libsvm's text format: Σ coefficient · support vector, towards the label 1. */
function weights(model: string): Float64Array {
  const w = new Float64Array(D);
  const lines = model.trim().split('\n');
  const firstIsPositive = lines.find((line) => line.startsWith('label'))!.split(' ')[1] === '1';
  for (const line of lines.slice(lines.indexOf('SV') + 1)) {
    const [coefficient, ...elements] = line.trim().split(' ');
    for (const element of elements) {
      const [index, value] = element.split(':');
      w[Number(index) - 1] += Number(coefficient) * Number(value);
    }
  }
  return firstIsPositive ? w : w.map((x) => -x);
}

function cosine(a: Float64Array, b: Float64Array): number {
  let ab = 0;
  for (let j = 0; j < a.length; j++) ab += a[j] * b[j];
  return ab / (Math.hypot(...a) * Math.hypot(...b));
}

export const benchmark: Benchmark = {
  name: 'boundary',
  goal: 'a boundary of 4,000 × 512 codes, 10 % of the labels flipped, ≥ 20 × faster than libsvm, cosine ≥ 0.999',
  async run(note) {
    const { codes, labels } = problem();
    let fit = fitLinear('svm', codes, labels, n, D, { C });
    const ours = median(3, () => (fit = fitLinear('svm', codes, labels, n, D, { C })));
    note(`ours: ${(ours / 1000).toFixed(2)} s, gap ${fit.gap!.toExponential(1)}; libsvm takes minutes …`);

    const Svm = await (createRequire(import.meta.url)('libsvm-js') as Promise<LibSvmConstructor>);
    const libsvm = new Svm({
      ...{ kernel: Svm.KERNEL_TYPES.LINEAR, type: Svm.SVM_TYPES.C_SVC, cost: C },
      ...{ epsilon: 1e-3, cacheSize: 200, quiet: true },
    });
    const rows = Array.from({ length: n }, (_, i) => Array.from(codes.subarray(i * D, (i + 1) * D)));
    const start = performance.now();
    libsvm.train(rows, Array.from(labels));
    const theirs = performance.now() - start;
    const alike = cosine(fit.w, weights(libsvm.serializeModel()));
    return [
      {
        what: `SVM, ${n} × ${D}, 10 % flipped, time`,
        ours: `${(ours / 1000).toFixed(2)} s`,
        against: `libsvm: ${(theirs / 1000).toFixed(1)} s`,
        ratio: theirs / ours,
        goal: '≥ 20 × faster',
        met: theirs >= 20 * ours,
      },
      {
        what: '  cosine of the two directions',
        ours: alike.toFixed(6),
        against: 'libsvm: 1',
        ratio: alike,
        goal: '≥ 0.999',
        met: alike >= 0.999,
      },
    ];
  },
};
