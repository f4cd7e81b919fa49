/** Reading a file and writing it again, one after the other within this process: the lock of a store is shared by its runs. */

/** The last work on each file, while it is under way. */
const last = new Map<string, Promise<unknown>>();

/** Does some work on a file once all that was asked for before is over, however it ended. @throws what the work throws */
export async function inTurn<T>(file: string, work: () => Promise<T>): Promise<T> {
  const mine = (last.get(file) ?? Promise.resolve()).catch(() => undefined).then(work);
  last.set(file, mine);
  try {
    return await mine;
  } finally {
    if (last.get(file) === mine) last.delete(file);
  }
}
