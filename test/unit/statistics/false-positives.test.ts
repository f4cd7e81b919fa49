/**
 * How often is a concept said to *move* that only the classifier separates? A thousand small studies each, from
 * probe to verdict: 200 codes are probed, the mean difference of the 20 highest and 20 lowest is the direction, 80
 * fresh codes are moved by 2 along it and along 8 random directions. The scores jump about with every move, in no
 * direction. The figures are printed; they stand in docs/statistics.md.
 */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { drawCodes, Stream } from '../../../src/engine/latent';
import { compareMeasured, differing, holm, judge, measure, nullBounds } from '../../../src/engine/statistics';

const dim = 16;
const [probed, extremes, samples, randomDirections, step] = [200, 20, 80, 8, 2];
type Score = (code: Float64Array) => number;

/** Turns so fast along a direction of its own that no move of the code has a steady effect on it. */
function jump(axis: Float64Array): Score {
  return (code) => {
    let along = 0;
    for (let i = 0; i < dim; i++) along += axis[i] * code[i];
    return Math.sin(40 * along);
  };
}
const squaredLength: Score = (code) => code.reduce((sum, x) => sum + x * x, 0);

interface Study {
  /** Share of the extreme codes that the fitted direction puts on the right side. */
  accuracy: number;
  moves: boolean;
  /** The mean difference alone would have been called an effect. */
  meanAboveZero: boolean;
}

function runStudy(seed: number, scoreOf: (axis: Float64Array) => Score): Study {
  const score = scoreOf(unit(Float64Array.from(drawCodes({ seed, purpose: 'split', dim }, 0, 1))));
  const codesOf = (purpose: 'probe' | 'rescore' | 'null', count: number) => {
    const all = drawCodes({ seed, purpose, dim }, 0, count);
    return Array.from({ length: count }, (_, i) => Float64Array.from(all.subarray(i * dim, (i + 1) * dim)));
  };
  const probe = codesOf('probe', probed)
    .map((code) => ({ code, value: score(code) }))
    .sort((a, b) => b.value - a.value);
  const [high, low] = [probe.slice(0, extremes), probe.slice(-extremes)];
  const direction = new Float64Array(dim);
  for (const { code } of high) code.forEach((x, i) => (direction[i] += x));
  for (const { code } of low) code.forEach((x, i) => (direction[i] -= x));
  unit(direction);
  const along = (code: Float64Array) => code.reduce((sum, x, i) => sum + x * direction[i], 0);
  const right = [...high.map((p) => along(p.code) > 0), ...low.map((p) => along(p.code) < 0)];

  const codes = codesOf('rescore', samples);
  const before = codes.map(score);
  const move = (by: Float64Array) =>
    Float32Array.from(codes, (code, k) => score(code.map((x, i) => x + step * by[i])) - before[k]);
  const options = { seed: 3, std: standardDeviation(probe.map((p) => p.value)) };
  const measured = measure(move(direction), options);
  // The null is only worth its time where nothing else speaks against the concept: it never makes one move.
  let [effect] = judge([measured], { up: [0], down: [0] });
  if (effect.moves) {
    const nulls = codesOf('null', randomDirections).map((random) => move(unit(random)));
    [effect] = judge([measured], nullBounds(nulls, [options.std], options));
  }
  return {
    accuracy: right.filter(Boolean).length / right.length,
    moves: effect.moves,
    meanAboveZero: measured.p <= 0.025,
  };
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return vector.map((_, i) => (vector[i] /= length));
}

function standardDeviation(values: number[]): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}

const percentOf = (studies: Study[], of: (study: Study) => boolean) =>
  (100 * studies.filter(of).length) / studies.length;

