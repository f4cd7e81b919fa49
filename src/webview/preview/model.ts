/**
 * A preview at the moment: what the file says of it, what a gesture says meanwhile, and what is drawn. What is typed in the
 * YAML is drawn; a gesture is drawn without touching the document, and its end writes one edit. The newest request wins.
 */
import type { Channel } from '../../protocol/channel';
import type { Edit, Preview } from '../../protocol/experiment';
import type {
  CellsWanted,
  PanelSide,
  PreviewChange,
  previewHostSide,
  PreviewView,
} from '../../protocol/panels';
import { Newest } from '../ui/newest';
import { Rendering } from './rendering';
import { gridColumns } from './steps';

/** What a control of an edit changes. */
export type EditPart = Partial<Pick<Edit, 'step' | 'layers'>>;

/** What the model needs of the panel that it belongs to. */
export interface PreviewSurroundings {
  channel: Channel<PanelSide, typeof previewHostSide>;
  /** Shows what fails; undefined where it failed or was cancelled. `unasked` names what nobody asked for at the moment. */
  attempt<T>(work: () => Promise<T>, unasked?: string): Promise<T | undefined>;
  /** Multiples of every edit's step that are shown. */
  steps(): readonly number[];
  /** The sample that is looked at: its images come first. */
  focus(): number;
  /** Whether the segmentation of the images is looked at. */
  segmented(): boolean;
  /** Another preview of the file is followed from now on. */
  followed(name: string): void;
  /** Something has to be drawn again. */
  changed(): void;
}

export class PreviewModel {
  readonly rendering = new Rendering();
  /** What the file says; null until it was asked. */
  file: PreviewView | null = null;
  /** Edited concepts along which nothing moves. */
  missing: readonly string[] = [];
  /** What a gesture says meanwhile; null when it is what the file says. */
  private draft: Preview | null = null;
  /** Document version that this panel's last gesture led to. */
  private written = 0;
  /** A gesture was written, and the file's word on it has not come back yet. */
  private awaiting = false;
  /** Gestures that are being written. */
  private writing = 0;
  /** What the file said last while gestures were being written: perhaps their echo, perhaps that of an earlier one. */
  private held: PreviewView | null = null;
  private readonly requests = new Newest();
  /** The request whose images are all there; null while they come. */
  private drawn: CellsWanted | null = null;
  private readonly segmentations = new Newest();

  constructor(private readonly panel: PreviewSurroundings) {
    const { channel } = panel;
    channel.on('preview', (view) => this.follow(view));
    channel.on('rendering', ({ sequence, concepts }) => {
      this.rendering.nameScores(sequence, concepts);
    });
    channel.on('cell', (cell) => {
      if (this.rendering.take(cell)) panel.changed();
    });
    channel.on('segmented', (cell) => {
      if (this.rendering.segment(cell)) panel.changed();
    });
  }

  /** The preview as it is drawn. */
  get shown(): Preview | null {
    return this.draft ?? this.file?.preview ?? null;
  }

  /** Follows a preview of the file from now on; its first where `name` is null or gone. */
  async choose(name: string | null): Promise<void> {
    const view = await this.panel.attempt(() => this.panel.channel.call('follow', { name }), 'follow');
    if (!view) return;
    this.written = 0;
    this.awaiting = false;
    this.held = null;
    this.draft = null;
    this.file = null;
    this.take(view);
  }

  /**
   * The file changed. While gestures are being written, what it says waits: the echo of one would undo the next, which the
   * file does not know yet.
   */
  private follow(view: PreviewView): void {
    if (this.writing > 0) this.held = view;
    else if (view.version >= this.written) this.take(view);
  }

  /** What the file says is drawn, unless it is the echo of this panel's own gesture. */
  private take(view: PreviewView): void {
    const before = this.shown;
    const sameName = this.file?.name === view.name;
    this.file = view;
    this.draft = null;
    if (view.name !== null) this.panel.followed(view.name);
    const echo = this.awaiting && sameName && JSON.stringify(before) === JSON.stringify(view.preview);
    this.awaiting = false;
    this.panel.changed();
    if (!echo) void this.draw(false);
  }

