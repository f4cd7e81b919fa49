/** Whether results are told to be of an earlier version of their file, also while it cannot be understood. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { textHash } from '../../../src/engine/revisions';
import { Currency } from '../../../src/extension/currency';
import type { StudyResult } from '../../../src/protocol/results';
import { studyOf } from '../../browser/study-fixture';

const written = 'generator: rooms\n';

/** A result of the study `meaning`, computed for the text above. */
function resultOf(meaning: string): StudyResult {
  const study = studyOf(2);
  const provenance = { ...study.provenance, experiment: meaning, text: textHash(written) };
  return { ...study, provenance };
}

describe('results are of an earlier version of the file', () => {
  test('when its text means another study', () => {
    const currency = new Currency();
    assert.equal(currency.isOutdated(resultOf('a'), 'a', written), false);
    assert.equal(currency.isOutdated(resultOf('a'), 'b', written), true);
  });

  test('not because of errors while somebody types', () => {
    const currency = new Currency();
    const result = resultOf('a');
    const told = ['a', null, null, 'a'].map((meaning, k) =>
      currency.isOutdated(result, meaning, `${written}# ${k}`),
    );
    assert.deepEqual(told, [false, false, false, false]);
  });

  test('still, when errors come after that', () => {
    const currency = new Currency();
    const result = resultOf('a');
    currency.isOutdated(result, 'b', written);
    assert.equal(currency.isOutdated(result, null, 'generator: ['), true);
  });

  test('of which nothing is known but errors, by the text', () => {
    const currency = new Currency();
    assert.equal(currency.isOutdated(resultOf('a'), null, written), false, 'a model of it is gone');
    assert.equal(currency.isOutdated(resultOf('a'), null, 'generator: ['), true);
  });
});
