/** What of the entanglement its panel is given: the strongest concepts, and always the one that it is pointed to. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { matrixPart } from '../../../src/extension/panels/matrix-part';
import { effect } from '../statistics/effects';

/** Each moves its own score less than the one before it; `e` drags `d` and `f`, `a` drags `f`. */
const concepts = ['a', 'b', 'c', 'd', 'e', 'f'];
const dragged: Record<string, string[]> = { a: ['f'], e: ['d', 'f'] };
const matrix = {
  ...{ layers: 'all', rows: concepts.slice(0, 5), concepts },
  effects: concepts
    .slice(0, 5)
    .map((_, i) => concepts.map((_, j) => effect({ delta: 10 - i, mean: 10 * i + j }))),
  sideEffects: concepts
    .slice(0, 5)
    .map((row) => (dragged[row] ?? []).map((concept) => ({ concept, mean: 1 }))),
};

test('the strongest concepts are moved and scored', () => {
  const part = matrixPart(matrix, 2, null);
  assert.deepEqual(
    [part.rows, part.concepts],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  );
  assert.deepEqual(part.sideEffects, [[], []], 'f is not in view');
  assert.deepEqual(matrixPart(matrix, 2, 'unknown'), part);
});

test('a weak concept that is pointed to is among them, with all that it drags along', () => {
  const part = matrixPart(matrix, 2, 'e');
  assert.deepEqual(
    [part.rows, part.concepts],
    [
      ['a', 'e'],
      ['a', 'e', 'd', 'f'],
    ],
  );
  assert.deepEqual(
    part.effects.map((row) => row.map(({ mean }) => mean)),
    [
      [0, 4, 3, 5],
      [40, 44, 43, 45],
    ],
  );
  assert.deepEqual(
    part.sideEffects.map((row) => row.map(({ concept }) => concept)),
    [['f'], ['d', 'f']],
  );
});

test('a strong one that is pointed to leaves the others where they are', () => {
  const part = matrixPart(matrix, 2, 'a');
  assert.deepEqual(
    [part.rows, part.concepts],
    [
      ['a', 'b'],
      ['a', 'b', 'f'],
    ],
  );
});
