import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../../src/engine/failure';
import { decodeNpy } from '../../../src/engine/formats/npy';
import { keyHash } from '../../../src/engine/canonical';
import { openStore, openStoreForReading } from '../../../src/engine/store';
import { temporaryFolder, treeOf } from './folders';

const key = { kind: 'scores', seed: 7, models: ['a', 'b'] };
const rows = (n: number, value: number) => new Float32Array(n * 2).fill(value);

describe('a series of chunks', () => {
  test('gives back what was written, in order, and only that', async (t) => {
    const store = await openStore(path.join(await temporaryFolder(t), '.higan'), { write: true });
    const lock = await store.lock();
    const series = store.series(key);
    await series.write(3, rows(2, 0.25), [2, 2]);
    await series.write(0, new Float32Array([1, NaN, -0, Infinity]), [2, 2]);
    await lock.release();

    const reader = (await openStoreForReading(store.folder)).series(key);
    assert.deepEqual(await reader.numbers(), [0, 3]);
    assert.equal(await reader.count(), 2);
    assert.deepEqual(await reader.read(3), { data: rows(2, 0.25), dims: [2, 2] });
    assert.deepEqual((await reader.read(0))?.data, new Float32Array([1, NaN, -0, Infinity]));
    assert.equal(await reader.read(1), null);
  });

  test('is named by what its key means, not by how it is written', () => {
    assert.equal(keyHash({ b: 1, a: [1, 'x'] }), keyHash({ a: [1, 'x'], b: 1, c: undefined }));
    assert.notEqual(keyHash({ a: 1 }), keyHash({ a: '1' }));
    assert.throws(() => keyHash({ a: NaN }), /cannot be part of a key/);
  });

  test('keeps doubles as doubles, and does not hand them out as floats', async (t) => {
    const store = await openStore(await temporaryFolder(t), { write: true });
    const lock = await store.lock();
    await store.series(key, 'float64').write(0, new Float64Array([0.1]), [1]);
    assert.deepEqual((await store.series(key, 'float64').read(0))?.data, new Float64Array([0.1]));
    assert.equal(await store.series(key).read(0), null);
    await lock.release();
  });

  test('a chunk with more rows takes the place of one with fewer, never the other way round', async (t) => {
    const store = await openStore(await temporaryFolder(t), { write: true });
    const lock = await store.lock();
    const series = store.series(key);
    await series.write(0, rows(2, 1), [2, 2]);
    await series.write(0, rows(3, 2), [3, 2]);
    await series.write(0, rows(1, 3), [1, 2]);
    assert.deepEqual(await series.read(0), { data: rows(3, 2), dims: [3, 2] });
    await lock.release();
  });

  test('names what computed its chunks, each once', async (t) => {
    const store = await openStore(await temporaryFolder(t), { write: true });
    const lock = await store.lock();
    assert.deepEqual(await store.series(key).makers(), []);
    await store.series(key).write(0, rows(2, 1), [2, 2], 'webgpu, machine b');
    await store.series(key).write(1, rows(2, 1), [2, 2], 'webgpu, machine a');
    // A chunk that is there already is not made anew.
    await store.series(key).write(1, rows(2, 1), [2, 2], 'webgpu, machine c');
    await store.series(key).write(2, rows(2, 1), [2, 2], 'webgpu, machine b');
    assert.deepEqual(await store.series(key).makers(), ['webgpu, machine a', 'webgpu, machine b']);
    await lock.release();
  });

  test('a chunk torn or changed at any byte of its data is not there', async (t) => {
    const store = await openStore(await temporaryFolder(t), { write: true });
    const lock = await store.lock();
    const series = store.series(key);
    await series.write(0, rows(4, 0.5), [4, 2]);
    const whole = await readFile(series.file(0));
    for (let length = 0; length < whole.length; length++) {
      await writeFile(series.file(0), whole.subarray(0, length));
      assert.equal(await series.read(0), null, `cut to ${length} bytes`);
    }
    const start = whole.indexOf('\n') + 1;
    for (let at = start; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] ^= 1;
      await writeFile(series.file(0), changed);
      assert.equal(await series.read(0), null, `changed at ${at}`);
    }
    await lock.release();
  });

  test('a damaged chunk is moved aside when it is written again', async (t) => {
    const store = await openStore(await temporaryFolder(t), { write: true });
    const lock = await store.lock();
    const series = store.series(key);
    await series.write(0, rows(4, 0.5), [4, 2]);
    await writeFile(series.file(0), 'torn');
    await series.write(0, rows(4, 0.5), [4, 2]);
    await lock.release();
    assert.deepEqual((await series.read(0))?.data, rows(4, 0.5));
    const [aside] = await readdir(path.join(store.folder, 'damaged'));
    assert.equal(await readFile(path.join(store.folder, 'damaged', aside), 'utf8'), 'torn');
  });

  test('lies in plain files: the key as JSON, chunks as .npy, ignored by git', async (t) => {
    const store = await openStore(await temporaryFolder(t), { write: true, writer: 'test 1' });
    const lock = await store.lock();
    await store.series(key).write(12, rows(1, 1), [1, 2]);
    await lock.release();
    const hash = keyHash(key);
    const tree = await treeOf(store.folder);
    assert.deepEqual(Object.keys(tree).sort(), [
      '.gitignore',
      `chunks/${hash.slice(0, 2)}/${hash}/000012.npy`,
      `chunks/${hash.slice(0, 2)}/${hash}/key.json`,
      'format.json',
    ]);
    assert.equal(tree['.gitignore'].toString(), '*\n');
    assert.deepEqual(JSON.parse(tree['format.json'].toString()), { format: 1, writer: 'test 1' });
    assert.deepEqual(JSON.parse(tree[`chunks/${hash.slice(0, 2)}/${hash}/key.json`].toString()), key);
    const chunk = decodeNpy(tree[`chunks/${hash.slice(0, 2)}/${hash}/000012.npy`], 'chunk');
    assert.deepEqual(chunk.data, rows(1, 1));
    assert.match(chunk.comment ?? '', /^sha256 [0-9a-f]{64}$/);
  });
});

