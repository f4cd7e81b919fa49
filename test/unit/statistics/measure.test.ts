import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { describe } from 'node:test';
import { Stream } from '../../../src/engine/latent';
import { measure, measureColumns } from '../../../src/engine/statistics';

interface Oracle {
  value: number;
  low: number;
  high: number;
  p: number;
}
interface Study {
  differences: number[];
  seed: number;
  resamples: number;
  confidence: number;
  mean: Oracle;
  delta: Oracle;
}
const fixture = JSON.parse(readFileSync('test/fixtures/data/statistics.json', 'utf8')) as {
  studies: Study[];
  rare: { differences: number[]; low: number; high: number }[];
};
const near = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );
const normals = (n: number, mean: number, index = 0) => {
  const stream = new Stream(1, 'toy', index);
  return new Float32Array(n).map(() => mean + stream.normal());
};

describe('the effect of one move on one concept', () => {
  test("Δ⁺ is the paper's mean of max(d, 0), beside the signed mean, in score units and in standard deviations", () => {
    const { delta, deltaRaw, mean, meanRaw, movers, samples } = measure(new Float32Array([3, -1, 0, 2]), {
      std: 2,
      seed: 1,
    });
    assert.deepEqual(
      { delta, deltaRaw, mean, meanRaw, movers, samples },
      { delta: 0.625, deltaRaw: 1.25, mean: 0.5, meanRaw: 1, movers: 3, samples: 4 },
    );
  });

  fixture.studies.forEach((study, number) => {
    test(`intervals and p agree with NumPy on the same resamples (study ${number}, ${study.confidence})`, () => {
      const { seed, resamples, confidence } = study;
      const measured = measure(new Float32Array(study.differences), { std: 1, seed, resamples, confidence });
      near(measured.mean, study.mean.value, 'mean');
      near(measured.meanInterval!.low, study.mean.low, 'lower bound of the mean');
      near(measured.meanInterval!.high, study.mean.high, 'upper bound of the mean');
      near(measured.delta, study.delta.value, 'Δ⁺');
      near(measured.deltaInterval!.low, Math.max(study.delta.low, 0), 'lower bound of Δ⁺');
      near(measured.deltaInterval!.high, study.delta.high, 'upper bound of Δ⁺');
      if (study.mean.p > 0.02) near(measured.p, study.mean.p, 'p');
    });
  });

  test('a missing score drops its sample, and nothing else changes', () => {
    const whole = normals(80, 0.3);
    const holed = new Float32Array(100).fill(NaN);
    whole.forEach((d, i) => (holed[i + Math.floor(i / 4)] = d));
    assert.deepEqual(measure(holed, { std: 1, seed: 1 }), measure(whole, { std: 1, seed: 1 }));
  });

  test('everything but the raw values scales with the standard deviation', () => {
    const d = normals(90, 0.4);
    const one = measure(d, { std: 1, seed: 1 });
    const four = measure(d, { std: 4, seed: 1 });
    assert.equal(four.deltaRaw, one.deltaRaw);
    for (const key of ['delta', 'mean', 'deltaLow', 'deltaHigh'] as const) near(four[key], one[key] / 4, key);
    assert.equal(four.p, one.p);
  });

  test('the same seed gives the same intervals, whatever was measured between; another seed, nearly the same', () => {
    const d = normals(120, 0.4);
    const first = measure(d, { std: 1, seed: 1 });
    const other = measure(d, { std: 1, seed: 2 });
    measure(normals(333, 0), { std: 1, seed: 1 });
    measure(normals(50, 0), { std: 1, seed: 1 });
    assert.deepEqual(measure(d, { std: 1, seed: 1 }), first);
    assert.notDeepEqual(other.meanInterval, first.meanInterval);
    const width = first.meanInterval!.high - first.meanInterval!.low;
    assert.ok(Math.abs(other.meanInterval!.low - first.meanInterval!.low) < 0.1 * width);
  });

  test('a fall has the bounds of the rise that it is with the signs turned', () => {
    const few = new Float32Array(60).map((_, i) => (i < 55 ? i / 100 : -i / 10));
    for (const d of [normals(120, -0.4), few, few.map((x) => -x), new Float32Array([1, -2, 0])]) {
      const [fall, rise] = [d, d.map((x) => -x)].map((each) => measure(each, { std: 2, seed: 1 }));
      near(fall.downLow, rise.deltaLow, 'lower bound');
      near(fall.downHigh, rise.deltaHigh, 'upper bound');
    }
  });

  test('more confidence gives wider intervals', () => {
    const d = normals(120, 0.4);
    const [a, b] = [0.9, 0.99].map((confidence) => measure(d, { std: 1, seed: 1, confidence }).meanInterval!);
    assert.ok(b.low < a.low && a.high < b.high);
  });

  test('the columns of a matrix are measured as each alone', () => {
    const columns = [normals(60, 0.2, 1), normals(60, 1, 2), normals(60, -1, 3)];
    columns[1][7] = NaN;
    const matrix = new Float32Array(180).map((_, at) => columns[at % 3][Math.floor(at / 3)]);
    const std = [1, 2, 3];
    assert.deepEqual(
      measureColumns(matrix, std, { seed: 1 }),
      columns.map((column, c) => measure(column, { std: std[c], seed: 1 })),
    );
  });
});

