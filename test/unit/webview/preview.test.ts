import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { previewChangeSchema, type PreviewCellView } from '../../../src/protocol/panels';
import { within } from '../../../src/webview/preview/bounds';
import { layersOf, layersText } from '../../../src/webview/preview/layers';
import { Rendering } from '../../../src/webview/preview/rendering';

const groups = [
  { name: 'bottom', layers: [0, 1] },
  { name: 'upper', layers: [5, 6, 7] },
];

describe('layers as the file writes them', () => {
  test('groups, all, single layers and inclusive ranges are read', () => {
    assert.deepEqual([...layersOf('upper', groups, 10)!], [5, 6, 7]);
    assert.equal(layersOf('all', groups, 10)!.size, 10);
    assert.deepEqual([...layersOf(7, groups, 10)!], [7]);
    assert.deepEqual([...layersOf('0-2, 7', groups, 10)!], [0, 1, 2, 7]);
  });

  test('what the generator lacks is not read as something else', () => {
    for (const text of ['top', '8-12', '3-1', '', '1;2'])
      assert.equal(layersOf(text, groups, 10), null, text);
  });

  test('the shortest way is written', () => {
    const write = (...layers: number[]): string | null => layersText(new Set(layers), groups, 10);
    assert.equal(write(7, 5, 6), 'upper');
    assert.equal(write(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 'all');
    assert.equal(write(7, 0, 1, 2), '0-2,7');
    assert.equal(write(), null);
  });

  test('writing and reading come back to the same set', () => {
    for (let bits = 1; bits < 1024; bits++) {
      const set = new Set([...Array(10).keys()].filter((layer) => bits & (1 << layer)));
      assert.deepEqual(layersOf(layersText(set, groups, 10)!, groups, 10), set);
    }
  });
});

describe('what the panel may write', () => {
  const takes = (change: object): boolean => previewChangeSchema.safeParse(change).success;
  const edit = (part: object): boolean => takes({ kind: 'edit', index: 0, of: 'attribute/wood', ...part });

  test('is what the file may hold: a step, samples or jitter beyond its bounds are refused', () => {
    for (const step of [-100, 0, 2.05, 100]) assert.ok(edit({ step }), `${step}`);
    for (const step of [-100.1, 250, NaN, Infinity]) assert.ok(!edit({ step }), `${step}`);
    assert.ok(edit({ layers: '0-4' }) && !edit({ layers: '' }) && !edit({ concept: '' }));
    assert.ok(!takes({ kind: 'addEdit', edit: { concept: 'attribute/wood', step: 101 } }));
    assert.ok(!takes({ kind: 'samples', samples: [] }) && !takes({ kind: 'samples', samples: [-1] }));
    const jitter = (part: object | null): boolean => takes({ kind: 'jitter', jitter: part });
    assert.ok(jitter(null) && jitter({ seed: 3 }) && jitter({ strength: 10, variants: 64 }));
    assert.ok(!jitter({ strength: 11 }) && !jitter({ variants: 0 }) && !jitter({ seed: -1 }));
  });

  test('is only what was changed: defaults are not filled in', () => {
    for (const change of [
      { kind: 'edit', index: 1, of: 'attribute/wood', layers: 'upper' },
      { kind: 'jitter', jitter: { seed: 3 } },
    ]) {
      assert.deepEqual(previewChangeSchema.parse(change), change);
    }
  });

  test('numbers that are typed are brought within bounds', () => {
    assert.deepEqual(
      [-250, -100, 0, 2.5, 1e9, NaN].map((value) => within(-100, 100, value)),
      [-100, -100, 0, 2.5, 100, -100],
    );
  });
});

describe('the newest request wins', () => {
  const cell = (sequence: number, step: number, scores: number[] = []): PreviewCellView => ({
    ...{ sequence, sample: 3, step, variant: 0, scores },
    image: { format: 'rgb', width: 1, height: 1, data: new Uint8Array(3) },
  });
  const at = (step: number): { sample: number; step: number; variant: number } => ({
    sample: 3,
    step,
    variant: 0,
  });

  test('late cells of an older request are dropped', () => {
    const rendering = new Rendering();
    const first = rendering.begin(false);
    const second = rendering.begin(false);
    assert.equal(rendering.take(cell(first, 1)), false);
    assert.equal(rendering.cell(at(1)), null);
    assert.equal(rendering.take(cell(second, 1)), true);
  });

  test('until its new image is there, a cell keeps the last, marked as old', () => {
    const rendering = new Rendering();
    rendering.take(cell(rendering.begin(false), 1));
    const next = rendering.begin(false);
    assert.equal(rendering.cell(at(1))!.old, true);
    rendering.take(cell(next, 1));
    assert.equal(rendering.cell(at(1))!.old, false);
  });

  test('originals stay good while only edits change', () => {
    const rendering = new Rendering();
    const first = rendering.begin(false);
    rendering.take(cell(first, 0));
    rendering.take(cell(first, 1));
    assert.equal(rendering.hasOriginals([3]), true);
    assert.equal(rendering.hasOriginals([3, 4]), false);
    rendering.begin(true);
    assert.equal(rendering.cell(at(0))!.old, false);
    assert.equal(rendering.cell(at(1))!.old, true);
    rendering.begin(false);
    assert.equal(rendering.hasOriginals([3]), false);
  });

  test('a segmentation belongs to its image: late ones are dropped, and it goes with the image', () => {
    const rendering = new Rendering();
    const map = { width: 1, height: 1, data: new Uint8Array([7]) };
    const first = rendering.begin(false);
    assert.equal(rendering.segment({ ...cell(first, 1), map }), false, 'there is no image yet');
    rendering.take(cell(first, 0));
    rendering.take(cell(first, 1));
    assert.equal(rendering.segment({ ...cell(first, 1), map }), true);
    assert.equal(rendering.segment({ ...cell(first, 0), map }), true);
    const second = rendering.begin(true);
    assert.equal(rendering.segmentation(at(1)), map, 'the old image keeps its own');
    assert.equal(rendering.segment({ ...cell(first, 1), map }), false);
    rendering.take(cell(second, 1));
    assert.equal(rendering.segmentation(at(1)), null);
    assert.equal(rendering.lastSegmentation(at(1)), map);
    assert.equal(rendering.segmentation(at(0)), map, 'that of the unedited image stays good');
  });

  test('scores are named before the first image; those of older images under other names are forgotten', () => {
    const rendering = new Rendering();
    const first = rendering.begin(false);
    rendering.nameScores(first, ['a', 'b']);
    rendering.take(cell(first, 1, [0.1, 0.2]));
    assert.equal(rendering.score(at(1), 'b'), 0.2, 'beside the first image');
    const second = rendering.begin(false);
    rendering.nameScores(second, ['a', 'b']);
    assert.equal(rendering.score(at(1), 'b'), 0.2, 'the old one, under the same name');
    rendering.nameScores(second, ['b', 'a']);
    assert.equal(rendering.score(at(1), 'b'), null);
    rendering.take(cell(second, 1, [0.3, 0.4]));
    assert.equal(rendering.score(at(1), 'b'), 0.3);
  });

  test('changes are in standard deviations, largest first, and leave out what has no score', () => {
    const rendering = new Rendering();
    const sequence = rendering.begin(false);
    rendering.nameScores(sequence, ['a', 'b', 'c']);
    rendering.take(cell(sequence, 0, [0.1, 0.5, 0.2]));
    rendering.take({ ...cell(sequence, 1), scores: [0.2, 0.1, null] });
    const changes = rendering.changes(
      at(1),
      new Map([
        ['a', 0.01],
        ['b', 0.2],
        ['c', 1],
      ]),
    );
    assert.deepEqual(
      changes.map(({ concept, change }) => [concept, Number(change.toFixed(6))]),
      [
        ['a', 10],
        ['b', -2],
      ],
    );
  });
});
