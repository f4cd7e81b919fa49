/**
 * What a run uses, told to the store before it is there: whatever kills the run, `prune` knows that its chunks belong to
 * an experiment.
 */
import type { Stage } from '../../protocol/experiment';
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
  /** When each stage was finished. */
  private finished: Partial<Record<Stage, string>> = {};
  /** How many names and times are in the store's record. */
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

  /**
   * Records every name that is known now, and the stages that are finished. Calls that come while one is being written
   * share the next.
   */
  save(finished: Partial<Record<Stage, string>> = {}): Promise<void> {
    this.finished = { ...this.finished, ...finished };
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
    const { finished } = this;
    const count = names.reduce((sum, some) => sum + some.length, Object.keys(finished).length);
    if (count === this.saved) return;
    const [series, boundaries, documents] = names;
    const { experiment, file, generator } = this.run;
    await this.store.recordRun({ experiment, file, generator, series, boundaries, documents, finished });
    this.saved = count;
  }
}
