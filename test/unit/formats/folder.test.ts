/** Folders are made one by one, so that what the system says is about the one that cannot be made. */
import assert from 'node:assert/strict';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { Failure } from '../../../src/engine/failure';
import { makeFolders, makeNamedFolder } from '../../../src/engine/formats/folder';
import { temporaryFolder } from '../store/folders';

const systemError = (code: string): Error => Object.assign(new Error(code), { code });

test('makes what is missing, and says what it made, outermost first', async (t) => {
  const folder = await temporaryFolder(t);
  const deep = path.join(folder, 'a', 'b', 'c');
  const made = ['a', 'a/b', 'a/b/c'].map((part) => path.join(folder, part));
  assert.deepEqual(await makeFolders(deep), made);
  assert.ok((await stat(deep)).isDirectory());
  assert.deepEqual(await makeFolders(deep), []);
  const both = await Promise.all([makeFolders(path.join(deep, 'd')), makeFolders(path.join(deep, 'd'))]);
  assert.ok(both.flat().length >= 1);
});

test('on a read-only disk the system names it as such, below a missing folder, too', async (t) => {
  const folder = await temporaryFolder(t);
  const readOnly = (): Promise<never> => Promise.reject(systemError('EROFS'));
  await assert.rejects(makeFolders(path.join(folder, 'a', 'b'), readOnly), { code: 'EROFS' });
});

test('where a file system takes no folders, says so instead of looking for its folder for ever', async (t) => {
  const folder = await temporaryFolder(t);
  const nothing = (): Promise<never> => Promise.reject(systemError('ENOENT'));
  const sentence = (error: unknown): boolean =>
    error instanceof Failure && /takes no folders there\. Choose another/.test(error.message);
  await assert.rejects(makeFolders(path.join(folder, 'a', 'b'), nothing), sentence);
  // Such a file system is at hand on Linux.
  if (process.platform === 'linux') await assert.rejects(makeNamedFolder('/proc/higan/out'), sentence);
});

test('a file in the way is a sentence about a file', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'file'), '');
  await mkdir(path.join(folder, 'there'));
  await makeNamedFolder(path.join(folder, 'there'));
  for (const name of ['file', 'file/below']) {
    await assert.rejects(makeNamedFolder(path.join(folder, name)), /a file lies where a folder is needed/);
  }
});
