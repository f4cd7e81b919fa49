/** Truth: what was planted in a linear generator is found, at its layers; what was not planted is not. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { describe, type TestContext } from 'node:test';
import type { Space } from '../../../src/protocol/experiment';
import type { Effect, StudyResult } from '../../../src/protocol/results';
import { openStoreForReading } from '../../../src/engine/store/read';
import { runStudy } from '../../../src/engine/study';
import {
  dot,
  unit,
  writeLinearModel,
  type LinearModel,
  type LinearModelOptions,
  type PlantedConcept,
} from '../../fixtures/linear-model';
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

/** Unit direction of a concept in a space: in y one of each layer, one after the other. */
function truthIn(space: Space, model: LinearModel, label: string): Float64Array[] {
  const { D, L } = model;
  const v = model.directions.get(label)!;
  const units = Array.from({ length: D }, (_, j) => Float64Array.from({ length: D }, (__, i) => +(i === j)));
  if (space === 'w') return [v];
  if (space === 'z') return [unit(units.map((z) => dot(v, model.mapped(z))))];
  const origin = new Float64Array(D);
  return Array.from({ length: L }, (_, l) => {
    const zero = model.styleOf(origin, l);
    return unit(model.styleOf(v, l).map((y, j) => y - zero[j]));
  });
}

/** Runs a study of a toy, and looks whether every concept is found with its direction and at its layers. */
async function findsThePlanted(
  context: TestContext,
  settings: string,
  options: LinearModelOptions = {},
): Promise<StudyResult> {
  const folder = await temporaryFolder(context);
  const model = await writeLinearModel(path.join(folder, 'models'), planted, { D: 16, ...options });
  const file = await writeExperiment(folder, `${experiment}${settings}\n`);
  const { result } = await runStudy({ file, device: 'cpu' });
  const store = await openStoreForReading(path.join(folder, '.higan'));

  for (const { label, layers } of planted) {
    const concept = result.concepts.find((c) => c.concept === `attribute/${label}`);
    assert.ok(concept?.boundary && concept.effect && concept.layers, label);
    const boundary = await store.readBoundary(concept.boundary.hash);
    truthIn(result.space, model, label).forEach((truth, slice) => {
      const found = boundary?.direction.subarray(slice * truth.length, (slice + 1) * truth.length) ?? [];
      const cosine = dot(truth, found);
      assert.ok(cosine >= 0.98, `${label}, slice ${slice}: cosine ${cosine}`);
    });
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
  return result;
}

/** Whether a score rose by so many of its standard deviations. */
function rose(effect: Effect | null | undefined, by: number, name: string): void {
  assert.ok(Math.abs((effect?.mean ?? NaN) - by) < 0.12, `${name}: ${effect?.mean} where ${by} is due`);
}

describe('planted directions', () => {
  for (const method of ['svm', 'logistic', 'lda']) {
    test(`are recovered by ${method}, move, and peak on their layers`, async (context) => {
      await findsThePlanted(context, `boundary: { method: ${method} }`);
    });
  }

  for (const space of ['z', 'y'] as const) {
    test(`are recovered in ${space} under truncation, and each layer adds its share of the rise`, async (context) => {
      const truncation = { psi: 0.7, cutoff: 2 };
      const settings = `space: ${space}\nboundary: { method: lda }`;
      const result = await findsThePlanted(context, settings, { styles: true, truncation });
      const strength = (layer: number): number => (layer < truncation.cutoff ? truncation.psi : 1);
      planted.forEach(({ label, layers }, k) => {
        const { effect, layers: found } = result.concepts[k];
        rose(effect, 2, label);
        const whole = layers.reduce((sum, layer) => sum + strength(layer), 0);
        found?.forEach((each, layer) =>
          rose(each, layers.includes(layer) ? (2 * strength(layer)) / whole : 0, `${label}, layer ${layer}`),
        );
      });
    });
  }

  test('are recovered in z of a generator that has no w, and move', async (context) => {
    const result = await findsThePlanted(context, 'boundary: { method: lda }', { mapping: false });
    assert.equal(result.space, 'z');
  });

  test('a step of 2 σ raises a planted score by 2 of its standard deviations along the true direction', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted);
    const file = await writeExperiment(folder, experiment);
    const { result } = await runStudy({ file, device: 'cpu', until: 'rank' });
    for (const { concept, effect } of result.concepts) rose(effect, 2, concept);
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