describe('what can be said of a rise that is certain', () => {
  test('p goes on falling with the effect where no resample reaches it', () => {
    const p = [0.3, 0.5, 0.8, 1.2].map((mean) => measure(normals(100, mean), { std: 1, seed: 1 }).p);
    for (let i = 1; i < p.length; i++) assert.ok(p[i] < p[i - 1], p.join(' > '));
    assert.ok(p[3] < 1e-6 && p[3] > 0);
  });

  test('the extrapolated p is what many more resamples count', () => {
    const d = normals(100, 0.27, 4);
    const extrapolated = measure(d, { std: 1, seed: 1 }).p;
    const counted = measure(d, { std: 1, seed: 1, resamples: 50_000 }).p;
    assert.ok(extrapolated < 0.009 && counted > 20 / 50_000, `${extrapolated}, ${counted}`);
    assert.ok(Math.abs(Math.log(extrapolated / counted)) < Math.log(2), `${extrapolated} against ${counted}`);
  });
});

describe('degenerate differences', () => {
  test('no samples, one sample, and samples that are all missing have no interval and do not rise', () => {
    for (const d of [[], [0.7], [NaN, NaN, NaN]]) {
      const measured = measure(new Float32Array(d), { std: 1, seed: 1 });
      assert.equal(measured.tooFewMovers, true);
      assert.equal(measured.deltaInterval, null);
      assert.equal(measured.meanInterval, null);
      assert.equal(measured.p, 1);
      assert.ok(Number.isFinite(measured.delta) && Number.isFinite(measured.deltaHigh));
    }
  });

  test('19 movers are too few, 20 are enough', () => {
    const d = (movers: number) => new Float32Array(500).map((_, i) => (i < movers ? 1 + i / 100 : 0));
    const [few, enough] = [measure(d(19), { std: 1, seed: 1 }), measure(d(20), { std: 1, seed: 1 })];
    assert.deepEqual([few.movers, few.tooFewMovers, few.meanInterval], [19, true, null]);
    assert.deepEqual([enough.movers, enough.tooFewMovers], [20, false]);
    assert.ok(enough.meanInterval!.low > 0);
  });

  test('a score that never changes has no movers, and its bound is 0', () => {
    const measured = measure(new Float32Array(300), { std: 1, seed: 1 });
    assert.deepEqual([measured.delta, measured.mean, measured.movers, measured.deltaHigh], [0, 0, 0, 0]);
  });

  test('equal differences: an interval without width, and the p of a sign test', () => {
    const up = measure(new Float32Array(30).fill(0.1), { std: 1, seed: 1 });
    assert.deepEqual(up.meanInterval, { low: up.mean, high: up.mean });
    assert.equal(up.p, 2 ** -30);
    assert.equal(measure(new Float32Array(30).fill(-0.1), { std: 1, seed: 1 }).p, 1);
  });

  test('heavy ties: resamples without any spread do not blow the interval up', () => {
    // All but one the same: a third of the resamples miss the odd one and have no spread at all.
    const d = new Float32Array(40).fill(1);
    d[0] = 0;
    const { meanInterval } = measure(d, { std: 1, seed: 1 });
    assert.ok(meanInterval!.low > 0.7 && meanInterval!.low < 0.975, `low ${meanInterval!.low}`);
    assert.ok(meanInterval!.high >= 0.975 && meanInterval!.high <= 1.1, `high ${meanInterval!.high}`);
  });

  test('a score that only falls has a Δ⁺ of 0 and room for one unseen rise', () => {
    const measured = measure(
      new Float32Array(100).fill(-2).map((d, i) => d - i / 100),
      { std: 1, seed: 1 },
    );
    assert.equal(measured.delta, 0);
    assert.equal(measured.deltaLow, 0);
    assert.ok(measured.deltaHigh > 0 && measured.deltaHigh < 0.2);
    assert.ok(measured.meanInterval!.high < 0);
  });

  fixture.rare.forEach(({ differences, low, high }) => {
    const rises = differences.filter((d) => d > 0).length;
    test(`${rises} rises in 200 samples: Fay and Feuer's gamma limits, as SciPy has them`, () => {
      const { deltaInterval } = measure(new Float32Array(differences), { std: 1, seed: 1 });
      near(deltaInterval!.low, low, 'low');
      near(deltaInterval!.high, high, 'high');
    });
  });

  test('a concept whose score never varied over the probe is not standardised', () => {
    const measured = measure(normals(50, 1), { std: 0, seed: 1 });
    assert.deepEqual([measured.delta, measured.deltaLow, measured.deltaHigh], [0, 0, 0]);
    assert.ok(measured.deltaRaw > 0);
  });

  test('too few resamples are refused', () => {
    assert.throws(() => measure(normals(50, 1), { std: 1, seed: 1, resamples: 10 }), RangeError);
  });
});
