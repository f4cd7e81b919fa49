/** What the ranking panel lists as side effects: what the engine judged to be some, and nothing else. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { sideEffectsOf } from '../../../src/extension/panels/side-effects';
import { effect } from '../statistics/effects';

test('the three largest side effects of a move; none where only an interval keeps clear of 0', () => {
  const concepts = ['color/a', 'color/b', 'color/c', 'color/d', 'color/e'];
  // Nothing here moves or exceeds its null, though every interval lies above 0.
  const chance = effect({ mean: 0.3, meanInterval: { low: 0.1, high: 0.5 }, null: 2 });
  const found = concepts.slice(1).map((concept, i) => ({ concept, mean: 1 - 0.2 * i }));
  const matrix = { layers: 'all', rows: concepts.slice(0, 2), concepts };
  const effects = matrix.rows.map(() => concepts.map(() => chance));
  assert.deepEqual(sideEffectsOf({ ...matrix, effects, sideEffects: [found, []] }), {
    'color/a': found.slice(0, 3),
    'color/b': [],
  });
});
