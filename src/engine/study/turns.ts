/** Whose batch runs next: interactive requests go before the study at every batch boundary. */
import { interrupted } from '../failure';

/** Batches that a study keeps under way, so that the device never waits for the next codes. */
const studyDepth = 2;

export class Turns {
  private interactive = 0;
  private waiting: (() => void)[] = [];
  /** True while somebody looks at a preview: the study's batches are kept short then. */
  attentive = false;

  /** Batches that a study may have under way now. */
  get depth(): number {
    return this.attentive ? 1 : studyDepth;
  }

  /** Runs something that a person waits for. */
  async now<T>(work: () => Promise<T>): Promise<T> {
    const release = this.hold();
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Keeps studies from beginning another batch until the returned function is called (once or more often). */
  hold(): () => void {
    let held = true;
    this.interactive++;
    return () => {
      if (!held) return;
      held = false;
      if (--this.interactive === 0) for (const go of this.waiting.splice(0)) go();
    };
  }

  /** Resolves when no interactive work is pending. @throws Failure 'interrupted' when the signal aborts. */
  async studyTurn(signal?: AbortSignal): Promise<void> {
    while (this.interactive > 0 && !signal?.aborted) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    if (signal?.aborted) throw interrupted();
  }
}