  /** Asks for the images of what is shown now; whatever was asked before is cancelled. */
  async draw(keepOriginals: boolean): Promise<void> {
    const { shown, file, panel } = this;
    const signal = this.requests.begin();
    this.segmentations.begin();
    this.drawn = null;
    panel.changed();
    const name = file?.name ?? null;
    if (!shown || name === null) return;
    const keep = keepOriginals && this.rendering.hasOriginals(shown.samples);
    const sequence = this.rendering.begin(keep);
    const steps = panel.steps().filter((step) => !(keep && step === 0));
    const params = { sequence, name, preview: shown, steps, focus: panel.focus() };
    const answer = await panel.attempt(
      () => panel.channel.call('renderPreview', params, { signal }),
      'renderPreview',
    );
    if (!answer || signal.aborted) return;
    this.rendering.nameScores(sequence, answer.concepts);
    this.missing = answer.missing;
    this.drawn = { ...params, steps: [...panel.steps()] };
    panel.changed();
    await this.segment();
  }

  /** Asks for what lacks of the segmentation, where it is looked at; waits for the images. What was asked before is cancelled. */
  async segment(): Promise<void> {
    const { drawn, panel, rendering } = this;
    const signal = this.segmentations.begin();
    if (!drawn || !panel.segmented()) return;
    const { preview, steps } = drawn;
    const lacks = (place: { step: number; variant: number }): boolean =>
      preview.samples.some((sample) => !rendering.segmentation({ sample, ...place }));
    if (!gridColumns(preview, steps).some(lacks)) return;
    // Those of unedited samples stay good while only edits change, as their images do.
    const asked = { ...drawn, steps: steps.filter((step) => step !== 0 || lacks({ step, variant: 0 })) };
    await panel.attempt(() => panel.channel.call('segmentPreview', asked, { signal }), 'segmentPreview');
  }

  /** Previews an edit's part without writing it. */
  drag(index: number, part: EditPart): void {
    this.show((edits) => edits.map((edit, at) => (at === index ? { ...edit, ...part } : edit)));
  }

  /** Adds an edit behind the others. */
  async add(edit: Edit): Promise<void> {
    this.show((edits) => [...edits, edit]);
    await this.write({ kind: 'addEdit', edit });
  }

  /** Removes an edit. It is gone here at once: the places of gestures that follow are those that they have in the file then. */
  async remove(index: number): Promise<void> {
    const edit = this.shown?.edits[index];
    if (!edit) return;
    this.show((edits) => edits.filter((_, at) => at !== index));
    await this.write({ kind: 'removeEdit', index, of: edit.concept });
  }

  /** Draws other edits than the file has. */
  private show(change: (edits: readonly Edit[]) => Edit[]): void {
    const { shown } = this;
    if (!shown) return;
    this.draft = { ...shown, edits: change(shown.edits) };
    void this.draw(true);
  }

  /** The end of a gesture on an edit: previewed where it is not yet, and written where it says something new. */
  async change(index: number, part: EditPart): Promise<void> {
    const file = this.file?.preview?.edits[index];
    // While a write is on its way, the file says something else than it will.
    const same =
      !this.awaiting &&
      file !== undefined &&
      (part.step ?? file.step) === file.step &&
      (part.layers ?? file.layers) === file.layers;
    // Dragged and put back: there is nothing to write.
    if (same) return this.backToFile();
    const edit = this.shown?.edits[index];
    if (!edit) return;
    const drawnAlready = (part.step ?? edit.step) === edit.step && part.layers === undefined;
    if (!drawnAlready || !this.draft) this.drag(index, part);
    await this.write({ kind: 'edit', index, of: edit.concept, ...part });
  }

  /** One gesture, one edit of the document. Where it is refused, the panel shows what the file says again. */
  async write(change: PreviewChange): Promise<void> {
    const name = this.file?.name ?? null;
    if (name === null) return;
    this.awaiting = true;
    this.writing++;
    const answer = await this.panel.attempt(() => this.panel.channel.call('writePreview', { name, change }));
    this.writing--;
    if (answer) this.written = Math.max(this.written, answer.version);
    // The newest gesture has the last word, and is drawn already.
    if (this.writing > 0) return;
    if (!answer) {
      this.awaiting = false;
      this.backToFile();
    }
    const { held } = this;
    this.held = null;
    if (held) this.follow(held);
  }

  private backToFile(): void {
    if (!this.draft) return;
    this.draft = null;
    void this.draw(true);
  }
}
