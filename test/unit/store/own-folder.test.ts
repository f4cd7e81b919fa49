/** A folder of somebody's files is no store: it is not adopted, and nothing in it is overwritten or deleted. */
import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../../src/engine/failure';
import { namedExperiments, openStore, planPrune, storeSizes } from '../../../src/engine/store';
import { Layout } from '../../../src/engine/store/read/layout';
import { temporaryPath } from '../../../src/engine/store/temporary';
import { temporaryFolder, treeOf } from './folders';

/** Writes files below a folder, all an hour old, so that none is spared for its youth. */
async function fill(folder: string, files: Record<string, string>): Promise<void> {
  const old = new Date(Date.now() - 3_600_000);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    await utimes(file, old, old);
  }
}

describe('a folder without format.json', () => {
  for (const [what, files, named] of [
    ['a project', { 'a.higan.yaml': 'generator: rooms', '.gitignore': 'node_modules\n' }, '.gitignore'],
    ['a .gitignore of their own', { '.gitignore': '*.log\n' }, '.gitignore'],
    ['files in tmp', { 'tmp/draft.txt': 'mine' }, 'tmp/draft.txt'],
    ['files in locks', { 'locks/door.key': 'mine' }, 'locks/door.key'],
    ['results of something else', { 'results/table.csv': '1,2' }, 'results/table.csv'],
    ['a folder that no store has', { 'figures/1.png': '' }, 'figures'],
  ] as const) {
    test(`that holds ${what} is refused, named with the remedy, and left as it is`, async (t) => {
      const folder = await temporaryFolder(t);
      const reading = await openStore(folder, { write: true });
      await fill(folder, files);
      const before = await treeOf(folder);
      for (const attempt of [
        () => openStore(folder, { write: true }),
        () => reading.lock(),
        () => reading.lockTogether(),
      ]) {
        await assert.rejects(attempt(), (error: unknown) => {
          assert.ok(error instanceof Failure, String(error));
          assert.equal(error.kind, 'bad-input');
          assert.ok(error.message.startsWith(`${folder} is no store`), error.message);
          assert.match(error.message, /choose with --store a folder that is empty or not there yet/);
          assert.ok(error.message.endsWith(`holds '${named}'.`), error.message);
          return true;
        });
      }
      assert.deepEqual(await treeOf(folder), before);
    });
  }

  test('that holds what a killed first run leaves becomes the store that it was to be', async (t) => {
    const folder = await temporaryFolder(t);
    const gone = JSON.stringify({
      ...{ host: 'elsewhere', boot: 'earlier', pid: 7, started: '1', since: '2026-01-01T00:00:00Z' },
      token: '0123456789abcdef',
    });
    await fill(folder, {
      '.gitignore': '*\n',
      'locks/writer.lock': gone,
      'locks/writer.lock.0123456789abcdef': gone,
      [path.relative(folder, temporaryPath(new Layout(folder)))]: 'half',
    });
    const store = await openStore(folder, { write: true });
    await (await store.lock()).release();
    assert.ok(await store.isThere());
  });
});

test('a store whose format.json was damaged is a store again once that is deleted', async (t) => {
  const folder = await temporaryFolder(t);
  const writing = await openStore(folder, { write: true });
  const lock = await writing.lock();
  await writing.series('x').write(0, new Float32Array(8), [8]);
  await writing.writeDocument('moves', 'x', {});
  await writing.writePointer(path.join(folder, '..', 'a.higan.yaml'), {
    text: '',
    experiment: '0'.repeat(64),
  });
  await writing.writeBoundary(new Float32Array(4), [1, 4], { concept: 'attribute/a', space: 'w' });
  await lock.release();
  await writeFile(writing.layout.format, '{"for');
  await assert.rejects(openStore(folder, { write: true }), /format\.json is damaged: .* Delete it and run/);
  await rm(writing.layout.format);
  const again = await openStore(folder, { write: true });
  await (await again.lock()).release();
  assert.ok(await again.isThere());
  assert.ok(await again.series('x').read(0));
});

describe('a store with files of somebody in it', () => {
  test('removes from tmp what killed processes left there, and nothing else', async (t) => {
    const folder = await temporaryFolder(t);
    const store = await openStore(folder, { write: true });
    await (await store.lock()).release();
    const leftover = 'tmp/0123456789ab-4711-123-0.tmp';
    await fill(folder, { [leftover]: 'half', 'tmp/draft.txt': 'mine', 'tmp/a-1-2-3.tmp': 'mine' });
    await (await store.lock()).release();
    const left = Object.keys(await treeOf(path.join(folder, 'tmp')));
    assert.deepEqual(left.sort(), ['a-1-2-3.tmp', 'draft.txt']);
  });

  test('neither counts nor prunes them', async (t) => {
    const folder = await temporaryFolder(t);
    const store = await openStore(folder, { write: true });
    const lock = await store.lock();
    await store.series('x').write(0, new Float32Array(8), [8]);
    await lock.release();
    const hash = store.series('x').hash;
    const { bytes } = await storeSizes(store);
    const boundary = 'f'.repeat(64);
    await fill(folder, {
      'results/figure 3.json': '{}',
      'results/README.md': 'mine',
      'runs/notes.txt': 'mine',
      'boundaries/mine.npy': 'mine',
      [`boundaries/${boundary}.npy.bak`]: 'mine',
      'experiments/plan.txt': 'mine',
      'damaged/photo.png': 'mine',
      'documents/mine/list.json': '[]',
      'documents/Old notes/a.txt': 'mine',
      [`chunks/mine/${hash}/000000.npy`]: 'mine',
      [`chunks/${hash.slice(0, 2)}/copy of ${hash}/000000.npy`]: 'mine',
    });
    const { items } = await planPrune(store, await namedExperiments(store));
    assert.deepEqual(
      items.map(({ kind, name }) => [kind, name]),
      [['series', hash]],
    );
    assert.equal((await storeSizes(store)).bytes, bytes);
  });

  test("does not prune a copy that somebody made of an experiment's pointer", async (t) => {
    const folder = await temporaryFolder(t);
    const store = await openStore(path.join(folder, '.higan'), { write: true });
    const lock = await store.lock();
    const file = path.join(folder, 'a.higan.yaml');
    await store.writePointer(file, { text: '', experiment: '0'.repeat(64) });
    await lock.release();
    await writeFile(file, 'generator: rooms');
    const pointer = await store.readPointer(file);
    await fill(store.folder, { 'experiments/copy-of-a.json': JSON.stringify(pointer) });
    assert.deepEqual((await planPrune(store, await namedExperiments(store))).items, []);
  });
});
