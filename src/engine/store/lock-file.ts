/**
 * One lock: a file that says who holds it, touched every few seconds.
 *
 * It is made with link(2), which fails where the name is taken, so one of many wins. A lock whose holder is gone is
 * taken over in two steps: first a claim `<lock>.<its token>`, itself such a lock, then a look whether the lock is
 * still the one that was judged, then a rename over it. Only one process can hold the claim for one token, so two
 * that judge the same lock stale cannot both replace it; nor can a slow one replace the lock of a fast one.
 */
import { randomBytes } from 'node:crypto';
import { link, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { systemCode } from '../formats/file-failure';
import { processState, thisProcess, type ProcessIdentity } from './process-identity';
import { sha256 } from '../canonical';
import { readIfThere } from './read/reader';

const holderSchema = z.object({
  host: z.string(),
  boot: z.string(),
  pid: z.int(),
  started: z.string().nullable(),
  since: z.string(),
  token: z.string(),
});
/** Who holds a lock, and since when (ISO 8601). */
export type Holder = z.infer<typeof holderSchema>;

export interface LockTimes {
  /** How often the holder touches its lock, in ms. */
  heartbeat: number;
  /** How long a holder of which nothing else is known may be silent, in ms. */
  silence: number;
}
export const lockTimes: LockTimes = { heartbeat: 5_000, silence: 60_000 };

/** Stands for what a damaged lock file does not say. */
const unknown = '?';

/** Whether the lock file does not say who holds it. */
export const isNameless = ({ host }: Holder): boolean => host === unknown;

/** What a lock file says. One that is empty or torn gets a holder without a name, judged by its silence. */
async function readHolder(file: string): Promise<Holder | null> {
  const bytes = await readIfThere(file);
  if (!bytes) return null;
  try {
    return holderSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    const token = sha256(bytes).slice(0, 16);
    return { host: unknown, boot: unknown, pid: 0, started: null, since: unknown, token };
  }
}

/** Whether a holder still has to be respected. `now` is the file system's clock, not ours. */
async function holds(
  file: string,
  holder: Holder,
  me: ProcessIdentity,
  now: number,
  times: LockTimes,
): Promise<boolean> {
  const state = processState(holder, me);
  if (state !== 'unknown') return state === 'running';
  const touched = await stat(file).then(
    (found) => found.mtimeMs,
    () => -Infinity,
  );
  return now - touched < times.silence;
}

export class LockFile {
  #lastBeat = Date.now();

  private constructor(
    readonly file: string,
    readonly holder: Holder,
    private readonly handle: FileHandle,
    private readonly times: LockTimes,
    /** Takes the claim on this very lock, as who would take it over has to. */
    private readonly claim: () => Promise<LockFile | Holder>,
  ) {}

  /**
   * Takes the lock, or answers who holds it.
   * @param temporary gives a fresh path on the same file system
   */
  static async acquire(
    file: string,
    temporary: () => string,
    me: ProcessIdentity = thisProcess(),
    times: LockTimes = lockTimes,
  ): Promise<LockFile | Holder> {
    const mine: Holder = { ...me, since: new Date().toISOString(), token: randomBytes(8).toString('hex') };
    const content = Buffer.from(`${JSON.stringify(mine, null, 1)}\n`);
    const claimOf = (token: string) => LockFile.acquire(`${file}.${token}`, temporary, me, times);
    const own = (opened: FileHandle) => new LockFile(file, mine, opened, times, () => claimOf(mine.token));
    const made = temporary();
    const handle = await open(made, 'wx+');
    let won = false;
    try {
      for (;;) {
        await handle.write(content, 0, content.length, 0);
        const now = (await handle.stat()).mtimeMs;
        const linked = await tryLink(made, file, handle);
        if (linked) {
          won = true;
          return own(linked);
        }
        const holder = await readHolder(file);
        if (!holder) continue;
        if (await holds(file, holder, me, now, times)) return holder;
        const claim = await claimOf(holder.token);
        if (!(claim instanceof LockFile)) {
          // Somebody is taking it over this moment; the next look finds them holding it.
          await sleep(10);
          continue;
        }
        try {
          if ((await readHolder(file))?.token !== holder.token) continue;
          await rename(made, file);
          won = true;
          return own(handle);
        } finally {
          await claim.release();
        }
      }
    } finally {
      if (!won) await handle.close();
      await rm(made, { force: true });
    }
  }

  /** Who holds this lock now, or null where nobody does. Takes nothing. @param temporary as in `acquire` */
  static async holderOf(
    file: string,
    temporary: () => string,
    me: ProcessIdentity = thisProcess(),
    times: LockTimes = lockTimes,
  ): Promise<Holder | null> {
    const holder = await readHolder(file);
    return holder && (await holds(file, holder, me, await timeAt(temporary()), times)) ? holder : null;
  }

  /** Whether the last sign of life is recent enough that nobody can have taken the lock over. */
  get fresh(): boolean {
    return Date.now() - this.#lastBeat < this.times.silence / 2;
  }

  /** Touches the lock. False: it is somebody else's now, or gone. */
  async beat(): Promise<boolean> {
    // Through the open file: should the name be another's by now, theirs is not touched.
    const content = Buffer.from(`${JSON.stringify(this.holder, null, 1)}\n`);
    await this.handle.write(content, 0, content.length, 0);
    if (!(await this.#isOurs())) return false;
    this.#lastBeat = Date.now();
    return true;
  }

  /** Gives the lock back. One that was taken over is left where it is, as is one that is being taken over now. */
  async release(): Promise<void> {
    await this.handle.close();
    if (this.fresh) return this.#removeOwn();
    if (!(await this.#isOurs())) return;
    // After a silence another machine may be about to rename its lock over ours: not while we have the claim. Where no
    // claim can be written (a full disk), nobody else can write one either.
    const claim = await this.claim().catch(() => null);
    if (claim !== null && !(claim instanceof LockFile)) return;
    try {
      await this.#removeOwn();
    } finally {
      await claim?.release();
    }
  }

  async #removeOwn(): Promise<void> {
    if (await this.#isOurs()) await rm(this.file, { force: true });
  }

  async #isOurs(): Promise<boolean> {
    return (await readHolder(this.file))?.token === this.holder.token;
  }
}

/** The file system's clock, which another machine's may differ from: when a file made there now says that it was made. */
async function timeAt(made: string): Promise<number> {
  const handle = await open(made, 'wx');
  try {
    return (await handle.stat()).mtimeMs;
  } finally {
    await handle.close();
    await rm(made, { force: true });
  }
}

/** Gives `made` a second name, unless something has it; answers with the open file that then has that name. */
async function tryLink(made: string, file: string, handle: FileHandle): Promise<FileHandle | null> {
  try {
    await link(made, file);
    return handle;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return null;
    // File systems without hard links: an exclusive copy. Between its making and its filling it reads as empty.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    return tryCopy(made, file, handle);
  }
}

async function tryCopy(made: string, file: string, handle: FileHandle): Promise<FileHandle | null> {
  const bytes = await readIfThere(made);
  try {
    const copy = await open(file, 'wx+');
    await copy.write(bytes ?? Buffer.alloc(0), 0, bytes?.length ?? 0, 0);
    await handle.close();
    return copy;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return null;
    throw error;
  }
}
