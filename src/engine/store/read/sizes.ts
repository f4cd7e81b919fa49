/** What lies in a store, by study, and what nobody names any more. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ownNames, type Layout } from './layout';
import { listIfThere, type StoreReader } from './reader';
import { importsKind } from './study-hash';

/** Something that is kept or deleted as one: a series' folder, a result, a boundary's two files. */
export interface StoredItem {
  kind: 'series' | 'result' | 'run' | 'boundary' | 'document' | 'pointer' | 'damaged';
  /** As run records name it: a hash, or `kind/hash` for documents; else the file's name. */
  name: string;
  paths: string[];
  bytes: number;
}

export interface StudySize {
  /** Hash of the experiment, and the path of its file from the folder that holds the store. */
  experiment: string;
  file: string;
  /** Bytes of what it uses, and of what no other study uses. */
  bytes: number;
  ownBytes: number;
  /** Whether the experiment file's latest result is this study's, and the file is still there. */
  current: boolean;
}

export interface StoreSizes {
  bytes: number;
  studies: StudySize[];
  /** Bytes that no run names. */
  unnamed: number;
}

/** Everything in a store that could be deleted, with its size. What is not named as a store names things is left out. */
export async function listItems(store: StoreReader): Promise<StoredItem[]> {
  const { layout } = store;
  const items = [
    ...(await seriesItems(layout)),
    ...(await fileItems(layout, 'result', 'results', ownNames.record)),
    ...(await fileItems(layout, 'run', 'runs', ownNames.record)),
    ...(await fileItems(layout, 'boundary', 'boundaries', ownNames.boundary)),
    ...(await fileItems(layout, 'pointer', 'experiments', ownNames.pointer)),
    ...(await fileItems(layout, 'damaged', 'damaged', ownNames.damaged)),
  ];
  for (const kind of await listOwn(layout.at('documents'), ownNames.kind)) {
    // Brought in by people: cannot be computed again, so it is nobody's to delete.
    if (kind === importsKind) continue;
    items.push(...(await fileItems(layout, 'document', `documents/${kind}`, ownNames.record, `${kind}/`)));
  }
  return items;
}

/** The names in a folder that are of our making; none where there is no folder. */
async function listOwn(folder: string, own: RegExp): Promise<string[]> {
  return (await listIfThere(folder)).filter((name) => own.test(name));
}

async function seriesItems(layout: Layout): Promise<StoredItem[]> {
  const items: StoredItem[] = [];
  for (const start of await listOwn(layout.at('chunks'), ownNames.start)) {
    for (const hash of await listOwn(layout.at('chunks', start), ownNames.series)) {
      const folder = layout.at('chunks', start, hash);
      const sizes = (await listIfThere(folder)).map((name) => sizeOf(layout.at('chunks', start, hash, name)));
      const bytes = (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
      items.push({ kind: 'series', name: hash, paths: [folder], bytes });
    }
  }
  return items;
}

/** One item for each file; a boundary's two files, which share a name, are one item. */
async function fileItems(
  layout: Layout,
  kind: StoredItem['kind'],
  folder: string,
  own: RegExp,
  prefix = '',
): Promise<StoredItem[]> {
  const items = new Map<string, StoredItem>();
  for (const file of (await listOwn(layout.at(folder), own)).sort()) {
    const name = prefix + file.replace(/\.(json|npy)$/, '');
    const item = items.get(name) ?? { kind, name, paths: [], bytes: 0 };
    item.paths.push(layout.at(folder, file));
    item.bytes += await sizeOf(layout.at(folder, file));
    items.set(name, item);
  }
  return [...items.values()];
}

/** 0 for what went away meanwhile. */
const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    (found) => found.size,
    () => 0,
  );

/**
 * Hashes of the experiments that are their file's latest, and of those that a run has begun on since, where the file is
 * still there: what `prune` keeps, besides the results that verdicts name.
 */
export async function namedExperiments(store: StoreReader): Promise<Set<string>> {
  const pointers = await store.listExperiments();
  return new Set(
    pointers
      .filter(({ file }) => existsSync(store.layout.absolute(file)))
      .flatMap(({ experiment, unfinished }) => (unfinished ? [experiment, unfinished] : [experiment])),
  );
}

/** Names, as items have them, of everything that the runs of these experiments use. */
export async function usedBy(store: StoreReader, experiments: ReadonlySet<string>): Promise<Set<string>> {
  const used = new Set<string>();
  for (const run of await store.listRuns()) {
    if (!experiments.has(run.experiment)) continue;
    for (const name of [...run.series, ...run.boundaries, ...run.documents]) used.add(name);
  }
  return used;
}

/** Sizes by study. What several studies use is counted in each of their `bytes`, and in no `ownBytes`. */
export async function storeSizes(store: StoreReader): Promise<StoreSizes> {
  const [items, runs, current] = await Promise.all([
    listItems(store),
    store.listRuns(),
    namedExperiments(store),
  ]);
  const users = new Map<string, string[]>();
  for (const run of runs) {
    const names = [run.experiment, ...run.series, ...run.boundaries, ...run.documents];
    for (const name of new Set(names)) users.set(name, [...(users.get(name) ?? []), run.experiment]);
  }
  const sum = (of: (item: StoredItem) => boolean) =>
    items.filter(of).reduce((bytes, item) => bytes + item.bytes, 0);
  const usersOf = (item: StoredItem): string[] => users.get(item.name) ?? [];
  return {
    bytes: sum(() => true),
    studies: runs.map(({ experiment, file }) => ({
      experiment,
      file,
      bytes: sum((item) => usersOf(item).includes(experiment)),
      ownBytes: sum((item) => usersOf(item).length === 1 && usersOf(item)[0] === experiment),
      current: current.has(experiment),
    })),
    unnamed: sum((item) => item.kind !== 'pointer' && usersOf(item).length === 0),
  };
}
