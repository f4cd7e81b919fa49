/** Truth: what was planted in a linear generator is found, at its layers; what was not planted is not. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { describe } from 'node:test';
import { openStoreForReading } from '../../../src/engine/store/read';
import { runStudy } from '../../../src/engine/study';
import { writeLinearModel, type PlantedConcept } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';

const planted: PlantedConcept[] = [
  { label: 'one', layers: [0], scale: 1 },
  { label: 'tiny unit', layers: [2], scale: 0.001 },
  { label: 'huge unit', layers: [3], scale: 1000 },
  { label: 'two layers', layers: [1, 3], scale: 1 },
];

const experiment = `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 8000, positives: 1200 }
rescore: { samples: 80, layers: each, top: all }
`;

describe('planted directions', () => {
  for (const method of ['svm', 'logistic', 'lda']) {
    test(`are recovered by ${method}, move, and peak on their layers`, async (context) => {
      const folder = await temporaryFolder(context);
      const model = await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
      const file = await writeExperiment(folder, `${experiment}boundary: { method: ${method} }\n`);
      const { result } = await runStudy({ file, device: 'cpu' });
      const store = await openStoreForReading(path.join(folder, '.higan'));

      for (const { label, layers } of planted) {
        const concept = result.concepts.find((c) => c.concept === `attribute/${label}`);
        assert.ok(concept?.boundary && concept.effect && concept.layers, label);
        const boundary = await store.readBoundary(concept.boundary.hash);
        const truth = model.directions.get(label) as Float64Array;
        const cosine = truth.reduce((sum, x, j) => sum + x * (boundary?.direction[j] ?? NaN), 0);
        assert.ok(cosine >= 0.98, `${label}: cosine ${cosine}`);
        assert.ok(concept.effect.moves, `${label} moves`);
        const strongest = concept.layers
          .map((effect, layer) => ({ delta: effect.delta, layer }))
          .sort((a, b) => b.delta - a.delta)
          .slice(0, layers.length)
          .map(({ layer }) => layer)
          .sort();
        assert.deepEqual(strongest, layers, `${label} peaks on its layers`);
        concept.layers.forEach((effect, layer) =>
          assert.equal(effect.moves, layers.includes(layer), `${label}, layer ${layer}`),
        );
      }
    });
  }

  test('a step of 2 σ raises a planted score by 2 of its standard deviations along the true direction', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted);
    const file = await writeExperiment(folder, experiment);
    const { result } = await runStudy({ file, device: 'cpu', until: 'rank' });
    for (const concept of result.concepts) {
      assert.ok(
        Math.abs((concept.effect?.mean ?? 0) - 2) < 0.12,
        `${concept.concept}: ${concept.effect?.mean}`,
      );
    }
  });

  test('a concept that the generator does not vary has no direction, and says why', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), [
      ...planted,
      { label: 'constant', layers: [], scale: 1 },
    ]);
    const file = await writeExperiment(folder, experiment);
    const { result } = await runStudy({ file, device: 'cpu', until: 'rank' });
    const constant = result.concepts.find((c) => c.concept === 'attribute/constant');
    assert.equal(constant?.boundary, null);
    assert.equal(constant?.rank, null);
    assert.match(constant?.noBoundary ?? '', /Too few distinct scores/);
  });
});
