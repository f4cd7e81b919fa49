/** What results are read by: comparisons, side effects, orders, and the mark of a weak predictor. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { Stream } from '../../../src/engine/latent';
import {
  compareMeasured,
  differing,
  measure,
  measuringEntanglement,
  rankingOrder,
  sideEffects,
  weakPredictor,
  withRanks,
} from '../../../src/engine/statistics';
import { atOnce } from '../../../src/engine/turns';
import { concept, effect } from './effects';

const normals = (n: number, mean: number, index = 0) => {
  const stream = new Stream(4, 'toy', index);
  return new Float32Array(n).map(() => mean + stream.normal());
};

describe('one move against another on the same codes', () => {
  test('what both share cancels: a small steady difference shows that unpaired intervals hide', () => {
    const first = normals(100, 1).map((d) => d + 0.05);
    const noise = normals(100, 0, 1);
    const second = normals(100, 1).map((d, i) => d + 0.01 * noise[i]);
    const compared = compareMeasured(first, second, { std: [1, 1], seed: 1 });
    assert.ok(compared.meanInterval!.low > 0.04 && compared.meanInterval!.high < 0.06);
    const [a, b] = [first, second].map((d) => measure(d, { std: 1, seed: 1 }).meanInterval!);
    assert.ok(a.low < b.high, 'the separate intervals overlap');
  });

  test('each side is in standard deviations of its own probe', () => {
    const [a, b] = [normals(50, 2, 1), normals(50, 1, 2)];
    const compared = compareMeasured(a, b, { std: [2, 4], seed: 1 });
    const [x, y] = [measure(a, { std: 2, seed: 1 }), measure(b, { std: 4, seed: 1 })];
    assert.ok(Math.abs(compared.delta - (x.delta - y.delta)) < 1e-9);
    assert.ok(Math.abs(compared.mean - (x.mean - y.mean)) < 1e-9);
  });

  test('standard deviations that are known by a percent make no difference of a percent', () => {
    const d = normals(1000, 0.5);
    const compare = (stdError?: [number, number]) =>
      compareMeasured(d, d, { std: [1, 1.01], stdError, seed: 1 });
    assert.deepEqual(differing([compare()]), [true], 'taken for exact they would');
    const { delta, deltaInterval, meanInterval, p } = compare([0.007, 0.007]);
    assert.ok(deltaInterval!.low < 0 && deltaInterval!.high > 2 * delta && meanInterval!.low < 0);
    assert.ok(p > 0.1 && p < 1, `p ${p}`);
    assert.ok(compare([0.0001, 0.0001]).p < 0.05, 'known well enough they do');
  });

  test('the other way round it is the negative, as are the bounds', () => {
    const [a, b] = [normals(70, 0.6, 1), normals(70, 0.4, 2)];
    const [ab, ba] = [
      compareMeasured(a, b, { std: [1, 1], seed: 1 }),
      compareMeasured(b, a, { std: [1, 1], seed: 1 }),
    ];
    assert.equal(ab.delta, -ba.delta);
    assert.ok(Math.abs(ab.deltaInterval!.low + ba.deltaInterval!.high) < 1e-9);
  });

  test('a sample that either side lacks is dropped; nothing is said of fewer than 20 that differ', () => {
    const [a, b] = [normals(40, 0.6, 1), normals(40, 0.4, 2)];
    a[3] = NaN;
    b[8] = NaN;
    const compared = compareMeasured(a, b, { std: [1, 1], seed: 1 });
    assert.deepEqual([compared.samples, compared.movers, compared.tooFewMovers], [38, 38, false]);
    const same = compareMeasured(a, a, { std: [1, 1], seed: 1 });
    assert.deepEqual([same.movers, same.tooFewMovers, same.meanInterval], [0, true, null]);
  });

  test('few samples that stand out do not let the interval run away', () => {
    // Alike but for three of eighty: resamples without the three have no spread of their own.
    const first = new Float32Array(80).map((_, i) => (i < 3 ? 0.9 : 0.001 * (1 + (i % 7))));
    const second = new Float32Array(80);
    const { deltaInterval, meanInterval } = compareMeasured(first, second, { std: [1, 1], seed: 1 });
    for (const { low, high } of [deltaInterval!, meanInterval!]) {
      assert.ok(low >= 0 && high < 0.9, `${low} … ${high} leaves what the differences span`);
    }
  });

  test('nothing is said of Δ⁺ where both fall nearly everywhere', () => {
    const [a, b] = [normals(80, -6, 1), normals(80, -7, 2)];
    const { deltaInterval, meanInterval, p } = compareMeasured(a, b, { std: [1, 1], seed: 1 });
    assert.ok(meanInterval!.low > 0, 'the one falls less');
    assert.deepEqual([deltaInterval, p], [null, 1]);
  });

  test('what is told apart is told apart for all that is read beside it', () => {
    const compare = (shift: number, index: number) =>
      compareMeasured(normals(100, 2 + shift, index), normals(100, 2, 50 + index), {
        ...{ std: [1, 1] as const, seed: 1 },
      });
    const [clear, weak] = [compare(1.5, 1), compare(0.4, 3)];
    assert.ok(clear.p < 1e-4 && weak.p < 0.05 && weak.p > 0.003, `p ${clear.p} and ${weak.p}`);
    assert.deepEqual(differing([clear, weak]), [true, true]);
    const silent = Array.from({ length: 20 }, (_, i) => compare(0, 100 + i));
    assert.deepEqual(differing([clear, weak, ...silent]).slice(0, 2), [true, false]);
    const same = compareMeasured(normals(50, 1), normals(50, 1), { std: [1, 1], seed: 1 });
    assert.deepEqual(differing([same]), [false]);
  });

  test('moves of different codes cannot be paired', () => {
    assert.throws(() => compareMeasured(normals(3, 0), normals(4, 0), { std: [1, 1], seed: 1 }), RangeError);
  });
});

describe('entanglement', () => {
  const concepts = ['color/a', 'color/b', 'color/c', 'color/d'];
  const means = [2, 0.8, 0, -1.1];
  const moved = new Float32Array(4 * 200).map((_, at) => normals(1, means[at % 4], at)[0]);
  /** A random direction that raises every score by 0.7. */
  const random = new Float32Array(4 * 200).fill(0.7);
  const [row] = atOnce(measuringEntanglement([moved], [random], [1, 1, 1, 1], { seed: 1 }));

  test('a row says of every concept whether the move moves it', () => {
    assert.deepEqual(
      row.map((e) => e.moves),
      [true, true, false, false],
    );
  });

  test('side effects are what else it raises or lowers beyond the null, the largest first', () => {
    const found = sideEffects(row, concepts, 'color/a');
    assert.deepEqual(found, [
      { concept: 'color/d', mean: row[3].mean },
      { concept: 'color/b', mean: row[1].mean },
    ]);
    assert.ok(found[0].mean < 0 && found[1].mean > 0, 'one lowered, one raised');
  });

  test('no fall is claimed that the null could explain, or whose interval reaches 0', () => {
    const fall = effect({ mean: -0.5, meanInterval: { low: -0.6, high: -0.4 }, downLow: 0.5, nullDown: 0.5 });
    const unsure = effect({ mean: -0.5, meanInterval: { low: -1.1, high: 0.1 }, downLow: 0.1, nullDown: 0 });
    assert.deepEqual(sideEffects([fall, unsure, effect()], ['color/a', 'color/b', 'color/c'], 'color/x'), []);
    const clear = { ...fall, nullDown: 0.4 };
    assert.deepEqual(sideEffects([clear], ['color/a'], 'color/x'), [{ concept: 'color/a', mean: -0.5 }]);
  });

  test('nor one that the score takes along every direction', () => {
    const falls = (index: number) => normals(200, -1, index).map((d) => 0.3 * d - 0.7);
    const random = Array.from({ length: 8 }, (_, r) => falls(100 + r));
    const [[effect]] = atOnce(measuringEntanglement([falls(99)], random, [1], { seed: 1 }));
    assert.ok(
      effect.meanInterval!.high < 0 && -effect.mean > effect.null!,
      'it falls, and nothing raises it',
    );
    assert.deepEqual(sideEffects([effect], ['color/j'], 'color/i'), []);
  });
});

