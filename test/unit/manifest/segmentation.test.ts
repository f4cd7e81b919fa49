import assert from 'node:assert/strict';
import test from 'node:test';
import { segmentationOf, type Model } from '../../../src/engine/manifest';

/** Models by the heads of their predictors, of which only level and labels are asked. */
const models = (...all: { level: string; labels: string[] }[][][]): Model[] =>
  all.map(
    (predictors, index) =>
      ({
        name: `m${index}`,
        manifest: { predictors: predictors.map((heads, p) => ({ file: `p${p}.onnx`, heads })) },
      }) as unknown as Model,
  );
const attribute = { level: 'attribute', labels: ['warm'] };
const segmentation = (...labels: string[]) => ({ level: 'segmentation', labels });

test('the first predictor with a segmentation head labels the pixels, model by model', () => {
  const given = models(
    [[attribute]],
    [[attribute], [attribute, segmentation('a', 'b')]],
    [[segmentation('c')]],
  );
  assert.deepEqual(segmentationOf(given), { labels: ['a', 'b'], reason: null });
});

test('without one, or with more labels than a byte tells apart, there are none, and it is said why', () => {
  for (const given of [[], models([[attribute]])]) {
    const { labels, reason } = segmentationOf(given);
    assert.deepEqual(labels, []);
    assert.match(reason ?? '', /No predictor of this experiment has a segmentation head/);
  }
  const many = segmentation(...Array.from({ length: 257 }, (_, k) => `label ${k}`));
  const { labels, reason } = segmentationOf(models([[attribute], [many]]));
  assert.deepEqual(labels, []);
  assert.match(reason ?? '', /m0\/p1\.onnx: more than 256 labels/);
});