describe('a concept that only the classifier separates', () => {
  const kinds: [string, (axis: Float64Array) => Score][] = [
    ['symmetric jumps', jump],
    ['skewed jumps', (axis) => (code) => Math.exp(2 * jump(axis)(code))],
    [
      'jumps, and a score that any move raises',
      (axis) => (code) => jump(axis)(code) + squaredLength(code) / 8,
    ],
  ];
  for (const [name, scoreOf] of kinds) {
    test(`${name}: moves in at most 5 % of 1,000 studies`, (t) => {
      const studies = Array.from({ length: 1000 }, (_, seed) => runStudy(seed, scoreOf));
      const moves = percentOf(studies, (s) => s.moves);
      const meanAlone = percentOf(studies, (s) => s.meanAboveZero);
      const accuracy = studies.reduce((sum, s) => sum + s.accuracy, 0) / studies.length;
      t.diagnostic(
        `moves ${moves.toFixed(1)} %; mean difference alone ${meanAlone.toFixed(1)} %; accuracy ${accuracy.toFixed(2)}`,
      );
      assert.ok(moves <= 5, `${moves} % of the studies say that it moves`);
      assert.ok(accuracy > 0.7, 'the classifier does separate it');
      // Where every move raises the score, only the null can tell: without it the test would pass for nothing.
      if (name.includes('any move')) assert.ok(meanAlone > 90);
    });
  }

  test('a concept that its direction does raise moves in nearly every study', (t) => {
    const studies = Array.from({ length: 100 }, (_, seed) =>
      runStudy(seed, (axis) => {
        const noise = jump(axis);
        return (code) => code[0] + 0.5 * noise(code);
      }),
    );
    const moves = percentOf(studies, (s) => s.moves);
    t.diagnostic(`moves ${moves.toFixed(1)} %`);
    assert.ok(moves >= 95, `${moves} % of the studies say that it moves`);
  });
});

describe('the signed mean alone, under pure jitter', () => {
  test('among 20 concepts, any is called risen in at most 5 % of 200 studies (2.5 % wanted)', (t) => {
    let families = 0;
    for (let study = 0; study < 200; study++) {
      const stream = new Stream(400, 'toy', study);
      const p = Array.from(
        { length: 20 },
        () =>
          measure(
            new Float32Array(100).map(() => stream.normal()),
            { std: 1, seed: 3 },
          ).p,
      );
      if (Math.min(...holm(p)) <= 0.025) families++;
    }
    t.diagnostic(`${((100 * families) / 200).toFixed(1)} % of families`);
    assert.ok(families / 200 <= 0.05, `${families} of 200 families`);
  });

  test('p is small as often as it says, also in the extrapolated tail', (t) => {
    const studies = 3000;
    const p: number[] = [];
    for (let study = 0; study < studies; study++) {
      const stream = new Stream(500, 'toy', study);
      p.push(
        measure(
          new Float32Array(60).map(() => stream.normal()),
          { std: 1, seed: 3 },
        ).p,
      );
    }
    for (const level of [0.1, 0.025, 0.005, 0.001]) {
      const share = p.filter((x) => x <= level).length / studies;
      const error = Math.sqrt((level * (1 - level)) / studies);
      t.diagnostic(`p ≤ ${level}: ${share}`);
      assert.ok(
        Math.abs(share - level) <= 4 * error + 0.2 * level,
        `p ≤ ${level} in ${share} of the studies`,
      );
    }
  });
});

describe('two studies of the same samples that do not differ', () => {
  test('any of 20 concepts is said to differ in as many families as it says', (t) => {
    // Two directions of one concept: nine tenths of what a sample does is common to both, and the jumps are skewed.
    const families = 200;
    let differ = 0;
    for (let study = 0; study < families; study++) {
      const stream = new Stream(600, 'toy', study);
      const jump = (): number => -Math.log(1 - stream.uniform()) - 1;
      const compared = Array.from({ length: 20 }, () => {
        const first = new Float32Array(100);
        const second = new Float32Array(100);
        for (let i = 0; i < 100; i++) {
          const common = 0.5 + Math.sqrt(0.9) * stream.normal();
          first[i] = common + Math.sqrt(0.1) * jump();
          second[i] = common + Math.sqrt(0.1) * jump();
        }
        return compareMeasured(first, second, { std: [1, 1], seed: 3 });
      });
      if (differing(compared).includes(true)) differ++;
    }
    t.diagnostic(`${((100 * differ) / families).toFixed(1)} % of families`);
    // Three standard errors above 5 %.
    assert.ok(differ / families <= 0.096, `${differ} of ${families} families`);
  });
});
