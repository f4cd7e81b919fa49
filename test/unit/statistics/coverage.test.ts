/**
 * Do the 95 % intervals hold in 95 % of studies? A thousand small studies each of concepts whose truth is known in
 * closed form. Where a study has too few movers it prints no interval, and none can miss. The figures are printed
 * (they stand in docs/statistics.md); with the seeds fixed they are the same everywhere.
 */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { Stream } from '../../../src/engine/latent';
import type { Interval } from '../../../src/protocol/results';
import { compareMeasured, levelSummary, measure } from '../../../src/engine/statistics';
import { effect } from './effects';

const studies = 1000;
const exponential = (s: Stream) => -Math.log(1 - s.uniform());

/** How many of a thousand intervals hold the truth, and on which side the others miss. */
class Coverage {
  given = 0;
  below = 0;
  above = 0;

  add(interval: Interval | null, truth: number): void {
    if (!interval) return;
    this.given++;
    if (truth < interval.low) this.below++;
    if (truth > interval.high) this.above++;
  }

  get percent(): number {
    return (100 * (this.given - this.below - this.above)) / this.given;
  }

  toString(): string {
    return `${this.percent.toFixed(1)} % of ${this.given} (truth below ${this.below}, above ${this.above})`;
  }
}

function assertHolds(coverage: Coverage, what: string): void {
  assert.ok(coverage.percent >= 93 && coverage.percent <= 97, `${what}: ${coverage.toString()}`);
}

// E max(d, 0) for d ~ N(m, 1) is m Φ(m) + φ(m).
const concepts = [
  {
    name: 'a symmetric concept, K = 100: N(0.5, 1)',
    samples: 100,
    draw: (s: Stream) => 0.5 + s.normal(),
    mean: 0.5,
    delta: 0.5 * 0.6914624612740131 + 0.3520653267642995,
  },
  {
    name: 'a skewed concept, K = 200: exponential − 0.5',
    samples: 200,
    draw: (s: Stream) => exponential(s) - 0.5,
    mean: 0.5,
    delta: Math.exp(-0.5),
  },
  {
    name: 'a very skewed concept, K = 200: log-normal − 1',
    samples: 200,
    draw: (s: Stream) => Math.exp(s.normal()) - 1,
    mean: Math.exp(0.5) - 1,
    delta: Math.exp(0.5) * 0.8413447460685429 - 0.5,
  },
  {
    name: 'a concept that moves 3 % of the samples, K = 1,000: N(0.7, 1) or nothing',
    samples: 1000,
    draw: (s: Stream) => (s.uniform() < 0.03 ? 0.7 + s.normal() : 0),
    mean: 0.03 * 0.7,
    delta: 0.03 * (0.7 * 0.758036347776927 + 0.31225393336676127),
  },
];

describe('the 95 % intervals hold in 93 to 97 % of 1,000 small studies', () => {
  concepts.forEach(({ name, samples, draw, mean, delta }, number) => {
    test(name, (t) => {
      const coverage = { mean: new Coverage(), delta: new Coverage() };
      for (let study = 0; study < studies; study++) {
        const stream = new Stream(100 + number, 'toy', study);
        const differences = new Float32Array(samples).map(() => draw(stream));
        const measured = measure(differences, { std: 1, seed: 3 });
        coverage.mean.add(measured.meanInterval, mean);
        coverage.delta.add(measured.deltaInterval, delta);
      }
      t.diagnostic(`Δ⁺: ${coverage.delta.toString()}; signed mean: ${coverage.mean.toString()}`);
      assertHolds(coverage.delta, 'Δ⁺');
      assertHolds(coverage.mean, 'signed mean');
      assert.ok(coverage.delta.given >= 0.95 * studies, 'nearly all studies give an interval');
    });
  });

  test('one layer set against another on the same codes, K = 100', (t) => {
    // Shared noise, as two moves of one code have: 0.9 of the variance is common.
    const coverage = { mean: new Coverage(), delta: new Coverage() };
    const truth = { mean: 2.5 - 2.2, delta: 0 };
    truth.delta = normalRise(2.5) - normalRise(2.2);
    for (let study = 0; study < studies; study++) {
      const stream = new Stream(200, 'toy', study);
      const first = new Float32Array(100);
      const second = new Float32Array(100);
      for (let i = 0; i < 100; i++) {
        const common = Math.sqrt(0.9) * stream.normal();
        first[i] = 2.5 + common + Math.sqrt(0.1) * stream.normal();
        second[i] = 2.2 + common + Math.sqrt(0.1) * stream.normal();
      }
      const compared = compareMeasured(first, second, { std: [1, 1], seed: 3 });
      coverage.mean.add(compared.meanInterval, truth.mean);
      coverage.delta.add(compared.deltaInterval, truth.delta);
    }
    t.diagnostic(`Δ⁺: ${coverage.delta.toString()}; signed mean: ${coverage.mean.toString()}`);
    assertHolds(coverage.delta, 'Δ⁺');
    assertHolds(coverage.mean, 'signed mean');
  });

  test('one study against another, paired, skewed, few samples differ, K = 1,000', (t) => {
    // A twentieth of the samples does something else in the second study; the rest moves alike to the bit.
    const coverage = { mean: new Coverage(), delta: new Coverage() };
    for (let study = 0; study < studies; study++) {
      const stream = new Stream(250, 'toy', study);
      const first = new Float32Array(1000).map(() => 0.5 + -Math.log(1 - stream.uniform()));
      const second = first.map((x) =>
        stream.uniform() < 0.05 ? x - 0.4 * Math.log(1 - stream.uniform()) : x,
      );
      const compared = compareMeasured(second, first, { std: [1, 1], seed: 3 });
      coverage.mean.add(compared.meanInterval, 0.05 * 0.4);
      coverage.delta.add(compared.deltaInterval, 0.05 * 0.4);
    }
    t.diagnostic(`Δ⁺: ${coverage.delta.toString()}; signed mean: ${coverage.mean.toString()}`);
    assertHolds(coverage.delta, 'Δ⁺');
    assertHolds(coverage.mean, 'signed mean');
  });

  test('the summary of a level: three concepts, two layer sets, K = 200', (t) => {
    const means = [
      [1.5, 0.4],
      [2, 0.8],
      [1.2, 0.1],
    ];
    const truth = means.reduce((sum, [a, b]) => sum + normalRise(b) / normalRise(a), 0) / means.length;
    const coverage = new Coverage();
    for (let study = 0; study < studies; study++) {
      const stream = new Stream(300, 'toy', study);
      const [summary] = levelSummary(
        means.map((sets) => ({
          level: 'color',
          effects: sets.map(() => effect({ moves: true })),
          differences: sets.map((mean) => new Float32Array(200).map(() => mean + stream.normal())),
        })),
        { layerSets: 2, seed: 3 },
      );
      coverage.add(summary.share[1].interval, truth);
    }
    t.diagnostic(`share of the second set: ${coverage.toString()}`);
    assertHolds(coverage, 'share');
  });
});

/** E max(d, 0) for d ~ N(mean, 1), by Simpson's rule on the density: exact to 1e-10. */
function normalRise(mean: number): number {
  const [from, to, steps] = [0, mean + 10, 4000];
  const h = (to - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const x = from + i * h;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += (weight * x * Math.exp(-((x - mean) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return (sum * h) / 3;
}
