/** The right to write: one writer of the whole store, or several shards beside each other. */
import path from 'node:path';
import { failed, type Failure } from '../failure';
import { cannotWrite } from '../formats/file-failure';
import type { Disk } from './disk';
import { isNameless, LockFile, lockTimes, type Holder, type LockTimes } from './lock-file';
import { thisProcess, type ProcessIdentity } from './process-identity';
import { listIfThere } from './read/reader';
import type { Layout } from './read/layout';
import { temporaryPath } from './temporary';

export interface LockOptions {
  /** The name of this shard (`3-of-8`): shards may write beside each other, each name once. Default: the whole store. */
  shard?: string;
  times?: LockTimes;
  identity?: ProcessIdentity;
}

const wholeStore = 'writer.lock';
const isShard = (name: string): boolean => /^shard-[\w.-]+\.lock$/.test(name);

/** Whether a file in `locks` is a lock of ours, or the claim on one. */
export const isLockName = (name: string): boolean => /^(?:writer|shard-[\w.-]+)\.lock(?:\.\w+)*$/.test(name);

function heldBy(layout: Layout, name: string, holder: Holder, what: string): Failure {
  if (isNameless(holder)) {
    return failed(
      `The lock file ${path.join(layout.locks, name)} is damaged: it does not say who writes the store. It counts as ` +
        'gone after 60 seconds without a sign of life: run again then, or choose another folder with --store.',
    );
  }
  const here = holder.host === thisProcess().host;
  return failed(
    `The store ${layout.root} is already being written${what} by process ${holder.pid} on ${holder.host}, since ${holder.since}. ` +
      `Wait until it is done or stop it${here ? '' : ' (it counts as gone after 60 seconds of silence)'}, or choose another folder with --store.`,
  );
}

/** The right to write, as long as it lasts. */
export interface HeldLock {
  readonly released: boolean;
  /** Aborted, with the Failure as its reason, when the lock has become somebody else's. */
  readonly lost: AbortSignal;
  /** @throws Failure when the lock is not ours any more */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** Held while this process may write. */
export class Lock implements HeldLock {
  readonly #timer: NodeJS.Timeout;
  readonly #lost = new AbortController();
  #released = false;

  private constructor(
    private readonly layout: Layout,
    private readonly held: LockFile,
    readonly shard: string | null,
    times: LockTimes,
  ) {
    this.#timer = setInterval(() => void this.#beat(), times.heartbeat);
    this.#timer.unref();
  }

  /** @throws Failure naming who writes, since when, and what to do */
  static async acquire(layout: Layout, disk: Disk, options: LockOptions = {}): Promise<Lock> {
    const { shard, times = lockTimes, identity = thisProcess() } = options;
    if (shard !== undefined && !/^[\w.-]{1,100}$/.test(shard))
      throw new Error(`'${shard}' cannot name a shard.`);
    const name = shard === undefined ? wholeStore : `shard-${shard}.lock`;
    const take = (file: string) =>
      LockFile.acquire(path.join(layout.locks, file), () => temporaryPath(layout), identity, times);
    let held: LockFile | null = null;
    try {
      await disk.makeFolder(layout.locks);
      await disk.makeFolder(layout.temporary);
      const taken = await take(name);
      if (!(taken instanceof LockFile))
        throw heldBy(layout, name, taken, shard === undefined ? '' : ` (shard ${shard})`);
      held = taken;
      const rivals = shard === undefined ? (await listIfThere(layout.locks)).filter(isShard) : [wholeStore];
      for (const rival of rivals) {
        const file = path.join(layout.locks, rival);
        const holder = await LockFile.holderOf(file, () => temporaryPath(layout), identity, times);
        if (!holder) {
          // A dead shard's lock: only who holds the whole store may tidy it away.
          if (shard === undefined) await tidy(await take(rival));
          continue;
        }
        throw heldBy(
          layout,
          rival,
          holder,
          shard === undefined ? ` (${path.basename(rival, '.lock')})` : ' as a whole',
        );
      }
      return new Lock(layout, held, shard ?? null, times);
    } catch (error) {
      // Left behind, it would count as held for as long as this process lives.
      await held?.release().catch(() => undefined);
      throw cannotWriteLock(layout, error);
    }
  }

  get released(): boolean {
    return this.#released;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async check(): Promise<void> {
    if (this.#released) throw new Error('The lock was released; nothing may be written any more.');
    // After a long silence (a suspended machine) somebody may have taken over before our timer fired.
    if (!this.#lost.signal.aborted && !this.held.fresh) await this.#beat();
    if (this.#lost.signal.aborted) throw this.#lost.signal.reason as Failure;
  }

  /** Lets others write. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    clearInterval(this.#timer);
    await this.held.release();
  }

  async #beat(): Promise<void> {
    if (this.#released) return;
    const ours = await this.held.beat().catch(() => this.held.fresh);
    if (ours || this.#released) return;
    clearInterval(this.#timer);
    this.#lost.abort(
      failed(
        `The lock of the store ${this.layout.root} was lost: another process took it over, or its file was deleted. ` +
          'This run stops writing; what was finished is kept. Run again.',
      ),
    );
  }
}

async function tidy(taken: LockFile | Holder): Promise<void> {
  if (taken instanceof LockFile) await taken.release();
}

function cannotWriteLock(layout: Layout, error: unknown): unknown {
  return error instanceof Error && error.name === 'Failure'
    ? error
    : cannotWrite(`The lock of the store ${layout.root}`, error);
}
