/** Files that appear under their name only when they are whole, and what may lie there before. */
import { readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { badInput } from '../failure';
import { cannotWrite, systemCode } from './file-failure';

/** A file on its way: what is written under `temporary` is renamed to `target`. */
export interface Replacement {
  target: string;
  temporary: string;
}

/**
 * Where a file is to be written: links are followed, since a rename would replace the link itself.
 * @throws Failure 'bad-input' where a device, a pipe or a folder lies there, which a rename would replace
 */
export async function replacementOf(file: string): Promise<Replacement> {
  const found = await whatLies(file);
  if (found.kind === 'other') {
    throw badInput(
      `${file} is no regular file, and this is not written into devices, pipes or folders: name a file.`,
    );
  }
  return onItsWay(found.at);
}

const onItsWay = (target: string): Replacement => ({ target, temporary: `${target}.${process.pid}.part` });

/**
 * Writes a file: whole, or not at all. What is no regular file, such as /dev/stdout, is written into.
 * @throws Failure when it cannot be written; nothing is left behind
 */
export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  try {
    const { kind, at } = await whatLies(file);
    if (kind === 'other') return await writeFile(at, content);
    const { target, temporary } = onItsWay(at);
    try {
      await writeFile(temporary, content);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** What lies under a name, and where: behind links, also those that lead to nothing yet. */
async function whatLies(file: string): Promise<{ kind: 'file' | 'nothing' | 'other'; at: string }> {
  try {
    const found = await stat(file);
    return found.isFile() ? { kind: 'file', at: await realpath(file) } : { kind: 'other', at: file };
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw cannotWrite(file, error);
    const leadsTo = await readlink(file).catch(() => null);
    return leadsTo === null
      ? { kind: 'nothing', at: file }
      : whatLies(path.resolve(path.dirname(file), leadsTo));
  }
}
