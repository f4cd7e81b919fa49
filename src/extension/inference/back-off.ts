/**
 * When a crashed process is started again: after 0.5 s, a second time after 1 s; from the start again once a chunk was
 * finished; after three crashes without one, not at all.
 */
const first = 500;
const patience = 3;

export class BackOff {
  private crashes = 0;

  /** Work was finished and kept. */
  progressed(): void {
    this.crashes = 0;
  }

  /** Milliseconds to wait before the next start, or null to give up. */
  crashed(): number | null {
    this.crashes++;
    return this.crashes >= patience ? null : first * 2 ** (this.crashes - 1);
  }
}
