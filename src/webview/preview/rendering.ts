/**
 * What is drawn of a preview, and which request it answers. The newest request wins: cells of older ones are dropped when
 * they come late. Until a cell's new image is there, its last one stays, marked as old, so that nothing flickers.
 */
import type { PreviewCellView } from '../../protocol/panels';

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

  nameScores(sequence: number, concepts: readonly string[]): boolean {
    if (sequence !== this.sequence) return false;
    this.names = concepts;
    return true;
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
