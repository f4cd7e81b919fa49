/** Deleting what no experiment and no verdict names. */
import { existsSync } from 'node:fs';
import { interrupted } from '../failure';
import { listItems, usedBy, type StoredItem } from './read/sizes';
import type { StoreReader } from './read/reader';
import type { Store } from './store';

/** What `prune` would delete. */
export interface PruneList {
  items: StoredItem[];
  bytes: number;
}

/**
 * Lists what is not needed by the experiments (and single boundaries) whose hashes are to be kept; changes nothing.
 * @param keep hashes, for example `namedExperiments(store)` and the results that verdicts name
 */
export async function planPrune(store: StoreReader, keep: ReadonlySet<string>): Promise<PruneList> {
  const used = await usedBy(store, keep);
  const pointers = new Map(
    (await store.listExperiments()).map((pointer) => [
      store.layout.pointer(store.layout.absolute(pointer.file)),
      pointer,
    ]),
  );
  const wanted = (item: StoredItem): boolean => {
    if (item.kind !== 'pointer') return keep.has(item.name) || used.has(item.name);
    const pointer = pointers.get(item.paths[0]);
    // One that lies under another name than its own was put there by somebody.
    if (!pointer) return true;
    return keep.has(pointer.experiment) && existsSync(store.layout.absolute(pointer.file));
  };
  const items = (await listItems(store)).filter((item) => !wanted(item));
  return { items, bytes: items.reduce((bytes, item) => bytes + item.bytes, 0) };
}

/**
 * Deletes what `planPrune` lists. Takes the lock of the whole store, so nothing that a run is using can go.
 * @param keep as `planPrune` takes it; asked for under the lock, so that it names what a run began a moment ago
 * @param removed told after each item how many are gone
 * @throws Failure while somebody writes, or when it was aborted; the store is sound after any item
 */
export async function prune(
  store: Store,
  keep: () => Promise<ReadonlySet<string>>,
  { signal, removed }: { signal?: AbortSignal; removed?: (done: number, total: number) => void } = {},
): Promise<PruneList> {
  const lock = await store.lock();
  try {
    // Planned under the lock: what a run registered a moment ago is seen.
    const list = await planPrune(store, await keep());
    // Records first: a run whose record is there has, at every instant, everything that the record names.
    const records = (item: StoredItem): number =>
      item.kind === 'pointer' ? 0 : item.kind === 'run' || item.kind === 'result' ? 1 : 2;
    const ordered = [...list.items].sort((a, b) => records(a) - records(b));
    for (const [n, item] of ordered.entries()) {
      if (signal?.aborted) throw interrupted(`Interrupted: ${n} of ${ordered.length} items were deleted.`);
      for (const path of item.paths) await store.remove(path);
      removed?.(n + 1, ordered.length);
    }
    return list;
  } finally {
    await lock.release();
  }
}
