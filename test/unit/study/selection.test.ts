import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { noTwoClasses } from '../../../src/engine/study/boundaries';
import { conceptReaders, type NamedColumn } from '../../../src/engine/study/concepts';
import { Extremes, ProbeSelection } from '../../../src/engine/study/selection';
import type { HeadManifest } from '../../../src/engine/manifest/schema';
import { Stream } from '../../../src/engine/latent';

const head = (
  level: HeadManifest['level'],
  labels: string[],
  threshold: HeadManifest['threshold'],
): HeadManifest => ({
  output: level,
  level,
  labels,
  activation: 'none',
  threshold,
});
const categories = head('category', ['bedroom', 'kitchen'], 'argmax');
const attributes = head('attribute', ['wood'], 0.5);
const layout = head('layout', ['corner'], 'none');
const columns: NamedColumn[] = [
  { concept: 'category/bedroom', head: categories },
  { concept: 'category/kitchen', head: categories },
  { concept: 'attribute/wood', head: attributes },
  { concept: 'layout/corner', head: layout },
];

describe('the codes with the highest and lowest scores', () => {
  test('are the same as a full sort gives, ties to the lower index', () => {
    const stream = new Stream(1, 'toy', 0);
    for (const [n, k] of [
      [1, 1],
      [50, 7],
      [1000, 100],
      [20, 50],
    ]) {
      const scores = Array.from({ length: n }, () => Math.floor(stream.uniform() * 30));
      for (const sign of [1, -1] as const) {
        const kept = new Extremes(k, sign);
        scores.forEach((score, index) => kept.add(score, index));
        const expected = scores
          .map((score, index) => ({ index, score }))
          .sort((a, b) => sign * (b.score - a.score) || a.index - b.index)
          .slice(0, k);
        assert.deepEqual(kept.sorted(), expected);
      }
    }
  });
});

test('the standard deviation of a score has an error: half of it times √((kurtosis − 1) / n)', () => {
  const stream = new Stream(2, 'toy', 0);
  const scores = Float32Array.from({ length: 500 }, () => 7 - Math.log(1 - stream.uniform()));
  const selection = new ProbeSelection(conceptReaders(['layout/corner'], columns.slice(3)), 10, 10);
  for (const first of [0, 128, 256, 384]) {
    const some = scores.subarray(first, first + 128);
    selection.add(some, 1, first, some.length);
  }
  const [{ mean, std, stdError }] = selection.summaries();
  const moment = (k: number) => scores.reduce((sum, x) => sum + (x - mean) ** k, 0) / scores.length;
  const kurtosis = moment(4) / moment(2) ** 2;
  assert.ok(kurtosis > 4, 'a normal score would have 3');
  const expected = (std / 2) * Math.sqrt((kurtosis - 1) / scores.length);
  assert.ok(Math.abs(stdError / expected - 1) < 1e-6, `${stdError}, not ${expected}`);
});

describe('the reason why a concept has no direction', () => {
  /**
   * Why a probe of n codes, of which `asked` a side are wanted, gives no direction. The first `clear` codes are a bedroom or
   * a kitchen by turns, the others neither; wood and corner have no score.
   */
  function reason(concept: string, n: number, clear: number, asked: number): string | null {
    const rows = new Float32Array(4 * n).fill(NaN);
    for (let i = 0; i < n; i++) {
      const bedroom = (i >= clear ? 0.2 : i % 2 === 0 ? 0.9 : 0.1) + 1e-4 * i;
      rows.set([bedroom, i < clear ? 1 - bedroom : 0.3], 4 * i);
    }
    const selection = new ProbeSelection(conceptReaders([concept], columns), asked, asked);
    selection.add(rows, 4, 0, n);
    return noTwoClasses(selection.summaries()[0], { positives: asked, negatives: asked });
  }
  const pair = 'category/bedroom~kitchen';

  test('of a pair is how few codes are clearly one of the two, and what to change', () => {
    assert.equal(reason(pair, 200, 60, 30), null);
    assert.equal(
      reason(pair, 200, 50, 30),
      'Only 50 of 200 codes are clearly one of the two; 30 positives and 30 negatives were asked for. ' +
        'Raise probe.samples, or lower probe.positives and probe.negatives.',
    );
    assert.match(reason(pair, 200, 12, 30)!, /^Only 12 of 200 codes are clearly.* Raise probe\.samples\.$/);
  });

  test('of a score that is often missing, never varies, or has too few codes asked for', () => {
    assert.match(
      reason('attribute/wood', 200, 0, 30)!,
      /^Only 0 of 200 codes have a score; .*probe\.samples\.$/,
    );
    assert.match(reason('category/kitchen', 200, 0, 30)!, /Too few distinct scores: the 30 highest.* Lower /);
    assert.match(reason(pair, 200, 60, 9)!, /^9 positives .* fewer than 10 a side .* Raise probe\.positives/);
  });
});

describe('the probe selection', () => {
  const readers = conceptReaders(
    ['category/bedroom', 'attribute/wood', 'layout/corner', 'category/bedroom~kitchen'],
    columns,
  );
  // bedroom, kitchen, wood, corner
  const rows = Float32Array.from([
    ...[0.9, 0.1, 0.2, NaN],
    ...[0.2, 0.8, 0.7, -0.5],
    ...[0.6, 0.3, 0.6, 0.25],
    ...[0.3, 0.3, 0.1, 0.75],
  ]);

  test('does not depend on how the rows are cut', () => {
    const whole = new ProbeSelection(readers, 2, 2);
    whole.add(rows, 4, 0, 4);
    const cut = new ProbeSelection(readers, 2, 2);
    cut.add(rows.subarray(0, 4), 4, 0, 1);
    cut.add(rows.subarray(4, 16), 4, 1, 3);
    assert.deepEqual(cut.summaries(), whole.summaries());
  });

  test('takes moments and shares over the codes that have a score', () => {
    const selection = new ProbeSelection(readers, 1, 1);
    selection.add(rows, 4, 0, 4);
    const [bedroom, wood, corner] = selection.summaries();
    assert.equal(bedroom.positiveShare, 0.5);
    assert.equal(wood.positiveShare, 0.5);
    assert.equal(corner.positiveShare, null);
    assert.deepEqual([corner.scored, corner.probed], [3, 4]);
    assert.ok(Math.abs(corner.mean - 1 / 6) < 1e-7);
    assert.ok(
      Math.abs(
        corner.std - Math.sqrt(((-0.5 - 1 / 6) ** 2 + (0.25 - 1 / 6) ** 2 + (0.75 - 1 / 6) ** 2) / 3),
      ) < 1e-7,
    );
    assert.deepEqual([...corner.positives, ...corner.negatives], [3, 1]);
  });

  test('compares a pair of categories only where one of the two is likely', () => {
    const selection = new ProbeSelection(readers, 3, 3);
    selection.add(rows, 4, 0, 4);
    const pair = selection.summaries()[3];
    assert.deepEqual([...pair.positives], [0, 2, 1], 'code 3 is neither a bedroom nor a kitchen');
    assert.deepEqual([pair.scored, pair.eligible], [4, 3]);
  });
});
