/** Files that appear under their name only when they are whole, and what may lie there before. */
import { open, readlink, realpath, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { badInput } from '../failure';
import { cannotWrite, systemCode } from './file-failure';

/** A file on its way: what is written under `temporary` is renamed to `target`. */
interface Replacement {
  target: string;
  temporary: string;
}

const onItsWay = (target: string): Replacement => ({ target, temporary: `${target}.${process.pid}.part` });

/** A file that is written by parts, and appears under its name only when it is ended. */
export class PartFile {
  private constructor(
    private readonly file: string,
    private readonly place: Replacement,
    private readonly handle: FileHandle,
  ) {}

  /**
   * Links are followed, since a rename would replace the link itself.
   * @throws Failure when the file cannot be made; 'bad-input' where a device, a pipe or a folder lies there, which the rename
   *   would replace
   */
  static async create(file: string): Promise<PartFile> {
    const { kind, at } = await whatLies(file);
    if (kind === 'other') {
      throw badInput(
        `${file} is no regular file, and this is not written into devices, pipes or folders: name a file.`,
      );
    }
    const place = onItsWay(at);
    try {
      return new PartFile(file, place, await open(place.temporary, 'w'));
    } catch (error) {
      throw cannotWrite(file, error);
    }
  }

  /** @throws Failure as all work on it: it is given up then */
  async write(work: (handle: FileHandle) => Promise<void>): Promise<void> {
    try {
      await work(this.handle);
    } catch (error) {
      await this.abandon();
      throw cannotWrite(this.file, error);
    }
  }

  /** Does what is left to be written, and gives the file its name. */
  async end(last: (handle: FileHandle) => Promise<void>): Promise<void> {
    await this.write(async (handle) => {
      await last(handle);
      await handle.sync();
      await handle.close();
      await rename(this.place.temporary, this.place.target);
    });
  }

  /** Gives up; nothing is left behind. */
  async abandon(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.place.temporary, { force: true });
  }
}

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
