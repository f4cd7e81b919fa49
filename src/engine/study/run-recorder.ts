/**
 * What a run uses, told to the store before it is there: whatever kills the run, `prune` knows that its chunks belong to
 * an experiment.
 */
import type { Store } from '../store';

/** Whose run it is. */
export interface RecordedRun {
  /** Path of the experiment file, SHA-256 of its text, and the study's hash. */
  file: string;
  text: string;
  experiment: string;
  generator: string;
}

export class RunRecorder {
  /** Names of what the store keeps for the run. */
  readonly series = new Set<string>();
  readonly boundaries = new Set<string>();
  readonly documents = new Set<string>();
  /** How many names are in the store's record. */
  private saved = 0;
  private last: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;

  constructor(
    private readonly store: Store,
    private readonly run: RecordedRun,
  ) {}

  /** The study begins: from now on its file names it. */
  begin(): Promise<void> {
    return this.store.beginRun(this.run.file, this.run);
  }

  /** Records every name that is known now. Calls that come while one is being written share the next. */
  save(): Promise<void> {
    if (this.next) return this.next;
    const next = this.last
      .catch(() => undefined)
      .then(() => {
        this.next = null;
        return this.write();
      });
    this.next = next;
    this.last = next;
    return next;
  }

  private async write(): Promise<void> {
    const names = [this.series, this.boundaries, this.documents].map((set) => [...set]);
    const count = names.reduce((sum, some) => sum + some.length, 0);
    if (count === this.saved) return;
    const [series, boundaries, documents] = names;
    const { experiment, file, generator } = this.run;
    await this.store.recordRun({ experiment, file, generator, series, boundaries, documents });
    this.saved = count;
  }
}
