/** Folders that go away with their test, and what is in them. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'higan-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below a folder, by its path. */
export async function treeOf(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const tree: Record<string, Buffer> = {};
  for (const file of files)
    tree[path.relative(folder, file).split(path.sep).join('/')] = await readFile(file);
  return tree;
}