describe('orders of the ranking', () => {
  const boundary = (accuracy: number | null) => ({
    concept: '',
    hash: '',
    method: 'svm' as const,
    accuracy,
    support: 1,
    positives: 1,
    negatives: 1,
    sigma: [1],
  });
  const list = [
    concept('attribute/none'),
    concept('attribute/x', {
      effect: effect({ delta: 1, deltaRaw: 9 }),
      boundary: boundary(0.9),
      positiveShare: 0.1,
    }),
    concept('color/y', {
      level: 'color',
      effect: effect({ delta: 2, deltaRaw: 1 }),
      boundary: boundary(0.8),
    }),
    concept('attribute/z', {
      effect: effect({ delta: 1, deltaRaw: 8 }),
      boundary: boundary(0.95),
      positiveShare: 0.4,
    }),
    concept('attribute/nothing'),
  ];
  const names = (order: typeof list) => order.map((c) => c.concept.split('/')[1]).join(' ');

  test('by re-scoring, by raw Δ, by accuracy, by positives: ties as they came, concepts without a value last', () => {
    assert.equal(names(rankingOrder(list, 'rescore')), 'y x z none nothing');
    assert.equal(names(rankingOrder(list, 'raw')), 'x z y none nothing');
    assert.equal(names(rankingOrder(list, 'accuracy')), 'z x y none nothing');
    assert.equal(names(rankingOrder(list, 'positives')), 'z x none y nothing');
  });

  test('within one level', () => {
    assert.equal(names(rankingOrder(list, 'rescore', 'attribute')), 'x z none nothing');
  });

  test('ranks count from 1 within each level; a concept without an effect has none', () => {
    assert.deepEqual(
      withRanks(list).map((c) => c.rank),
      [null, 1, 1, 2, null],
    );
    assert.equal(list[1].rank, null, 'what was given is left alone');
  });
});

