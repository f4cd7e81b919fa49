/** Cleaning a store: what a verdict names stays, and what a run begins at the same moment. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { setVerdict } from '../../../src/engine/experiment';
import { openStore, verdictMark } from '../../../src/engine/store';
import { cleanStore, runStudy } from '../../../src/engine/study';
import { withEdits } from '../../../src/engine/yaml';
import { writeLinearModel } from '../../fixtures/linear-model';
import { contents, temporaryFolder, writeExperiment } from './folders';

test('a run that began just before the store was locked for cleaning keeps what it computed', async (context) => {
  const folder = await temporaryFolder(context);
  const file = await writeExperiment(folder, 'generator: toy');
  const store = await openStore(path.join(folder, '.higan'), { write: true });
  const running = await openStore(store.folder, { write: true });
  const series = running.series('scores');

  /** Another process: it begins a run, computes a chunk and is stopped. */
  async function run(): Promise<void> {
    const lock = await running.lock();
    const experiment = 'e'.repeat(64);
    await running.beginRun(file, { experiment, text: '', generator: 'toy' });
    await running.recordRun({
      ...{ experiment, file, generator: 'toy', boundaries: [], documents: [] },
      series: [series.hash],
    });
    await series.write(0, new Float32Array(8), [8]);
    await lock.release();
  }
  const lock = store.lock.bind(store);
  context.mock.method(store, 'lock', async () => {
    await run();
    return lock();
  });

  assert.deepEqual((await cleanStore({ store })).items, []);
  assert.equal(await series.count(), 1);
});

test('the result that a verdict was given on stays with its chunks, until the verdict is taken back', async (context) => {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }], { D: 8 });
  const text = `generator: toy
predictors: [toy]
seed: 3
probe: { samples: 200, positives: 40 }
rescore: { samples: 24, layers: none, nulls: 2 }
`;
  const file = await writeExperiment(folder, text);
  const { result } = await runStudy({ file, device: 'cpu' });
  const store = await openStore(path.join(folder, '.higan'), { write: true });
  const judged = await contents(store.folder);
  const { experiment } = result.provenance;

  // The seed is another by now; the verdict was given before.
  const next = text.replace('seed: 3', 'seed: 4');
  const concept = 'attribute/one';
  const mark = verdictMark(result, concept);
  const verdict = setVerdict(next, concept, { verdict: 'accepted', result: mark });
  await writeExperiment(folder, withEdits(next, verdict));
  await runStudy({ file, device: 'cpu' });
  const both = await contents(store.folder);
  const isJudged = ([name]: [string, string]): boolean => judged.has(name);
  assert.deepEqual(new Map([...both].filter(isJudged)), judged);
  for (const dryRun of [true, false]) assert.deepEqual((await cleanStore({ store, dryRun })).items, []);
  assert.deepEqual(await contents(store.folder), both);
  assert.deepEqual((await store.readResult(experiment))?.result, result);

  await writeExperiment(folder, next);
  const { items } = await cleanStore({ store, dryRun: true });
  assert.deepEqual(await contents(store.folder), both, 'only listed');
  assert.ok(items.some(({ kind, name }) => kind === 'result' && name === experiment));
  assert.deepEqual((await cleanStore({ store })).items, items);
  assert.deepEqual(await contents(store.folder), new Map([...both].filter((each) => !isJudged(each))));
  assert.equal(await store.readResult(experiment), null);
});
