/**
 * One lock for all the runs of a process. Beside each other they write different chunks, or the same bytes under the same
 * name; what must have the store to itself (`prune`) takes a lock of its own.
 */
import type { HeldLock, Lock } from './lock';

interface Share {
  lock: Promise<Lock>;
  holders: number;
  /** The release by the last holder, while it is under way. */
  over: Promise<void> | null;
}

/** By the store's folder. */
const shares = new Map<string, Share>();

export class SharedLock implements HeldLock {
  #released = false;

  private constructor(
    private readonly lock: Lock,
    private readonly share: Share,
    private readonly folder: string,
  ) {}

  /**
   * Joins the runs of this process that hold the store, or is the first.
   * @throws what `take` throws, when another process writes
   */
  static async acquire(folder: string, take: () => Promise<Lock>): Promise<SharedLock> {
    for (let over = shares.get(folder)?.over; over; over = shares.get(folder)?.over) await over;
    const share = shares.get(folder) ?? { lock: take(), holders: 0, over: null };
    shares.set(folder, share);
    share.holders++;
    try {
      return new SharedLock(await share.lock, share, folder);
    } catch (error) {
      if (--share.holders === 0) shares.delete(folder);
      throw error;
    }
  }

  get released(): boolean {
    return this.#released;
  }

  get lost(): AbortSignal {
    return this.lock.lost;
  }

  async check(): Promise<void> {
    if (this.#released) throw new Error('The lock was released; nothing may be written any more.');
    await this.lock.check();
  }

  /** Lets other processes write, once every holder has released it. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    if (--this.share.holders > 0) return;
    this.share.over = this.lock.release().finally(() => shares.delete(this.folder));
    await this.share.over;
  }
}
