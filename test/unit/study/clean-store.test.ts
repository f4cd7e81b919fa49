/** Cleaning a store beside a run that begins at the same moment. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { openStore } from '../../../src/engine/store';
import { cleanStore } from '../../../src/engine/study';
import { temporaryFolder, writeExperiment } from './folders';

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
