/** Whose batch runs next: interactive requests go before the study at every batch boundary. */
import { interrupted } from '../failure';

/** Batches that a study keeps under way, so that the device never waits for the next codes. */
const studyDepth = 2;
/** Milliseconds that a study waits for a preview that was announced: longer than a text takes to be read. */
const patience = 250;

export class Turns {
  private interactive = 0;
  private waiting: (() => void)[] = [];
  /** True while somebody looks at a preview: the study's batches are kept short then. */
  attentive = false;
  /** Ends the wait for a preview that was announced. */
  private expected: (() => void) | null = null;

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
    this.expected?.();
    return () => {
      if (!held) return;
      held = false;
      if (--this.interactive === 0) for (const go of this.waiting.splice(0)) go();
    };
  }

  /** Somebody will wait soon, as after a keystroke: a study leaves device and processor to them until they do, or do not. */
  expect(): void {
    const release = this.hold();
    const timer = setTimeout(release, patience);
    this.expected = () => {
      this.expected = null;
      clearTimeout(timer);
      release();
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
