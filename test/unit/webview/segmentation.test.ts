import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { labelMapSchema, type LabelMap } from '../../../src/protocol/panels';
import { classColour, distance, okLab } from '../../../src/webview/ui/class-colours';
import { classShares, labelsAt } from '../../../src/webview/ui/label-map';

const mapOf = (width: number, labels: number[]): LabelMap => ({
  ...{ width, height: labels.length / width },
  data: Uint8Array.from(labels),
});

describe('label maps', () => {
  test('have one byte a pixel', () => {
    assert.ok(labelMapSchema.safeParse(mapOf(2, [0, 1, 2, 3])).success);
    assert.ok(labelMapSchema.safeParse({ width: 2, height: 1, data: new Uint8Array([1, 2]).buffer }).success);
    assert.ok(!labelMapSchema.safeParse({ ...mapOf(2, [0, 1, 2, 3]), width: 3 }).success);
  });

  test('at another size, each pixel has the label of the nearest centre', () => {
    assert.deepEqual([...labelsAt(mapOf(2, [0, 1, 2, 3]), 4, 2)], [0, 0, 1, 1, 2, 2, 3, 3]);
    assert.deepEqual([...labelsAt(mapOf(4, [0, 1, 2, 3]), 2, 1)], [1, 3]);
    assert.deepEqual([...labelsAt(mapOf(3, [5, 6, 7]), 3, 2)], [5, 6, 7, 5, 6, 7]);
  });

  test('are counted with the change against their original, largest share first', () => {
    assert.deepEqual(classShares(mapOf(2, [3, 3, 3, 0]), mapOf(4, [3, 1, 3, 1, 0, 0, 0, 0])), [
      { label: 3, share: 0.75, change: 0.5 },
      { label: 0, share: 0.25, change: -0.25 },
      { label: 1, share: 0, change: -0.25 },
    ]);
    assert.deepEqual(classShares(mapOf(2, [4, 2]), null), [
      { label: 2, share: 0.5, change: null },
      { label: 4, share: 0.5, change: null },
    ]);
  });
});

describe('the colours of classes', () => {
  const nearest = (classes: number): number =>
    Math.min(
      ...Array.from({ length: classes }, (_, i) =>
        Math.min(
          ...Array.from({ length: i }, (_, j) => distance(okLab(classColour(i)), okLab(classColour(j)))),
          Infinity,
        ),
      ),
    );

  test('are told apart: as many as the bundled model has, and as many as a byte has', () => {
    // A just noticeable difference is about 0.02.
    assert.ok(nearest(21) > 0.1, `${nearest(21)}`);
    assert.ok(nearest(256) > 0.02, `${nearest(256)}`);
  });

  test('are the same whatever was asked before', () => {
    const late = classColour(200);
    assert.deepEqual(classColour(200), late);
    assert.deepEqual(
      [0, 1, 2].map((label) => classColour(label)),
      [
        [230, 179, 51],
        [0, 204, 255],
        [0, 77, 153],
      ],
    );
  });

  test('distances are those of OKLab', () => {
    // Ottosson's own table: sRGB red is L 0.628, a 0.225, b 0.126.
    for (const [c, value] of [0.628, 0.225, 0.126].entries())
      assert.ok(Math.abs(okLab([255, 0, 0])[c] - value) < 1e-3);
  });
});
