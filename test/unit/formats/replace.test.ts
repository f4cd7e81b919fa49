/** Files that take the place of what was there: whole, or not at all, and never of what is no file. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { describe } from 'node:test';
import { NpyWriter, readNpy, ScoreTableWriter, writePng } from '../../../src/engine/formats';
import { writeWhole } from '../../../src/engine/formats/replace';
import { temporaryFolder } from '../store/folders';

const asNpy = async (file: string): Promise<void> => {
  const writer = await NpyWriter.create(file, 'float32', [1]);
  await writer.append(Float32Array.of(1));
  await writer.close();
};
const asTable = async (file: string): Promise<void> => {
  const writer = await ScoreTableWriter.create(file, ['a'], 1);
  await writer.append(Float32Array.of(1));
  await writer.close();
};

describe('a file by parts', { skip: process.platform === 'win32' }, () => {
  for (const [name, write] of Object.entries({ asNpy, asTable })) {
    test(`takes the place of no pipe and no folder, but of what links lead to (${name})`, async (t) => {
      const folder = await temporaryFolder(t);
      const at = (...names: string[]): string => path.join(folder, ...names);
      execFileSync('mkfifo', [at('pipe')]);
      await mkdir(at('sub'));
      for (const other of ['pipe', 'sub'])
        await assert.rejects(write(at(other)), { kind: 'bad-input', message: /is no regular file/ });
      assert.ok((await lstat(at('pipe'))).isFIFO());
      await writeFile(at('sub', 'there.npy'), 'old');
      for (const target of ['there.npy', 'new.npy']) {
        await symlink(path.join('sub', target), at(target));
        await write(at(target));
        assert.equal(await readlink(at(target)), path.join('sub', target));
        assert.equal((await readFile(at('sub', target))).subarray(1, 6).toString(), 'NUMPY');
      }
      assert.deepEqual((await readdir(folder)).sort(), ['new.npy', 'pipe', 'sub', 'there.npy']);
    });
  }

  test('is read by numbers again', async (t) => {
    const file = path.join(await temporaryFolder(t), 'a.npy');
    await asNpy(file);
    assert.deepEqual((await readNpy(file)).dims, [1, 1]);
  });
});

test('a file that cannot be written leaves neither half of itself nor another name', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'a.png');
  await writeFile(file, 'old');
  // In the way of the temporary name: whatever stops the writing, what was there stays.
  await mkdir(`${file}.${process.pid}.part`);
  const image = { width: 1, height: 1, data: new Uint8Array(3) };
  await assert.rejects(writePng(file, image), { name: 'Failure' });
  assert.equal(await readFile(file, 'utf8'), 'old');
});

test('what is no file is written into', { skip: process.platform === 'win32' }, async (t) => {
  const pipe = path.join(await temporaryFolder(t), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const [read] = await Promise.all([readFile(pipe, 'utf8'), writeWhole(pipe, 'text')]);
  assert.deepEqual([read, (await lstat(pipe)).isFIFO()], ['text', true]);
});
