/** What a correction of a manifest makes anew, and what it leaves: the keys under which the store has things. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { describe, type TestContext } from 'node:test';
import { keyHash } from '../../../src/engine/canonical';
import { loadModel, type Model } from '../../../src/engine/manifest';
import { identityOf, type ApparatusSettings } from '../../../src/engine/study/apparatus';
import { boundaryKey, type BoundarySettings } from '../../../src/engine/study/boundaries';
import { labelKey, moveHash, scoreKey } from '../../../src/engine/study/identity';
import { drawnBy } from '../../../src/engine/study/moves-document';
import { sigmaKey } from '../../../src/engine/study/spread';
import type { Space } from '../../../src/protocol/experiment';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder } from './folders';
import { settingsOf } from './toy-laboratory';

interface Keys {
  scores: string;
  boundary: string;
  sigma: string;
  samples: string;
}

const fitted: BoundarySettings = {
  ...{ method: 'svm', C: 1, validation: 0.3, positives: 50, negatives: 50, samples: 1000 },
  imports: new Map(),
};

/** Keys of the toy model as it is, or as `change` makes its manifest. */
async function keysOf(
  context: TestContext,
  change: (manifest: string) => string = (manifest) => manifest,
  changed: Partial<ApparatusSettings> = {},
  settings: BoundarySettings = fitted,
): Promise<Keys> {
  const planted = ['one', 'two'].map((label, k) => ({ label, layers: [2 * k], scale: 1 }));
  const { folder } = await writeLinearModel(await temporaryFolder(context), planted);
  const manifest = path.join(folder, 'manifest.yaml');
  const before = await readFile(manifest, 'utf8');
  await writeFile(manifest, change(before));
  return keysUnder(await loadModel(folder), changed, settings);
}

async function keysUnder(
  model: Model,
  changed: Partial<ApparatusSettings> = {},
  settings: BoundarySettings = fitted,
): Promise<Keys> {
  const identity = await identityUnder(model, changed);
  return {
    scores: keyHash(scoreKey(identity, 'probe', null)),
    boundary: keyHash(boundaryKey({ identity }, 'attribute/one', settings)),
    sigma: keyHash(sigmaKey(identity, 1000, new Float32Array(24))),
    samples: keyHash({ ...drawnBy(identity) }),
  };
}

const identityUnder = (model: Model, changed: Partial<ApparatusSettings>) =>
  identityOf(settingsOf(model, changed), 'cpu');

/** Which keys are others than those of the model as it is. */
async function moved(
  context: TestContext,
  ...change: Parameters<typeof keysOf> extends [unknown, ...infer R] ? R : never
) {
  return others(await keysOf(context), await keysOf(context, ...change));
}

const others = (before: Keys, after: Keys): (keyof Keys)[] =>
  (Object.keys(before) as (keyof Keys)[]).filter((key) => before[key] !== after[key]);

/** Replaces what has to be there. */
const replacing =
  (what: string | RegExp, by: string) =>
  (text: string): string => {
    assert.match(text, typeof what === 'string' ? new RegExp(what) : what);
    return text.replace(what, by);
  };

describe('correcting a manifest', () => {
  test('labels in another order: directions are other concepts’, scores are what they were', async (context) => {
    const swapped = replacing(/labels:(\s+)- one\s+- two/, 'labels:$1- two$1- one');
    assert.deepEqual(await moved(context, swapped), ['boundary']);
  });

  test('z that is normalised: all is anew', async (context) => {
    const normalised = replacing(/(z:\s+)dim: 24/, '$1dim: 24\n    normalize: pixel');
    assert.deepEqual(await moved(context, normalised), ['scores', 'boundary', 'sigma', 'samples']);
  });

  test('moves of z that is normalised: they are anew, and nothing else is', async () => {
    const model = await loadModel('models/rooms');
    const { manifest } = model;
    const { z } = manifest.generator!;
    const generator = { ...manifest.generator!, z: { ...z, normalize: 'pixel' as const } };
    const move = { layers: [0], direction: Float32Array.of(1), lengths: Float32Array.of(2) };
    /** Under which of no move and one, scores and label maps have another key than before z was normalised again. */
    const anew = async (space: Space) => {
      const identity = await identityUnder({ ...model, manifest: { ...manifest, generator } }, { space });
      return [null, move].map((one) => {
        const hash = one && moveHash(one);
        const scores = { kind: 'scores', ...identity, columns: undefined, purpose: 'rescore', move: hash };
        const labels = {
          kind: 'labels',
          ...identity,
          segmentation: 's',
          start: 'c',
          moves: hash ? [hash] : [],
        };
        return [
          keyHash(scoreKey(identity, 'rescore', one)) !== keyHash(scores),
          keyHash(labelKey(identity, 's', 'c', one ? [one] : [])) !== keyHash(labels),
        ];
      });
    };
    const [no, yes] = [false, true].map((is) => [is, is]);
    assert.deepEqual(await anew('z'), [no, yes]);
    assert.deepEqual(await anew('w'), [no, no]);
  });

  test('a style that belongs to the neighbouring layer: in y all is anew, other spaces do not know of it', async () => {
    const model = await loadModel('models/rooms');
    const moved = { ...model, manifest: structuredClone(model.manifest) };
    const { layers } = moved.manifest.generator!;
    layers[2].styles.unshift(layers[1].styles.pop()!);
    const after = async (changed: Partial<ApparatusSettings>) =>
      others(await keysUnder(model, changed), await keysUnder(moved, changed));
    assert.deepEqual(await after({ space: 'y' }), ['scores', 'boundary', 'sigma']);
    assert.deepEqual(await after({ space: 'y', psi: 0.5, cutoff: 2 }), [
      'scores',
      'boundary',
      'sigma',
      'samples',
    ]);
    assert.deepEqual(await after({ space: 'w' }), []);
  });

  test('a confidence and its minimum: scores are missing elsewhere', async (context) => {
    const withConfidence = (minimum: number) =>
      replacing(
        /labels:\s+- one\s+- two/,
        `labels: [one]\n        confidence: { minimum: ${minimum}, activation: sigmoid }`,
      );
    const [half, fifth] = [
      await keysOf(context, withConfidence(0.5)),
      await keysOf(context, withConfidence(0.2)),
    ];
    assert.notEqual(half.scores, fifth.scores);
    assert.equal(half.samples, fifth.samples);
  });
});

test('another class is another sample: all is anew', async (context) => {
  const [first, second] = [
    await keysOf(context, undefined, { class: 0 }),
    await keysOf(context, undefined, { class: 1 }),
  ];
  for (const key of ['scores', 'boundary', 'samples'] as const) assert.notEqual(first[key], second[key], key);
});

describe('settings that change nothing', () => {
  test('a truncation by 1, or of no layer, is none', async (context) => {
    for (const truncation of [
      { psi: 1, cutoff: 3 },
      { psi: 0.7, cutoff: 0 },
    ])
      assert.deepEqual(await moved(context, undefined, truncation), []);
    assert.deepEqual(await moved(context, undefined, { psi: 0.7, cutoff: 3 }), [
      'scores',
      'boundary',
      'samples',
    ]);
  });

  test('C does not count for LDA', async (context) => {
    const lda = { ...fitted, method: 'lda' } as const;
    const [one, two] = [
      await keysOf(context, undefined, {}, lda),
      await keysOf(context, undefined, {}, { ...lda, C: 2 }),
    ];
    assert.deepEqual(one, two);
    assert.deepEqual(await moved(context, undefined, {}, { ...fitted, C: 2 }), ['boundary']);
  });
});
