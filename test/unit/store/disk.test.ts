import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { Failure } from '../../../src/engine/failure';
import { nodeDisk, openStore, type Disk } from '../../../src/engine/store';
import { temporaryFolder, treeOf } from './folders';

const systemError = (code: string) => Object.assign(new Error(code), { code });

/** A disk on which one kind of step fails with a system's code, once `broken` is set. */
function brittleDisk(step: keyof Disk, code: string): { disk: Disk; broken: { now: boolean } } {
  const broken = { now: false };
  const disk: Disk = {
    ...nodeDisk,
    [step]: async (first: string, second: string & Uint8Array) => {
      if (!broken.now) return nodeDisk[step](first, second);
      // A full disk takes a part of the bytes before it says so.
      if (step === 'writeNew') await nodeDisk.writeNew(first, second.subarray(0, second.length / 2));
      throw systemError(code);
    },
  };
  return { disk, broken };
}

const chunk = (value: number) => new Float32Array(100).fill(value);

describe('a disk that refuses', () => {
  for (const [step, code, sentence] of [
    ['writeNew', 'ENOSPC', /disk is full: Chunk 1 of the store .*Free some space and run again/],
    ['writeNew', 'EDQUOT', /disk is full/],
    [
      'writeNew',
      'EROFS',
      /Chunk 1 of the store .*read-only.*Change its permissions, or choose another folder/,
    ],
    ['makeFolder', 'EACCES', /read-only for this user/],
    ['rename', 'ENOSPC', /disk is full/],
    ['syncFolder', 'EIO', /could not be written \(EIO\)\. Check the disk/],
    ['writeNew', 'EMFILE', /too many files are open/],
  ] as const) {
    test(`${code} while ${step} is a sentence, and what was written stays`, async (t) => {
      const { disk, broken } = brittleDisk(step, code);
      const store = await openStore(await temporaryFolder(t), { write: true, disk });
      const lock = await store.lock();
      const series = store.series('x');
      await series.write(0, chunk(1), [100]);
      const before = await treeOf(path.join(store.folder, 'chunks'));

      broken.now = true;
      await assert.rejects(series.write(1, chunk(2), [100]), (error: unknown) => {
        assert.ok(error instanceof Failure, String(error));
        assert.equal(error.kind, 'failed');
        assert.match(error.message, sentence);
        return true;
      });
      assert.deepEqual(await series.read(0), { data: chunk(1), dims: [100] });
      if (step !== 'syncFolder') assert.deepEqual(await treeOf(path.join(store.folder, 'chunks')), before);
      assert.deepEqual(
        Object.keys(await treeOf(path.join(store.folder, 'tmp'))).filter((f) => !f.includes('lock')),
        [],
      );

      broken.now = false;
      await series.write(1, chunk(2), [100]);
      assert.deepEqual((await series.read(1))?.data, chunk(2));
      await lock.release();
    });
  }

  test('a store on a read-only disk cannot be locked, says so, and can be read', async (t) => {
    const folder = await temporaryFolder(t);
    const good = await openStore(folder, { write: true });
    const lock = await good.lock();
    await good.series('x').write(0, chunk(1), [100]);
    await lock.release();
    const { disk, broken } = brittleDisk('makeFolder', 'EROFS');
    broken.now = true;
    const store = await openStore(folder, { write: true, disk });
    await assert.rejects(
      store.lock(),
      (error: unknown) => error instanceof Failure && /lock of the store .*read-only/.test(error.message),
    );
    assert.deepEqual((await store.series('x').read(0))?.data, chunk(1));
  });
});
