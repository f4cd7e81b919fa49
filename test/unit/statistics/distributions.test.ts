import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { describe } from 'node:test';
import {
  gammaCdf,
  gammaQuantile,
  logGamma,
  studentQuantile,
  studentTail,
} from '../../../src/engine/statistics/distributions';

type Triple = [number, number, number];
const fixture = JSON.parse(readFileSync('test/fixtures/data/statistics.json', 'utf8')) as {
  logGamma: [number, number][];
  gamma: Triple[];
  student: Triple[];
};
const near = (actual: number, expected: number, relative: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected) + 1e-300,
    `${what}: ${actual}, SciPy has ${expected}`,
  );

describe("Student's t and the gamma distribution", () => {
  test('ln Γ agrees with SciPy', () => {
    for (const [x, expected] of fixture.logGamma) {
      assert.ok(Math.abs(logGamma(x) - expected) <= 1e-13 * Math.max(1, Math.abs(expected)), `at ${x}`);
    }
  });

  test('gamma quantiles agree with SciPy, from rare counts to common ones', () => {
    for (const [p, shape, expected] of fixture.gamma) {
      near(gammaQuantile(p, shape), expected, 1e-9, `p ${p}, shape ${shape}`);
    }
  });

  test('a gamma quantile is where its distribution has that much below', () => {
    for (const shape of [0.4, 3, 900]) near(gammaCdf(gammaQuantile(0.2, shape), shape), 0.2, 1e-10, 'p');
    assert.equal(gammaQuantile(0, 3), 0);
    assert.equal(gammaCdf(0, 3), 0);
  });

  test("Student's tail agrees with SciPy far out, where no resample ever comes", () => {
    for (const [t, freedom, expected] of fixture.student) {
      near(studentTail(t, freedom), expected, 1e-9, `t ${t}, ${freedom} degrees of freedom`);
    }
    assert.equal(studentTail(Infinity, 5), 0);
  });

  test('a quantile of t leaves its tail above it', () => {
    for (const freedom of [1, 19, 999]) {
      near(studentTail(studentQuantile(0.01, freedom), freedom), 0.01, 1e-10, 'tail');
    }
  });
});
