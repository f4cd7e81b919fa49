/**
 * Making folders. Node's own recursive mkdir says of a read-only disk that the folder above is not there, and never
 * comes back where no folder can be made at all (/proc).
 */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { failed } from '../failure';
import { cannotWrite, systemCode } from './file-failure';

/** Makes one folder in one that is there. Tests give a disk of their own. */
type MakeOne = (folder: string) => Promise<unknown>;

/**
 * Makes a folder and those above it that are missing.
 * @returns those that were made, the outermost first
 * @throws the system's error, or Failure where a file system takes no folders
 */
export async function makeFolders(folder: string, makeOne: MakeOne = mkdir): Promise<string[]> {
  const missing: string[] = [];
  let at = path.resolve(folder);
  while (!(await isThere(at)) && path.dirname(at) !== at) {
    missing.unshift(at);
    at = path.dirname(at);
  }
  // A file in the folder's place, or in the place of one above it: the system says so.
  if (!(await isFolder(at))) await makeOne(path.resolve(folder));
  const made: string[] = [];
  for (const one of missing) {
    try {
      await makeOne(one);
      made.push(one);
    } catch (error) {
      // Somebody else made it a moment ago.
      if (systemCode(error) === 'EEXIST' && (await isFolder(one))) continue;
      if (systemCode(error) === 'ENOENT' && (await isFolder(path.dirname(one)))) {
        throw failed(
          `${one} cannot be made: its file system takes no folders there. Choose another folder.`,
          error,
        );
      }
      throw error;
    }
  }
  return made;
}

/** `makeFolders` for somebody who named the folder. @throws Failure that says why it cannot be made */
export async function makeNamedFolder(folder: string): Promise<void> {
  await makeFolders(folder).catch((error: unknown) => {
    throw cannotWrite(folder, error);
  });
}

/** @throws the system's error for anything but "there is nothing" */
async function isThere(place: string): Promise<boolean> {
  try {
    await stat(place);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

const isFolder = (place: string): Promise<boolean> =>
  stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