describe('a store that cannot be used', () => {
  test('is not written without its lock', async (t) => {
    const store = await openStore(await temporaryFolder(t), { write: true });
    await assert.rejects(store.series(key).write(0, rows(1, 1), [1, 2]), /has to be locked/);
    await (await store.lock()).release();
    await assert.rejects(store.series(key).write(0, rows(1, 1), [1, 2]), /has to be locked/);
  });

  test('of a newer format is named with its version and a remedy, and nothing in it is touched', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(path.join(folder, 'format.json'), '{"format": 9, "writer": "higan 9.1"}');
    await mkdir(path.join(folder, 'tmp'));
    await writeFile(path.join(folder, 'tmp', 'something.tmp'), 'x');
    const before = await treeOf(folder);
    for (const write of [true, false]) {
      await assert.rejects(openStore(folder, { write }), (error: unknown) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.kind, 'bad-input');
        assert.match(error.message, /format 9 by higan 9\.1; this version reads format 1.*Update.*--store/);
        return true;
      });
    }
    assert.deepEqual(await treeOf(folder), before);
  });

  test('at the path of a file says so', async (t) => {
    const file = path.join(await temporaryFolder(t), 'occupied');
    await writeFile(file, 'x');
    await assert.rejects(openStore(file, { write: true }), /is a file; the store needs a folder.*--store/);
    const below = await openStore(path.join(file, '.higan'), { write: true });
    await assert.rejects(
      below.lock(),
      (error: unknown) => error instanceof Failure && /file lies where a folder/.test(error.message),
    );
  });

  test('that does not exist reads as empty, and reading makes nothing', async (t) => {
    const folder = await temporaryFolder(t);
    const store = await openStore(path.join(folder, 'none', '.higan'), { write: false });
    assert.equal(await store.series(key).count(), 0);
    assert.equal(await store.readLatest(path.join(folder, 'x.higan.yaml')), null);
    assert.deepEqual(await readdir(folder), []);
  });

  test('reads whatever other process may be writing', async (t) => {
    const store = await openStore(await temporaryFolder(t), { write: true });
    const lock = await store.lock();
    const series = store.series(key);
    const reader = (await openStoreForReading(store.folder)).series(key);
    let writing = true;
    const writer = (async () => {
      for (let n = 0; n < 60; n++) await series.write(n % 5, rows(1 + n, n), [1 + n, 2]);
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      for (const n of await reader.numbers()) {
        const chunk = await reader.read(n);
        assert.ok(chunk, `chunk ${n} was seen half-written`);
        assert.deepEqual(chunk.data, rows(chunk.dims[0], chunk.dims[0] - 1));
        reads++;
      }
    }
    await writer;
    assert.ok(reads > 0);
    await lock.release();
    const copyFolder = path.join(await temporaryFolder(t), 'copy');
    await cp(store.folder, copyFolder, { recursive: true });
    const copy = (await openStoreForReading(copyFolder)).series(key);
    assert.deepEqual((await copy.read(4))?.dims, [60, 2]);
  });
});