describe('weak predictors', () => {
  test('a continuous score is weak below R² 0.3', () => {
    assert.match(
      weakPredictor({ r2: [0.5, 0.12] }, 1)!,
      /12 % of the truth's variance \(R² 0.12, below 0.3\)/,
    );
    assert.equal(weakPredictor({ r2: [0.5, 0.12] }, 0), null);
    assert.equal(weakPredictor({ r2: [0.3] }, 0), null);
    assert.match(weakPredictor({ r2: [-0.4] }, 0)!, /^Weak predictor: .*explain 0 % .*R² -0.40/);
    assert.match(weakPredictor({ r2: [-0.4] }, 0, 'kitchen')!, /^Weak predictor of kitchen: /);
  });

  test('an accuracy is weak when it avoids less than 0.3 of the errors of always guessing', () => {
    const error = { accuracy: [0.97, 0.96, 0.5], base: [0.95, 0.95, 0.5] };
    assert.equal(weakPredictor(error, 0), null);
    assert.match(weakPredictor(error, 1)!, /right in 96 %, where always guessing .* right in 95 %/);
    assert.notEqual(weakPredictor(error, 2), null);
    assert.notEqual(weakPredictor({ accuracy: [1], base: [1] }, 0), null);
  });

  test('without a declared error, or with an accuracy that has no base, there is nothing to judge by', () => {
    assert.equal(weakPredictor(undefined, 0), null);
    assert.equal(weakPredictor({}, 0), null);
    assert.equal(weakPredictor({ accuracy: [0.2] }, 0), null);
  });
});
