/** Files on their way into the store: written beside it under a name that says whose they are, then renamed. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { cannotWrite } from '../formats/file-failure';
import type { Disk } from './disk';
import { machineMark, processState, thisProcess } from './process-identity';
import type { Layout } from './read/layout';
import { listIfThere } from './read/reader';

let counter = 0;

/** A name of `temporaryPath`: the machine, the process' number and when it began, and a counter. */
const temporaryName = /^([0-9a-f]{12})-(\d+)-(\d+|x)-\d+\.tmp$/;

/** Whether we gave a file in `tmp` its name. */
export const isTemporaryName = (name: string): boolean => temporaryName.test(name);

/** A new path in the store's `tmp`; the name says which process of which machine made it. */
export function temporaryPath(layout: Layout): string {
  const me = thisProcess();
  return path.join(layout.temporary, `${machineMark(me)}-${me.pid}-${me.started ?? 'x'}-${counter++}.tmp`);
}

/**
 * Writes a file so that it is there whole or not at all, whenever the process or the machine dies.
 * @param place names the file in messages: `chunk 3`
 * @throws Failure for a full disk, a read-only folder and the like; the store is as it was
 */
export async function writeDurably(
  disk: Disk,
  layout: Layout,
  file: string,
  bytes: Uint8Array,
  place: string,
): Promise<void> {
  const temporary = temporaryPath(layout);
  const folder = path.dirname(file);
  try {
    await disk.makeFolder(layout.temporary);
    await disk.makeFolder(folder);
    await disk.writeNew(temporary, bytes);
    await disk.rename(temporary, file);
    await disk.syncFolder(folder);
  } catch (error) {
    await disk.remove(temporary).catch(() => undefined);
    throw cannotWrite(`${place} (${file})`, error);
  }
}

/** How long a file is left alone when nothing is known of the process that made it. */
const patience = 10 * 60_000;

/**
 * Removes what killed processes left in `tmp`. What a running process made stays, be it only a second writer that is
 * asking for the lock; and so does what no process of ours made, whatever its age.
 * @returns how many files were removed
 */
export async function removeLeftovers(disk: Disk, layout: Layout): Promise<number> {
  const me = thisProcess();
  let removed = 0;
  for (const name of await listIfThere(layout.temporary)) {
    const named = temporaryName.exec(name);
    if (!named) continue;
    const file = path.join(layout.temporary, name);
    const [, mark, pid, started] = named;
    const owner = { ...me, pid: Number(pid), started: started === 'x' ? null : started };
    const state = mark === machineMark(me) ? processState(owner, me) : 'unknown';
    if (state === 'running') continue;
    if (state === 'unknown') {
      const age = await stat(file).then(
        (found) => Date.now() - found.mtimeMs,
        () => 0,
      );
      if (age < patience) continue;
    }
    await disk.remove(file);
    removed++;
  }
  return removed;
}
