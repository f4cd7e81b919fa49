/** Making room in a store: what no experiment file and no verdict names goes. `higan store prune`, Clean Store. */
import { readFile } from 'node:fs/promises';
import { resultsOfVerdicts } from '../experiment';
import { planPrune, prune, type PruneList, type Store } from '../store';
import { markedStudies, namedExperiments, type StoreReader } from '../store/read';
import type { WorkEvents } from './api';
import { workPart, type WorkPart } from './progress';

export interface CleanRequest {
  store: Store;
  /** Only list what would be deleted. */
  dryRun?: boolean;
  signal?: AbortSignal;
}

/** @throws Failure while somebody writes, or when it was aborted: the items that were not reached stay */
export async function cleanStore(
  { store, dryRun, signal }: CleanRequest,
  events: WorkEvents = {},
): Promise<PruneList> {
  const keep = async (): Promise<Set<string>> =>
    new Set([...(await namedExperiments(store)), ...(await resultsNamed(store))]);
  if (dryRun) return planPrune(store, await keep());
  let progress: WorkPart | undefined;
  return prune(store, keep, {
    signal,
    removed: (_done, total) => {
      progress ??= workPart(events, 'deleting', total, 'items');
      progress.add(1, 1);
    },
  });
}

/** Results that verdicts in the store's experiment files were given on. */
async function resultsNamed(store: StoreReader): Promise<string[]> {
  const marks: string[] = [];
  for (const { file } of await store.listExperiments()) {
    const text = await readFile(store.layout.absolute(file), 'utf8').catch(() => null);
    if (text !== null) marks.push(...resultsOfVerdicts(text));
  }
  return markedStudies(marks, await store.listResults());
}
