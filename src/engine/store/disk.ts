/** The few things a store does to a disk: one small object, so that tests can make it full or read-only. */
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../formats/file-failure';
import { makeFolders } from '../formats/folder';

export interface Disk {
  /** Makes a folder and those above it, and syncs what it made. */
  makeFolder(folder: string): Promise<void>;
  /** Writes a file that does not exist yet, and syncs it. */
  writeNew(file: string, bytes: Uint8Array): Promise<void>;
  /** Atomically gives a file another name, in place of what had it. */
  rename(from: string, to: string): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(folder: string): Promise<void>;
  /** Removes a file, or a folder with what is in it; content if there is none. */
  remove(target: string): Promise<void>;
}

/** Windows cannot open folders, and refuses to replace a file while somebody reads it. */
const windows = process.platform === 'win32';

export const nodeDisk: Disk = {
  async makeFolder(folder) {
    for (const made of (await makeFolders(folder)).reverse()) await nodeDisk.syncFolder(path.dirname(made));
  },

  async writeNew(file, bytes) {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },

  async rename(from, to) {
    for (let attempt = 0; ; attempt++) {
      try {
        return await rename(from, to);
      } catch (error) {
        const busy = windows && ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error) ?? '');
        if (!busy || attempt === 20) throw error;
        await sleep(10 + 10 * attempt);
      }
    }
  },

  async syncFolder(folder) {
    if (windows) return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } catch (error) {
      // Some network file systems cannot sync a folder; they have no more to promise.
      if (!['EINVAL', 'ENOTSUP', 'EBADF', 'EISDIR'].includes(systemCode(error) ?? '')) throw error;
    } finally {
      await handle.close();
    }
  },

  async remove(target) {
    await rm(target, { recursive: true, force: true });
  },
};
