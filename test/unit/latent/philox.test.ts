import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import { philox4x32, Stream } from '../../../src/engine/latent';
import { indexWords, keyOf } from '../../../src/engine/latent/philox';

describe('Philox 4×32-10', () => {
  // Random123's kat_vectors, the lines of philox4x32 with 10 rounds.
  const published = [
    {
      counter: [0, 0, 0, 0],
      key: [0, 0],
      block: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      block: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      // The digits of π.
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      block: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ] as const;
  for (const { counter, key, block } of published) {
    test(`gives the published block for counter ${counter[0].toString(16)}…`, () => {
      assert.deepEqual(philox4x32([...counter], key), [...block]);
    });
  }

  test('keys and counters keep every bit of seeds and indices up to 2^53 − 1', () => {
    assert.deepEqual(keyOf(2 ** 53 - 1, 'probe'), [0xffffffff, 0x011fffff]);
    assert.deepEqual(keyOf(2 ** 32, 'toy'), [0, 0x08000001]);
    assert.deepEqual(indexWords(2 ** 53 - 1), [0xffffffff, 0x1fffff]);
    assert.deepEqual(indexWords(2 ** 32 + 5), [5, 1]);
  });

  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    test(`refuses ${seed} as a seed or an index`, () => {
      assert.throws(() => keyOf(seed, 'probe'), Failure);
      assert.throws(() => indexWords(seed), Failure);
    });
  }
});

describe('a stream', () => {
  test('is the words of its blocks in order', () => {
    const stream = new Stream(9, 'bootstrap', 4);
    const key = keyOf(9, 'bootstrap');
    const words = Array.from({ length: 8 }, () => stream.uint32());
    assert.deepEqual(words, [...philox4x32([0, 0, 4, 0], key), ...philox4x32([1, 0, 4, 0], key)]);
  });

  test('differs by seed, purpose and index', () => {
    const first = [
      new Stream(1, 'bootstrap', 0),
      new Stream(2, 'bootstrap', 0),
      new Stream(1, 'split', 0),
      new Stream(1, 'bootstrap', 1),
    ].map((stream) => stream.uint32());
    assert.equal(new Set(first).size, 4);
  });

  test('uniform() lies in [0, 1) with the moments of the uniform distribution', () => {
    const stream = new Stream(3, 'toy', 0);
    const n = 100_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const u = stream.uniform();
      assert.ok(u >= 0 && u < 1);
      sum += u;
      squares += u * u;
    }
    // Within four standard errors: sd(u) = 0.2887, sd(u²) = 0.2981.
    assert.ok(Math.abs(sum / n - 1 / 2) < (4 * 0.2887) / Math.sqrt(n));
    assert.ok(Math.abs(squares / n - 1 / 3) < (4 * 0.2981) / Math.sqrt(n));
  });

  test('below(n) is as likely to give each number (χ² over 7 classes)', () => {
    const stream = new Stream(5, 'bootstrap', 0);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[stream.below(7)]++;
    const chi2 = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    assert.ok(chi2 < 22.46, `χ² = ${chi2}`); // the 99.9 % point of 6 degrees of freedom
  });

  test('below(n) stays unbiased where n is no small part of 2^32', () => {
    // Scaling without rejection would give the lower half of [0, 3·2^30) two words in three pairs: 50 : 50 splits
    // become visible in thirds, because one third of the values would be twice as likely.
    const stream = new Stream(6, 'bootstrap', 0);
    const n = 3 * 2 ** 30;
    const byResidue = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) byResidue[stream.below(n) % 3]++;
    const chi2 = byResidue.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    assert.ok(chi2 < 13.82, `χ² = ${chi2}`);
    assert.equal(new Stream(6, 'bootstrap', 0).below(1), 0);
    assert.throws(() => stream.below(0), RangeError);
  });

  test('permutation(n) holds each number once, and each order of three is as likely', () => {
    const stream = new Stream(8, 'split', 0);
    assert.deepEqual(
      [...stream.permutation(50)].sort((a, b) => a - b),
      [...Array(50).keys()],
    );
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = stream.permutation(3).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    assert.equal(orders.size, 6);
    let chi2 = 0;
    for (const count of orders.values()) chi2 += (count - 1000) ** 2 / 1000;
    assert.ok(chi2 < 20.52, `χ² = ${chi2}`); // 99.9 %, 5 degrees of freedom
  });
});
