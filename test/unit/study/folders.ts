/** Temporary workspaces with an experiment in them, and what their stores hold. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { sha256 } from '../../../src/engine/canonical';
import type { StudyResult } from '../../../src/protocol/results';

/** A folder that is gone when the test ends. */
export async function temporaryFolder(test: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'higan-study-'));
  test.after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Writes an experiment into a folder and returns its path. */
export async function writeExperiment(folder: string, text: string, name = 'a.higan.yaml'): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

/** SHA-256 of every chunk, boundary and document of a store, by path. */
export async function contents(store: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const part of ['chunks', 'boundaries', 'documents']) {
    const names = await readdir(path.join(store, part), { recursive: true });
    for (const name of names.filter((n) => /\.(npy|json)$/.test(n))) {
      files.set(`${part}/${name}`, sha256(await readFile(path.join(store, part, name))));
    }
  }
  return files;
}

/** How many chunks a store has: none where there is no store yet. */
export async function chunksIn(store: string): Promise<number> {
  const names = await readdir(path.join(store, 'chunks'), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.npy')).length;
}

/** A result without the time and the machine's clock in it. */
export const timeless = ({ provenance, ...result }: StudyResult): unknown => ({
  ...result,
  provenance: { ...provenance, finished: '' },
});
