import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import type { StudyResult } from '../../../src/protocol/results';
import { changeOf, inPieces, resultsChangeSchema, withChange } from '../../../src/protocol/results-change';
import { studyOf } from '../../browser/study-fixture';

const before = studyOf(500);
/** The same study a moment later: one concept, and what is told of all, is another. */
const after: StudyResult = {
  ...before,
  partial: 0.5,
  concepts: before.concepts.map((each, index) =>
    index === 7 ? { ...each, rank: 99 } : structuredClone(each),
  ),
};

describe('a change of results', () => {
  test('names the concepts that changed, and makes the next result of the last', () => {
    const change = changeOf(before, after);
    assert.deepEqual(change.concepts, [after.concepts[7]]);
    assert.deepEqual(withChange(before, resultsChangeSchema.parse(change)), after);
    assert.equal(before.concepts[7].rank === 99, false, 'the last result stays what it is');
  });

  test('is everything where there was nothing, or other concepts', () => {
    const other = { ...after, concepts: after.concepts.toReversed() };
    const fewer = { ...after, concepts: after.concepts.slice(1) };
    for (const [from, to] of [
      [null, after],
      [before, other],
      [before, fewer],
      [fewer, before],
    ] as const) {
      const change = changeOf(from, to);
      assert.ok(change.whole);
      assert.deepEqual(withChange(from, change), to);
      // A page that lacks the last one, or has one of another experiment, is told all the same.
      assert.deepEqual(withChange(studyOf(3), change), to);
    }
  });

  test('in pieces comes to the same', () => {
    for (const [from, to, pieces] of [
      [null, after, 3],
      [before, after, 1],
      [before, before, 1],
    ] as const) {
      const told = inPieces(changeOf(from, to), 200);
      assert.equal(told.length, pieces);
      assert.ok(told.every(({ concepts }) => concepts.length <= 200));
      assert.deepEqual(told.reduce<StudyResult | null>(withChange, from), to);
    }
  });
});
