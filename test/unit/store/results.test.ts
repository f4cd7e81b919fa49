import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Failure } from '../../../src/engine/failure';
import { keyHash } from '../../../src/engine/canonical';
import {
  importsKey,
  isStaleMark,
  markedStudies,
  namedExperiments,
  openStore,
  planPrune,
  prune,
  renameExperiment,
  StoredImports,
  storeSizes,
  verdictMark,
  type Store,
} from '../../../src/engine/store';
import type { Stage } from '../../../src/protocol/experiment';
import type { ConceptResult, StudyResult } from '../../../src/protocol/results';
import { temporaryFolder, treeOf } from './folders';

const hash = (name: string) => keyHash(name);

/** A store that lies elsewhere, under a link of its own in each of two projects. */
test('a store behind a link knows its experiments by where they lie', async (context) => {
  const folder = await temporaryFolder(context);
  const store = path.join(folder, 'scratch', 'store');
  await mkdir(store, { recursive: true });
  const files: string[] = [];
  for (const project of ['a', 'b']) {
    await mkdir(path.join(folder, project));
    await symlink(store, path.join(folder, project, '.higan'), 'dir');
    const file = path.join(folder, project, 'x.higan.yaml');
    await writeFile(file, '');
    files.push(file);
    const linked = await openStore(path.join(folder, project, '.higan'), { write: true });
    const lock = await linked.lock();
    await linked.writeResult(file, resultOf(project));
    await lock.release();
  }
  const direct = await openStore(store, { write: true });
  assert.equal((await direct.readLatest(files[0]))?.result.provenance.experiment, hash('a'));
  assert.deepEqual(await namedExperiments(direct), new Set([hash('a'), hash('b')]));
});

/** An empty result of the experiment of that name. */
function resultOf(name: string, probed = 0): StudyResult {
  return {
    format: 1,
    stages: ['probe'],
    partial: null,
    generator: 'rooms',
    space: 'w',
    seed: 1,
    confidence: 0.95,
    step: 2,
    unit: 'sigma',
    probed,
    rescored: 0,
    layerSets: [],
    concepts: [],
    levels: [],
    provenance: {
      higan: '0',
      onnxruntime: '0',
      node: '0',
      device: 'cpu',
      machine: 'test',
      models: {},
      graph: '',
      text: `text of ${name}`,
      experiment: hash(name),
      finished: '2026-01-01T00:00:00Z',
    },
  };
}

/** Runs a study of that name, which uses the series and boundaries named, from the file given. */
async function study(store: Store, file: string, name: string, series: string[]): Promise<string> {
  for (const key of series) await store.series(key).write(0, new Float32Array(8), [8]);
  const boundary = await store.writeBoundary(new Float32Array([1, name.length]), [1, 2], {
    concept: name,
    space: 'w',
  });
  const document = await store.writeDocument('entanglement', { of: name }, { rows: [name] });
  await store.recordRun({
    experiment: hash(name),
    file,
    generator: 'rooms',
    series: series.map((key) => store.series(key).hash),
    boundaries: [boundary],
    documents: [document],
  });
  await store.writeResult(file, resultOf(name));
  return boundary;
}

async function setUp(t: test.TestContext) {
  const folder = await temporaryFolder(t);
  const store = await openStore(path.join(folder, '.higan'), { write: true });
  const file = (name: string) => path.join(folder, `${name}.higan.yaml`);
  for (const name of ['a', 'b']) await writeFile(file(name), 'generator: rooms');
  return { folder, store, file };
}

