import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { Stream } from '../../../src/engine/latent';
import type { Level } from '../../../src/protocol/concept';
import { levelSummarySchema } from '../../../src/protocol/results';
import { levelSummary, measure } from '../../../src/engine/statistics';
import { effect } from './effects';

const samples = 300;
/** A concept whose Δ⁺ is about `rises[set]`, and which the sets in `moving` move. */
function analysed(level: Level, rises: number[], moving: boolean[], index: number) {
  const stream = new Stream(3, 'toy', index);
  return {
    level,
    effects: moving.map((moves) => effect({ moves })),
    differences: rises.map((rise) => new Float32Array(samples).map(() => rise * (1 + 0.2 * stream.normal()))),
  };
}
const options = { layerSets: 3, seed: 1 };
const all = [true, true, true];

describe('the level summary', () => {
  test('is the mean over concepts of what each layer set does, as a share of what the strongest does', () => {
    const [summary] = levelSummary(
      [analysed('color', [1, 2, 4], all, 1), analysed('color', [30, 0, 15], [true, false, true], 2)],
      options,
    );
    assert.equal(summary.concepts, 2);
    [0.625, 0.25, 0.75].forEach((expected, set) => {
      const { value, interval } = summary.share[set];
      assert.ok(Math.abs(value - expected) < 0.02, `set ${set}: ${value}`);
      assert.ok(interval!.low <= value && value <= interval!.high);
    });
    assert.deepEqual(levelSummarySchema.strict().parse(summary), summary);
  });

  test('never divides by a layer set that does not move the concept, nor lets one exceed 1', () => {
    const [summary] = levelSummary([analysed('color', [8, 2, 4], [false, true, true], 1)], options);
    assert.equal(summary.share[0].value, 1);
    assert.ok(Math.abs(summary.share[1].value - 0.5) < 0.03);
    assert.equal(summary.share[2].value, 1);
  });

  test('leaves out, and counts, a concept that nothing moves', () => {
    const none = [false, false, false];
    const moved = analysed('layout', [1, 2, 4], all, 1);
    const [alone] = levelSummary([moved], options);
    const [both] = levelSummary([moved, analysed('layout', [4, 2, 1], none, 2)], options);
    assert.deepEqual(both, { ...alone, unmoved: 1 });
    const [still] = levelSummary([analysed('layout', [4, 2, 1], none, 2)], options);
    assert.deepEqual([still.concepts, still.unmoved], [0, 1]);
    assert.ok(still.share.every(({ value, interval }) => value === 0 && interval === null));
  });

  test('has one row a level that was analysed, in the order of the levels', () => {
    const rows = levelSummary(
      [analysed('color', [1, 1, 2], all, 1), analysed('layout', [2, 1, 1], all, 2)],
      options,
    );
    assert.deepEqual(
      rows.map((row) => row.level),
      ['layout', 'color'],
    );
    assert.deepEqual(levelSummary([], options), []);
  });

  test('is certain of a set that is the largest of every concept, and of nothing below 20 samples', () => {
    const concept = analysed('layout', [4, 2, 1], all, 1);
    const [summary] = levelSummary([concept], options);
    assert.deepEqual(summary.share[0], { value: 1, interval: { low: 1, high: 1 } });
    const few = { ...concept, differences: concept.differences.map((d) => d.subarray(0, 19)) };
    assert.ok(levelSummary([few], options)[0].share.every((share) => share.interval === null));
  });

  test('bounds a set without a rise as a rare event, over what the strongest does', () => {
    const concept = analysed('layout', [1, -1, -1], [true, false, false], 1);
    // Nine rises of three hundred samples are as few as resampling cannot know.
    concept.differences[2].set(new Float32Array(9).fill(0.5));
    const [{ share }] = levelSummary([concept], options);
    const [peak, none, few] = concept.differences.map((d) => measure(d, { std: 1, seed: 1 }));
    assert.equal(share[1].value, 0);
    [none, few].forEach(({ deltaInterval }, i) => {
      const { low, high } = share[1 + i].interval!;
      assert.ok(Math.abs(low - deltaInterval!.low / peak.delta) < 1e-9);
      assert.ok(Math.abs(high - deltaInterval!.high / peak.delta) < 1e-9 && high > low);
    });
  });

  test('is as unsure of a set that does a little more than the strongest one that moves as of one that does a little less', () => {
    const noise = analysed('color', [1], all, 5).differences[0].map((d) => 10 * (d - 1));
    const against = (scale: number) => {
      const strongest = analysed('color', [1], all, 6).differences[0];
      const effects = [effect({ moves: true }), effect()];
      const differences = [strongest, noise.map((d) => scale * d)];
      return levelSummary([{ level: 'color', effects, differences }], { layerSets: 2, seed: 1 })[0].share[1];
    };
    const equal = 1 / against(0.1).value / 10;
    const [below, above] = [against(0.99 * equal), against(1.01 * equal)];
    assert.ok(below.value > 0.98 && below.value < 1 && above.value === 1);
    assert.ok(below.interval!.low > 0.7 && below.interval!.low < 0.95 && below.interval!.high === 1);
    assert.ok(Math.abs(above.interval!.low - below.interval!.low) < 0.03 && above.interval!.high === 1);
  });

  test('does not let one concept whose set is cut at 1 make up for another', () => {
    const high = analysed('color', [1, 5], [true, false], 1);
    const low = analysed('color', [1, 0.2], [true, false], 2);
    const [{ share }] = levelSummary([high, low], { layerSets: 2, seed: 1 });
    const { value, interval } = share[1];
    assert.ok(Math.abs(value - 0.6) < 0.02, `${value}`);
    assert.ok(interval!.low < value && value < interval!.high && interval!.high < 0.65);
  });

  test('holds an interval that few samples carry, as all are held', () => {
    // Nearly all alike: resamples without the three that stand out have next to no spread.
    const even = new Float32Array(samples).map((_, i) => 1 + 1e-4 * (i % 7));
    const few = even.map((d, i) => (i < 3 ? 0.9 : 0.1) * d);
    const effects = [effect({ moves: true }), effect({ moves: true })];
    const [{ share }] = levelSummary([{ level: 'color', effects, differences: [even, few] }], {
      ...{ layerSets: 2, seed: 1 },
    });
    const { low, high } = share[1].interval!;
    assert.ok(low >= 0.1 && high < 0.2, `${low} … ${high}`);
  });

  test('takes a missing score out of its own concept only', () => {
    const concept = analysed('layout', [4, 2, 1], all, 1);
    const [whole] = levelSummary([concept], options);
    concept.differences.forEach((d) => d.fill(NaN, 250));
    const [holed] = levelSummary([concept], options);
    assert.ok(Math.abs(holed.share[1].value - whole.share[1].value) < 0.02);
    const width = (s: typeof whole) => s.share[1].interval!.high - s.share[1].interval!.low;
    assert.ok(width(holed) > width(whole) && width(holed) < 1.3 * width(whole));
  });

  test('while a study runs, uses the samples that all sets have', () => {
    const concept = analysed('layout', [4, 2, 1], all, 1);
    const ahead = {
      ...concept,
      differences: concept.differences.map((d, i) => (i > 0 ? d.subarray(0, 100) : d)),
    };
    const even = { ...concept, differences: concept.differences.map((d) => d.subarray(0, 100)) };
    assert.deepEqual(levelSummary([ahead], options), levelSummary([even], options));
  });
});
