import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { describe } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import { fitBoundary, fitLinear, methods } from '../../../src/engine/boundary';
import { cosine, problem, type Problem } from './problems';

interface Answer {
  w: number[];
  intercept: number;
  objective: number;
  support: number;
}
interface Case {
  name: string;
  problem: Problem;
  C: number;
  positives: number;
  svm: Answer;
  logistic: Answer;
  lda: Answer;
}
const cases = JSON.parse(readFileSync('test/fixtures/data/boundary.json', 'utf8')) as Case[];

const near = (actual: number, expected: number, tolerance: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual} against ${expected} (tolerance ${tolerance})`,
  );

for (const c of cases) {
  describe(`${c.name}: scikit-learn agrees`, () => {
    const { codes, labels, n, D } = problem(c.problem);
    const length = Math.hypot(...c.svm.w);

    test('on the problem', () => {
      assert.equal(labels.filter((label) => label > 0).length, c.positives);
    });

    test('SVM: direction, intercept and objective, at a gap of at most 1e-4', () => {
      const fit = fitLinear('svm', codes, labels, n, D, { C: c.C });
      assert.ok(fit.gap! <= 1e-4 && fit.gap! > -1e-9, `gap ${fit.gap}`);
      assert.ok(cosine(fit.w, c.svm.w) >= 0.999, `cosine ${cosine(fit.w, c.svm.w)}`);
      near(fit.objective, c.svm.objective, 1e-4 * c.svm.objective, 'objective');
      // In units of distance from the boundary at the centre of the codes.
      near(fit.intercept / length, c.svm.intercept / length, 0.02, 'intercept');
    });

    test('SVM at a gap of 1e-9: the same numbers to four digits, and no worse an objective', () => {
      const fit = fitLinear('svm', codes, labels, n, D, { C: c.C, tolerance: 1e-9 });
      assert.ok(fit.gap! <= 1e-9, `gap ${fit.gap}`);
      // The objective is 1-strongly convex in w: ‖w − w*‖² ≤ 2 · gap · objective, for libsvm's answer about as well.
      const doubt = 2 * Math.sqrt(2e-9 * c.svm.objective);
      near(Math.hypot(...fit.w), length, doubt, 'length');
      assert.ok(1 - cosine(fit.w, c.svm.w) <= 1e-6, `cosine ${cosine(fit.w, c.svm.w)}`);
      near(fit.intercept, c.svm.intercept, 1e-3 * Math.max(length, Math.abs(c.svm.intercept)), 'intercept');
      assert.ok(fit.objective <= c.svm.objective * (1 + 2e-9), `${fit.objective} > ${c.svm.objective}`);
      // Where codes are repeated, several sets of support vectors give the same w.
      if (c.problem.duplicates === undefined) assert.equal(fit.support, c.svm.support);
    });

    test('logistic regression: direction, intercept and objective', () => {
      const fit = fitLinear('logistic', codes, labels, n, D, { C: c.C });
      assert.ok(1 - cosine(fit.w, c.logistic.w) <= 1e-6, `cosine ${cosine(fit.w, c.logistic.w)}`);
      near(fit.objective, c.logistic.objective, 1e-6 * c.logistic.objective, 'objective');
      const norm = Math.hypot(...c.logistic.w);
      near(fit.intercept / norm, c.logistic.intercept / norm, 1e-3, 'intercept');
    });

    test('LDA: weights and intercept', () => {
      const fit = fitLinear('lda', codes, labels, n, D, { C: c.C });
      const norm = Math.hypot(...c.lda.w);
      for (let j = 0; j < D; j++) near(fit.w[j], c.lda.w[j], 1e-5 * norm, `weight ${j}`);
      near(fit.intercept, c.lda.intercept, 1e-5 * Math.max(norm, Math.abs(c.lda.intercept)), 'intercept');
    });
  });
}

describe('what cannot be fitted is a Failure that says why', () => {
  const { codes, labels, n, D } = problem({ seed: 1, n: 20, dim: 4 });
  for (const method of methods) {
    const fit = (x: Float32Array, y: Int8Array, C = 1) =>
      fitLinear(method, x, y, n, D, { C, name: 'attribute/wood' });

    for (const value of [NaN, Infinity]) {
      test(`${method}: a code that holds ${value}`, () => {
        const bad = codes.slice();
        bad[4 * 7 + 2] = value;
        assert.throws(
          () => fit(bad, labels),
          (error) =>
            error instanceof Failure &&
            /attribute\/wood.*code 7 holds (NaN|Infinity) in element 2/.test(error.message),
        );
      });
    }

    test(`${method}: one class only`, () => {
      assert.throws(
        () => fit(codes, new Int8Array(n).fill(1)),
        (error) => error instanceof Failure && /all 20 codes are positives/.test(error.message),
      );
      assert.throws(
        () => fit(codes, new Int8Array(n).fill(-1)),
        (error) => error instanceof Failure && /negatives/.test(error.message),
      );
    });

    test(`${method}: codes that are all the same`, () => {
      assert.throws(
        () => fit(new Float32Array(n * D).fill(3), labels),
        (error) => error instanceof Failure && /all 20 codes are the same/.test(error.message),
      );
    });
  }

  test('a C that is not positive', () => {
    for (const C of [0, -1, NaN]) assert.throws(() => fitLinear('svm', codes, labels, n, D, { C }), Failure);
  });

  test('arrays that do not fit each other', () => {
    assert.throws(() => fitLinear('svm', codes, labels, n + 1, D, { C: 1 }), RangeError);
    assert.throws(() => fitLinear('svm', codes, new Int8Array(n), n, D, { C: 1 }), RangeError);
  });
});

describe('where the hinge outweighs the penalty', () => {
  // Codes s times as small with a C of s⁻² as much are the same problem.
  for (const [scale, C] of [
    [0.001, 1],
    [0.1, 1e-4],
  ]) {
    test(`SVM, codes of ${scale}, C ${C}: the direction is the exact one, not that of a first step`, () => {
      const { codes, labels, n, D } = problem({ seed: 11, n: 300, dim: 128, flipped: 0.2, scale });
      const [fit, exact] = [undefined, 1e-13].map((tolerance) =>
        fitLinear('svm', codes, labels, n, D, { C, tolerance }),
      );
      assert.ok(fit.gap! <= 1e-4);
      assert.ok(cosine(fit.w, exact.w) >= 0.9995, `cosine ${cosine(fit.w, exact.w)}`);
    });
  }
});

test('the stratified split trains on int(n · share) codes a side, as Python computes it', () => {
  const trained = (n: number, validation: number) => {
    const labels = new Int8Array(2 * n).fill(1, 0, n).fill(-1, n);
    const codes = Float32Array.from(labels, (label, i) => label + i / n);
    const job = {
      name: 'a',
      codes,
      labels,
      method: 'lda',
      C: 1,
      validation,
      seed: 1,
      stratified: true,
    } as const;
    return fitBoundary(job).trained / 2;
  };
  assert.deepEqual([trained(10, 0.8), trained(60, 0.3), trained(10, 0)], [2, 42, 10]);
  // In Python, too, 100 * 0.29 is 28.999….
  assert.equal(trained(100, 0.71), 28);
});

describe('degenerate but fittable', () => {
  test('two codes: the SVM is the perpendicular bisector', () => {
    const fit = fitLinear('svm', new Float32Array([1, 0, 3, 0]), new Int8Array([-1, 1]), 2, 2, { C: 10 });
    near(fit.w[0], 1, 1e-3, 'w');
    near(fit.w[1], 0, 1e-6, 'w');
    near(fit.intercept, -2, 1e-3, 'intercept');
    assert.equal(fit.support, 2);
  });

  for (const method of methods) {
    test(`${method}: a very large and a very small C end, with finite numbers`, () => {
      const { codes, labels, n, D } = problem({ seed: 9, n: 80, dim: 6, flipped: 0.1 });
      for (const C of [1e-6, 1e6]) {
        const fit = fitLinear(method, codes, labels, n, D, { C });
        assert.ok([...fit.w, fit.intercept, fit.objective].every(Number.isFinite));
        if (method === 'svm') assert.ok(fit.gap! <= 1e-4, `C ${C}: gap ${fit.gap}`);
      }
    });
  }
});