describe('results', () => {
  test('are found by experiment and by the file that was run last', async (t) => {
    const { store, file } = await setUp(t);
    const lock = await store.lock();
    const written = await store.writeResult(file('a'), resultOf('first'));
    await store.writeResult(file('a'), resultOf('second', 5));
    await store.writeResult(path.join(path.dirname(file('a')), 'sub', 'a.higan.yaml'), resultOf('other'));
    await lock.release();
    const latest = await store.readLatest(file('a'));
    assert.deepEqual(latest?.result, resultOf('second', 5));
    assert.deepEqual(latest?.pointer, {
      file: 'a.higan.yaml',
      text: 'text of second',
      experiment: hash('second'),
    });
    assert.deepEqual(await store.readResult(hash('first')), { result: resultOf('first'), path: written });
    assert.deepEqual(
      (await store.listResults()).sort(),
      [hash('first'), hash('second'), hash('other')].sort(),
    );
    assert.equal(await store.readLatest(file('b')), null);
    assert.deepEqual((await store.listExperiments()).map((pointer) => pointer.file).sort(), [
      'a.higan.yaml',
      'sub/a.higan.yaml',
    ]);
  });

  test('that are damaged, or of another version, are named with what is wrong', async (t) => {
    const { store, file } = await setUp(t);
    const lock = await store.lock();
    const written = await store.writeResult(file('a'), resultOf('first'));
    await lock.release();
    for (const [text, pattern] of [
      ['{"format": 1', /damaged: it is not JSON\. Delete it and run again/],
      ['{"format": 2}', /not what this version .* writes \(at 'format'/],
    ] as const) {
      await writeFile(written, text);
      await assert.rejects(store.readLatest(file('a')), (error: unknown) => {
        assert.ok(error instanceof Failure);
        assert.ok(error.message.startsWith(written));
        assert.match(error.message, pattern);
        return true;
      });
    }
    await rm(written);
    assert.equal(await store.readLatest(file('a')), null);
  });

  test('directions and documents come back by hash and by key', async (t) => {
    const { store } = await setUp(t);
    const lock = await store.lock();
    const record = { concept: 'attribute/wood', space: 'w', accuracy: 0.9 };
    const name = await store.writeBoundary(new Float32Array([0.6, 0.8]), [1, 2], record);
    assert.equal(await store.writeBoundary(new Float32Array([0.6, 0.8]), [1, 2], record), name);
    assert.notEqual(
      await store.writeBoundary(new Float32Array([0.6, 0.8]), [1, 2], { ...record, space: 'z' }),
      name,
    );
    assert.deepEqual(await store.readBoundary(name), {
      direction: new Float32Array([0.6, 0.8]),
      dims: [1, 2],
      record,
    });
    await store.writeDocument('transition', { a: 1 }, [1, 2]);
    const schema = z.array(z.number());
    assert.deepEqual(await store.readDocument('transition', { a: 1 }, schema), [1, 2]);
    assert.equal(await store.readDocument('transition', { a: 2 }, schema), null);
    await assert.rejects(store.readDocument('transition', { a: 1 }, z.string()), Failure);
    await lock.release();
  });

  test('the record of a run only grows', async (t) => {
    const { store, file } = await setUp(t);
    const lock = await store.lock();
    const run = { experiment: hash('a'), file: file('a'), generator: 'rooms', boundaries: [], documents: [] };
    await store.recordRun({ ...run, series: [hash('2')] });
    await store.recordRun({ ...run, series: [hash('1'), hash('2')] });
    assert.deepEqual((await store.readRun(hash('a')))?.series, [hash('1'), hash('2')].sort());
    await lock.release();
  });

  test('the record of a run has what a study and its transition add in one moment', async (t) => {
    const { store, file } = await setUp(t);
    const other = await openStore(store.folder, { write: true });
    const locks = await Promise.all([store.lockTogether(), other.lockTogether()]);
    const run = { experiment: hash('a'), file: file('a'), generator: 'rooms', boundaries: [], documents: [] };
    const names = Array.from({ length: 12 }, (_, i) => hash(`series ${i}`));
    await Promise.all(
      names.map((name, i) => (i % 2 === 0 ? store : other).recordRun({ ...run, series: [name] })),
    );
    assert.deepEqual((await store.readRun(hash('a')))?.series, names.sort());
    for (const lock of locks) await lock.release();
  });

  test('a stage keeps the time at which it was first finished', async (t) => {
    const { store, file } = await setUp(t);
    const lock = await store.lock();
    const run = { experiment: hash('a'), file: file('a'), generator: 'rooms', series: [], boundaries: [] };
    const record = (finished: Partial<Record<Stage, string>>): Promise<void> =>
      store.recordRun({ ...run, documents: [], finished });
    await record({ probe: '2026-01-01T00:00:00Z' });
    await record({ probe: '2026-01-02T00:00:00Z', boundary: '2026-01-02T00:00:01Z' });
    assert.deepEqual((await store.readRun(hash('a')))?.finished, {
      probe: '2026-01-01T00:00:00Z',
      boundary: '2026-01-02T00:00:01Z',
    });
    await lock.release();
  });
});

describe('an experiment file with another name', () => {
  test('takes its result along, and what was imported for it', async (t) => {
    const { folder, store, file } = await setUp(t);
    const imported = {
      file: 'a.higan.yaml',
      space: 'w',
      models: { mapping: null, synthesis: 'f'.repeat(64) },
      imports: { 'attribute/x': { direction: [1, 0], source: 'x.npy' } },
    };
    const lock = await store.lock();
    await study(store, file('a'), 'first', ['s']);
    await store.writeDocument('imports', importsKey(store.layout, file('a'), imported.models, 'w'), imported);
    await lock.release();
    await rename(file('a'), file('new'));
    assert.equal(await renameExperiment(store, file('a'), file('new')), true);
    assert.equal(await store.readPointer(file('a')), null);
    assert.deepEqual((await store.readLatest(file('new')))?.result, resultOf('first'));
    assert.deepEqual((await StoredImports.read(store, file('new'))).all, [
      { ...imported, file: 'new.higan.yaml' },
    ]);
    assert.deepEqual((await StoredImports.read(store, file('a'))).all, []);
    const { items } = await planPrune(store, await namedExperiments(store));
    assert.deepEqual(items, [], 'all of it is still named');
    assert.equal(await renameExperiment(store, path.join(folder, 'none'), file('b')), false);
  });
});

describe('a verdict', () => {
  const study: StudyResult = { ...resultOf('one'), stages: ['probe', 'boundary', 'rescore', 'rank'] };
  const found: ConceptResult = {
    ...{ concept: 'attribute/x', level: 'attribute', rank: 3, noBoundary: null, boundary: null },
    ...{ positiveShare: null, missing: 0, probeMean: 0, probeStd: 1, weakPredictor: null, layers: null },
    effect: {
      ...{ delta: 0.5, deltaRaw: 0.5, deltaInterval: { low: 0.4, high: 0.6 } },
      ...{ mean: 0.5, meanRaw: 0.5, meanInterval: null, movers: 30, samples: 40, null: 0.1 },
      ...{ moves: true, tooFewMovers: false },
    },
  };
  const withResult = (of: StudyResult, change: Partial<ConceptResult> = {}): StudyResult => ({
    ...of,
    concepts: [{ ...found, ...change }],
  });
  const before = withResult(study);
  const mark = verdictMark(before, 'attribute/x');
  const stale = (now: StudyResult, given = mark): boolean => isStaleMark(given, now, 'attribute/x');

  test('goes stale when the numbers of its concept change, on the same experiment too', () => {
    assert.match(mark, /^[0-9a-f]{12}-[0-9a-f]{12}$/);
    assert.equal(stale(before), false);
    const effect = found.effect && { ...found.effect, delta: 0.5000001 };
    assert.equal(stale(withResult(study, { effect })), true);
  });

  test('stays when only other things of the study changed, and while nothing is known again', () => {
    const other = withResult({ ...resultOf('two'), stages: study.stages }, { rank: 7 });
    assert.equal(stale(other), false);
    assert.equal(stale({ ...other, stages: ['probe'] }), false);
    assert.equal(stale({ ...other, concepts: [] }), false);
  });

  test('of an older version, or from before the ranking, goes stale with the experiment', () => {
    const early = verdictMark({ ...before, stages: ['probe'] }, 'attribute/x');
    assert.match(early, /^[0-9a-f]{12}$/);
    assert.equal(stale(before, early), false);
    assert.equal(stale(withResult(resultOf('two')), early), true);
  });

  test('names its study in the store by its first digits', () => {
    assert.deepEqual(markedStudies([mark], [hash('one'), hash('two')]), [hash('one')]);
    assert.deepEqual(markedStudies([hash('two'), ''], [hash('one'), hash('two')]), [hash('two')]);
  });
});

describe('sizes and prune', () => {
  test('count by study what is shared and what is its own', async (t) => {
    const { store, file } = await setUp(t);
    const lock = await store.lock();
    await study(store, file('a'), 'a', ['shared', 'only a']);
    await study(store, file('b'), 'b', ['shared']);
    await store.series('nobody').write(0, new Float32Array(8), [8]);
    await lock.release();
    const sizes = await storeSizes(store);
    const [a, b] = ['a', 'b'].map((name) => sizes.studies.find((each) => each.experiment === hash(name)));
    assert.ok(a && b);
    assert.equal(a.file, 'a.higan.yaml');
    assert.ok(a.current && b.current);
    assert.ok(a.ownBytes < a.bytes && b.ownBytes < b.bytes && a.bytes > b.bytes);
    assert.ok(sizes.unnamed > 0);
    const shared = a.bytes - a.ownBytes;
    const pointers = await treeOf(path.join(store.folder, 'experiments'));
    const pointerBytes = Object.values(pointers).reduce((sum, bytes) => sum + bytes.length, 0);
    assert.equal(sizes.bytes, a.ownBytes + b.ownBytes + shared + sizes.unnamed + pointerBytes);
  });

  test('prune deletes what no experiment names, and says before what that is', async (t) => {
    const { store, file } = await setUp(t);
    const lock = await store.lock();
    await study(store, file('a'), 'a before', ['shared', 'only before']);
    const boundary = await study(store, file('a'), 'a', ['shared', 'only a']);
    await study(store, file('b'), 'b', ['shared', 'only b']);
    await lock.release();
    await rm(file('b'));

    const keep = await namedExperiments(store);
    assert.deepEqual([...keep], [hash('a')]);
    const before = await treeOf(store.folder);
    const plan = await planPrune(store, keep);
    assert.deepEqual(await treeOf(store.folder), before, 'a plan changes nothing');
    const done = await prune(store, () => Promise.resolve(keep));
    assert.deepEqual(done, plan);
    assert.equal(
      plan.items.filter((item) => item.kind === 'series').length,
      2,
      'the series of the former run, and of the file that is gone',
    );

    assert.equal(await store.series('shared').count(), 1);
    assert.equal(await store.series('only a').count(), 1);
    assert.equal(await store.series('only before').count(), 0);
    assert.equal(await store.series('only b').count(), 0);
    assert.ok(await store.readBoundary(boundary));
    assert.ok(await store.readLatest(file('a')));
    assert.equal(await store.readResult(hash('a before')), null);
    assert.deepEqual(await readdir(path.join(store.folder, 'experiments')), ['a.higan.yaml.json']);
    assert.deepEqual((await planPrune(store, keep)).items, []);
  });

  test('prune keeps a result that a verdict names', async (t) => {
    const { store, file } = await setUp(t);
    const lock = await store.lock();
    await study(store, file('a'), 'a before', ['only before']);
    await study(store, file('a'), 'a', ['only a']);
    await lock.release();
    const keep = (await namedExperiments(store)).add(hash('a before'));
    assert.deepEqual((await prune(store, () => Promise.resolve(keep))).items, []);
    assert.ok(await store.readResult(hash('a before')));
  });

  test('prune that is stopped leaves whole what it did not reach', async (t) => {
    const { store, file } = await setUp(t);
    const lock = await store.lock();
    await study(store, file('a'), 'a before', ['only before']);
    await study(store, file('a'), 'a', ['only a']);
    await lock.release();
    const keep = await namedExperiments(store);
    const { items } = await planPrune(store, keep);
    const stop = new AbortController();
    const told: [number, number][] = [];
    const stopped = prune(store, () => Promise.resolve(keep), {
      signal: stop.signal,
      removed: (done, total) => {
        told.push([done, total]);
        stop.abort();
      },
    });
    await assert.rejects(
      stopped,
      (error: unknown) => error instanceof Failure && /1 of \d+ items were deleted/.test(error.message),
    );
    assert.deepEqual(told, [[1, items.length]]);
    assert.equal((await planPrune(store, keep)).items.length, items.length - 1);
    assert.equal(
      (await prune(store, () => Promise.resolve(keep))).items.length,
      items.length - 1,
      'the lock was given back',
    );
    assert.equal(await store.series('only a').count(), 1);
  });

  test('nothing is deleted while somebody writes', async (t) => {
    const { store, file } = await setUp(t);
    const other = await openStore(store.folder, { write: true });
    const lock = await other.lock({ shard: '1-of-2' });
    await study(other, file('a'), 'a', ['x']);
    await assert.rejects(
      prune(store, () => Promise.resolve(new Set())),
      (error: unknown) => error instanceof Failure && /already being written/.test(error.message),
    );
    assert.equal(await store.series('x').count(), 1);
    await lock.release();
  });
});
