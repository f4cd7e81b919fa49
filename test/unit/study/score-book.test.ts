import assert from 'node:assert/strict';
import test from 'node:test';
import { openStore } from '../../../src/engine/store';
import type { Apparatus } from '../../../src/engine/study/apparatus';
import { chunkCount, rowsOfChunk, ScoreBook } from '../../../src/engine/study/score-book';
import { scoreKey } from '../../../src/engine/study/identity';
import { temporaryFolder } from './folders';

test('a chunk that was the last of fewer samples counts what it has', async (context) => {
  const store = await openStore(await temporaryFolder(context), { write: true });
  const apparatus = { identity: { space: 'w' }, width: 1 } as Apparatus;
  const series = store.series(scoreKey(apparatus.identity, 'rescore', null));
  const lock = await store.lock();
  for (let chunk = 0; chunk < chunkCount(300); chunk++) {
    const rows = rowsOfChunk(chunk, 300);
    await series.write(chunk, new Float32Array(rows), [rows, 1]);
  }
  await lock.release();
  const book = new ScoreBook(store, apparatus);
  for (const [samples, stored] of [
    [100, 100],
    [290, 290],
    [300, 300],
    [350, 300],
    [2000, 300],
  ])
    assert.equal(await book.stored('rescore', null, samples), stored, `of ${samples}`);
  assert.equal(await book.stored('probe', null, 300), 0);
});

test('scores that the store has are not read on for a study that was stopped', async (context) => {
  const store = await openStore(await temporaryFolder(context), { write: true });
  const identity = {
    ...{ method: 1, models: {}, graph: '', space: 'w', seed: 1, psi: 1, cutoff: 0 },
    class: null,
  };
  const apparatus = { identity: { ...identity, provider: 'cpu', instructions: null }, width: 2 } as Apparatus;
  const lock = await store.lock();
  await store.series(scoreKey(apparatus.identity, 'probe', null)).write(0, new Float32Array(8), [4, 2]);
  await lock.release();
  const book = new ScoreBook(store, apparatus);
  assert.equal((await book.rows('probe', null, 0, 4, new AbortController().signal)).computed, 0);
  await assert.rejects(book.rows('probe', null, 0, 4, AbortSignal.abort()), { kind: 'interrupted' });
});
