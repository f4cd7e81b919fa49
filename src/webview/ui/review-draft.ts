/**
 * What a person decides on concepts, until the file says it. A note that is being typed, and one that the file refused, stays
 * as it is; a verdict that was refused goes back to the file's. Each concept of each experiment has its own.
 */
import type { ReviewChange, ReviewEntry, Snapshot, Verdict } from '../../protocol/panels';

/** Writes a change into the file; false where it was refused. */
type Write<Place extends unknown[]> = (...change: [...Place, ReviewChange]) => Promise<boolean>;

export class ReviewDraft {
  private readonly listeners = new Set<() => void>();
  /** The note as it is typed; null where it is what the file says. */
  private typed: string | null = null;
  /** What is on its way into the file, or in it without a snapshot that says so. */
  private sent: { change: ReviewChange; written: boolean }[] = [];

  constructor(
    readonly concept: string,
    private entry: ReviewEntry | null,
    private readonly write: Write<[]>,
  ) {}

  get verdict(): Verdict | null {
    return this.said('verdict') ?? null;
  }
  get note(): string {
    return this.typed ?? this.entry?.note ?? '';
  }
  /** The result has changed since the verdict was given. */
  get stale(): boolean {
    return this.entry?.stale ?? false;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The file says this now; what was written before has its say no longer. */
  take(entry: ReviewEntry | null): void {
    this.entry = entry;
    const written = this.sent.filter((each) => each.written);
    this.sent = this.sent.filter((each) => !each.written);
    // What was typed since stays.
    if (written.some(({ change }) => change.note !== undefined && (change.note ?? '') === this.typed)) {
      this.typed = null;
    }
    this.tell();
  }

  /** The note is being typed. */
  type(note: string): void {
    this.typed = note;
    this.tell();
  }

  /** The note has been typed: it is written where it is new. */
  async writeNote(): Promise<void> {
    if (this.typed === null) return;
    const note = this.typed.trim();
    const isNew = note !== (this.said('note') ?? '');
    // Until the file says it, it stays.
    this.typed = isNew || this.sent.length > 0 ? note : null;
    if (isNew) await this.send({ note: note || null });
    else this.tell();
  }

  choose(verdict: Verdict | null): Promise<void> {
    return this.send({ verdict });
  }

  /** What the file will say once it has taken everything; undefined or null where it will say nothing. */
  private said<Part extends 'verdict' | 'note'>(part: Part): ReviewChange[Part] {
    const last = this.sent.findLast(({ change }) => change[part] !== undefined);
    return last ? last.change[part] : this.entry?.[part];
  }

  /**
   * Sends only what was changed: the entry that is known here may lack what was sent a moment ago, as the note that is
   * written when somebody leaves it for a verdict.
   */
  private async send(change: ReviewChange): Promise<void> {
    const sending = { change, written: false };
    this.sent = [...this.sent, sending];
    this.tell();
    sending.written = await this.write(change);
    if (sending.written) return;
    this.sent = this.sent.filter((each) => each !== sending);
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** The drafts of a panel, which may follow one experiment after the other. */
export class ReviewDrafts {
  private readonly experiments = new Map<string, Map<string, ReviewDraft>>();
  private shown: Pick<Snapshot, 'experiment' | 'review'> = { experiment: '', review: {} };

  constructor(private readonly write: Write<[experiment: string, concept: string]>) {}

  /** What the file says of every concept. What only brings results is no news of it. */
  take({ experiment, review }: Pick<Snapshot, 'experiment' | 'review'>): void {
    if (review === this.shown.review) return;
    this.shown = { experiment, review };
    for (const draft of this.ofExperiment().values()) draft.take(review[draft.concept] ?? null);
  }

  /** The draft on a concept of the experiment that is shown. */
  of(concept: string): ReviewDraft {
    const { experiment, review } = this.shown;
    const drafts = this.ofExperiment();
    const known = drafts.get(concept);
    if (known) return known;
    const draft = new ReviewDraft(concept, review[concept] ?? null, (change) =>
      this.write(experiment, concept, change),
    );
    drafts.set(concept, draft);
    return draft;
  }

  private ofExperiment(): Map<string, ReviewDraft> {
    const { experiment } = this.shown;
    const drafts = this.experiments.get(experiment) ?? new Map<string, ReviewDraft>();
    this.experiments.set(experiment, drafts);
    return drafts;
  }
}
