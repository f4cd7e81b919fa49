import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { judgeExperiment, parseLayers, resolveExperiment } from '../../../src/engine/experiment';
import { manifestText, project, sha256 } from './models';

async function resolved(text: string, manifest?: string) {
  const { parsed, context, diagnostics } = await judgeExperiment(text, project(manifest));
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.ok(parsed.value && context);
  return resolveExperiment(parsed.value, context);
}

describe('what is decided when nothing is said', () => {
  test('space w, the truncation of the model, a twentieth as positives, the groups, all concepts', async () => {
    const r = await resolved('generator: toy\n');
    assert.equal(r.space, 'w');
    assert.deepEqual([r.psi, r.cutoff, r.class, r.compat], [0.7, 4, null, null]);
    assert.deepEqual(r.probe, { samples: 20_000, positives: 1000, negatives: 1000 });
    assert.deepEqual(r.layerSets, [
      { name: 'bottom', layers: [0, 1] },
      { name: 'upper', layers: [2, 3, 4, 5] },
    ]);
    assert.deepEqual(r.concepts.slice(0, 6), [
      'layout/corner',
      'category/bedroom',
      'category/living room',
      'category/bar/indoor',
      'attribute/indoor lighting',
      'attribute/wood',
    ]);
    assert.equal(r.concepts.length, 6 + 14);
    assert.deepEqual(
      r.predictors.map(({ name }) => name),
      ['toy'],
    );
    assert.ok(r.color);
  });

  test('z where there is no w, and no truncation then', async () => {
    const noW = manifestText()
      .replace(/ {2}mapping:.*\n/, '')
      .replace(/ {2}w: .*\n/, '')
      .replace(/ {2}truncation:.*\n/, '');
    const r = await resolved('generator: toy\n', noW);
    assert.deepEqual([r.space, r.psi, r.cutoff], ['z', 1, 0]);
  });

  test('each layer where the model names no groups', async () => {
    const r = await resolved('generator: toy\n', manifestText().replace(/groups: .*/, 'groups: {}'));
    assert.deepEqual(
      r.layerSets.map(({ name }) => name),
      ['0', '1', '2', '3', '4', '5'],
    );
  });
});

describe('concepts', () => {
  test("globs cross '/', `_` is a space, `!` takes away", async () => {
    const r = await resolved(
      'generator: toy\nconcepts: [category/*, attribute/indoor_lighting, "!category/b*"]\n',
    );
    assert.deepEqual(r.concepts, ['category/living room', 'attribute/indoor lighting']);
  });

  test('only exclusions leave the rest', async () => {
    const r = await resolved('generator: toy\nconcepts: ["!color/*"]\n');
    assert.equal(r.concepts.length, 6);
  });

  test('a pair needs the scores of both of its categories', async () => {
    const r = await resolved('generator: toy\nconcepts: ["category/bedroom~living_room"]\n');
    assert.deepEqual(r.concepts, ['category/bedroom~living room']);
    assert.deepEqual(r.scored, ['category/bedroom', 'category/living room']);
  });

  test('a transition names its pairs; a pair that is there the other way round is walked forward', async () => {
    const r = await resolved(
      'generator: toy\nconcepts: [layout/*, "category/living room~bedroom"]\ntransitions: [{ path: [bedroom, living room, bar/indoor] }]\n',
    );
    assert.deepEqual(r.transitions[0].pairs, [
      { concept: 'category/living room~bedroom', sign: 1 },
      { concept: 'category/living room~bar/indoor', sign: -1 },
    ]);
    assert.ok(r.concepts.includes('category/living room~bar/indoor'));
    assert.deepEqual(r.scored, [
      'layout/corner',
      'category/bedroom',
      'category/living room',
      'category/bar/indoor',
    ]);
  });
});

describe('layer ranges', () => {
  const generator = {
    layers: Array.from({ length: 10 }, () => ({ resolution: 4, styles: [] })),
    groups: { upper: [5, 8] as [number, number] },
  };
  const layersOf = (text: string | number) => {
    const set = parseLayers(text, generator);
    return 'problem' in set ? set.problem : set.layers;
  };

  test('groups, single layers, inclusive ranges, all, and lists of these', () => {
    assert.deepEqual(layersOf('upper'), [5, 6, 7]);
    assert.deepEqual(layersOf(7), [7]);
    assert.deepEqual(layersOf('0-4,7'), [0, 1, 2, 3, 4, 7]);
    assert.deepEqual(layersOf('upper, 6-9'), [5, 6, 7, 8, 9]);
    assert.deepEqual(layersOf('all'), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('what the generator lacks is said', () => {
    assert.match(String(layersOf('8-10')), /layers 0-9 only/);
    assert.match(String(layersOf('-1')), /is not a layer group/);
  });
});

describe('the hash of what results depend on', () => {
  const hash = async (text: string, manifest?: string) => (await resolved(text, manifest)).hash;
  const base = 'generator: toy\nseed: 3\n';

  test('formatting, comments, previews, review and written-out defaults are not in it', async () => {
    const other =
      '# a study\n{ "seed": 3, generator: toy, space: w, previews: { a: { samples: [4] } },\n review: { attribute/wood: { verdict: rejected } } }\n';
    assert.equal(await hash(other), await hash(base));
  });

  test('seed, counts, concepts, layers and the model files are', async () => {
    const variants = await Promise.all([
      hash(base),
      hash('generator: toy\nseed: 4\n'),
      hash(`${base}probe: { samples: 19999 }\n`),
      hash(`${base}concepts: [layout/*]\n`),
      hash(`${base}rescore: { layers: each }\n`),
      hash(base, manifestText().replace('[0, 2]', '[0, 3]')),
      hash(base, manifestText().replace('threshold: 0.5', 'threshold: 0.6')),
    ]);
    assert.equal(new Set(variants).size, variants.length);
  });

  test('is the SHA-256 of canonical JSON', async () => {
    const r = await resolved(base);
    assert.equal(sha256(r.canonical), r.hash);
    assert.doesNotThrow(() => JSON.parse(r.canonical) as unknown);
  });
});
