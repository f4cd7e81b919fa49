/** Where a study's results lie. */
import path from 'node:path';

/** The folder of a study's store: as asked for, else `.higan` beside the experiment. */
export const storeFolder = (file: string, store?: string): string =>
  path.resolve(store ?? path.join(path.dirname(path.resolve(file)), '.higan'));
