/** The store knows experiment files by their path: one that got another name takes its results and imports along. */
import { existsSync } from 'node:fs';
import { importsKey, importsKind, knowsFile, StoredImports } from './read';
import type { Store } from './store';

/**
 * Makes the latest result of `from`, and what was imported for it, those of `to`. What was stored under `from` is removed,
 * unless there is such a file (then `to` is a copy).
 * @returns whether there was anything to take along
 * @throws Failure while another process writes
 */
export async function renameExperiment(store: Store, from: string, to: string): Promise<boolean> {
  if (!(await knowsFile(store, from))) return false;
  const lock = await store.lockTogether();
  try {
    const pointer = await store.readPointer(from);
    if (pointer) {
      for (const experiment of [pointer.experiment, pointer.unfinished]) {
        const run = experiment === undefined ? null : await store.readRun(experiment);
        if (run) await store.recordRun({ ...run, file: to });
      }
      await store.writePointer(to, pointer);
    }
    const copied = existsSync(from);
    for (const { models, space, imports } of (await StoredImports.read(store, from)).all) {
      if (!models) continue;
      const document = { file: store.layout.relative(to), space, models, imports };
      await store.writeDocument(importsKind, importsKey(store.layout, to, models, space), document);
      if (!copied) await store.removeDocument(importsKind, importsKey(store.layout, from, models, space));
    }
    if (!copied) await store.remove(store.layout.pointer(from));
    return true;
  } finally {
    await lock.release();
  }
}
