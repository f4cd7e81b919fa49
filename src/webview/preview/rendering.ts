/**
 * What is drawn of a preview, and which request it answers. The newest request wins: cells of older ones are dropped when
 * they come late. Until a cell's new image is there, its last one stays, marked as old, so that nothing flickers.
 */
import type { LabelMap, PanelImage, PreviewCellView, SegmentedCellView } from '../../protocol/panels';

export interface DrawnCell extends PreviewCellView {
  /** Of an earlier request: a newer image is on its way. */
  old: boolean;
}

export interface CellPlace {
  sample: number;
  step: number;
  variant: number;
}

export interface ScoreChange {
  concept: string;
  before: number;
  after: number;
  /** In standard deviations of the score over the probe. */
  change: number;
}

const keyOf = ({ sample, step, variant }: CellPlace): string => `${sample} ${step} ${variant}`;

export class Rendering {
  private sequence = 0;
  private readonly cells = new Map<string, DrawnCell>();
  /** Each place's last label map, with the image that it segments. */
  private readonly maps = new Map<string, { map: LabelMap; image: PanelImage }>();
  private names: readonly string[] = [];

  /** Names of the scores of each cell, in order. */
  get concepts(): readonly string[] {
    return this.names;
  }

  /**
   * Begins a request and returns its number. Cells of unedited samples stay good when only edits changed
   * (`keepOriginals`); all others are old from now on.
   */
  begin(keepOriginals: boolean): number {
    this.sequence++;
    for (const [key, cell] of this.cells) {
      if (!(keepOriginals && cell.step === 0)) this.cells.set(key, { ...cell, old: true });
    }
    return this.sequence;
  }

  /** True where the cell belongs to the newest request and was taken. */
  take(cell: PreviewCellView): boolean {
    if (cell.sequence !== this.sequence) return false;
    this.cells.set(keyOf(cell), { ...cell, old: false });
    return true;
  }

  /** True where the map belongs to an image of the newest request and was taken. */
  segment({ sequence, map, ...place }: SegmentedCellView): boolean {
    const cell = this.cell(place);
    if (sequence !== this.sequence || !cell || cell.old) return false;
    this.maps.set(keyOf(place), { map, image: cell.image });
    return true;
  }

  /** The segmentation of the image that is drawn at a place; null until it is there. */
  segmentation(place: CellPlace): LabelMap | null {
    const found = this.maps.get(keyOf(place));
    return found && found.image === this.cell(place)?.image ? found.map : null;
  }

  /** The last segmentation at a place, be it of an earlier image. */
  lastSegmentation(place: CellPlace): LabelMap | null {
    return this.maps.get(keyOf(place))?.map ?? null;
  }

  nameScores(sequence: number, concepts: readonly string[]): boolean {
    if (sequence !== this.sequence) return false;
    if (concepts.join('\n') !== this.names.join('\n')) this.forgetScores();
    this.names = concepts;
    return true;
  }

  /** Scores of earlier requests are in the order of the names before. */
  private forgetScores(): void {
    for (const [key, cell] of this.cells) {
      if (cell.sequence !== this.sequence) this.cells.set(key, { ...cell, scores: null });
    }
  }

  cell(place: CellPlace): DrawnCell | null {
    return this.cells.get(keyOf(place)) ?? null;
  }

  hasOriginals(samples: readonly number[]): boolean {
    return samples.every((sample) => this.cell({ sample, step: 0, variant: 0 })?.old === false);
  }

  score(place: CellPlace, concept: string): number | null {
    const index = this.names.indexOf(concept);
    return index < 0 ? null : (this.cell(place)?.scores?.[index] ?? null);
  }

  /** How a sample's scores change from the original to `place`, in standard deviations; largest first. */
  changes(place: CellPlace, spread: ReadonlyMap<string, number>): ScoreChange[] {
    const original = { sample: place.sample, step: 0, variant: 0 };
    return this.names
      .flatMap((concept) => {
        const before = this.score(original, concept);
        const after = this.score(place, concept);
        const deviation = spread.get(concept) ?? 0;
        if (before === null || after === null || deviation <= 0) return [];
        return [{ concept, before, after, change: (after - before) / deviation }];
      })
      .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  }
}
