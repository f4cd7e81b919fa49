import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { describe } from 'node:test';
import { drawCodes, Moments } from '../../../src/engine/latent';

const { moments: expected } = JSON.parse(readFileSync('test/fixtures/data/latent.json', 'utf8')) as {
  moments: { mean: number[]; std: number[] };
};

const D = 9;
const n = 500;
/** Columns of unequal scale on a common offset of 100. */
const rows = drawCodes({ seed: 11, purpose: 'toy', dim: D }, 0, n).map((x, i) => x * ((i % D) + 1) + 100);
const directions = drawCodes({ seed: 11, purpose: 'toy', dim: D }, 1000, 4);

describe('streaming moments', () => {
  const whole = new Moments(D);
  whole.add(rows);

  test("agree with NumPy's mean and standard deviation along any direction", () => {
    assert.equal(whole.count, n);
    for (let j = 0; j < D; j++) assert.ok(Math.abs(whole.mean[j] - expected.mean[j]) < 1e-10);
    for (const [i, std] of expected.std.entries()) {
      const measured = whole.standardDeviation(directions.subarray(i * D, (i + 1) * D));
      assert.ok(Math.abs(measured / std - 1) < 1e-10, `${measured} against ${std}`);
    }
  });

  for (const chunk of [1, 3, 8, 13, 499]) {
    test(`are the same to the byte in chunks of ${chunk}`, () => {
      const parts = new Moments(D);
      for (let first = 0; first < n; first += chunk) parts.add(rows.subarray(first * D, (first + chunk) * D));
      assert.deepEqual(parts.mean, whole.mean);
      for (let i = 0; i < 4; i++) {
        const direction = directions.subarray(i * D, (i + 1) * D);
        assert.equal(parts.standardDeviation(direction), whole.standardDeviation(direction));
      }
    });
  }

  test('a direction along which nothing varies has deviation 0', () => {
    const constant = new Moments(2);
    constant.add(new Float32Array([1, 5, 2, 5, 3, 5]));
    assert.equal(constant.standardDeviation(new Float32Array([0, 1])), 0);
    assert.equal(constant.standardDeviation(new Float32Array([1, 0])), 1);
  });

  test('one row has no deviation, and shapes are checked', () => {
    const one = new Moments(2);
    one.add(new Float32Array([1, 2]));
    assert.throws(() => one.standardDeviation(new Float32Array([1, 0])), RangeError);
    assert.throws(() => whole.standardDeviation(new Float32Array(3)), RangeError);
    assert.throws(() => whole.add(new Float32Array(5)), RangeError);
  });
});
