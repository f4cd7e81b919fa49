import assert from 'node:assert/strict';
import test from 'node:test';
import type { HeadManifest } from '../../../src/engine/manifest';
import { weakPredictors } from '../../../src/engine/study/weak-predictors';

const labels = ['bedroom', 'kitchen', 'bathroom', 'living room'];
const head: HeadManifest = {
  ...{ output: 'category', level: 'category', labels, activation: 'none', threshold: 'argmax' },
  error: { r2: [0.9, 0.1, 0.2, 0.8] },
};
const infos = labels.map((label, index) => ({ concept: `category/${label}`, head, index }));

test('a pair of categories is as weak as either of them, and says which', () => {
  const concepts = [
    ...['category/bedroom', 'category/kitchen', 'category/bedroom~living room'],
    ...['category/bedroom~kitchen', 'category/kitchen~bedroom', 'category/bathroom~kitchen'],
  ];
  const weak = weakPredictors(concepts, infos);
  assert.deepEqual([...weak.keys()], [concepts[1], ...concepts.slice(3)]);
  assert.match(weak.get('category/kitchen')!, /^Weak predictor: .*R² 0\.10/);
  for (const pair of concepts.slice(3, 5))
    assert.match(weak.get(pair)!, /^Weak predictor of kitchen: .*R² 0\.10/);
  assert.match(
    weak.get(concepts[5])!,
    /^Weak predictor of bathroom: .*0\.20.* Weak predictor of kitchen: .*0\.10/,
  );
});

test('colours, which no predictor scores, are never weak', () => {
  const infos = [{ concept: 'color/hue 1', head: null, index: 1 }];
  assert.equal(weakPredictors(['color/hue 1'], infos).size, 0);
});
