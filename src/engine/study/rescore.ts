/**
 * Re-scoring (section 4.2): fresh codes are moved along every direction and along random ones, on one set of
 * layers, and scored on all concepts. The unmoved codes are scored once and shared by all moves.
 */
import type { LayerSet } from '../../protocol/results';
import type { Apparatus } from './apparatus';
import type { ConceptReader } from './concepts';
import { addDifferences, Differences } from './effects';
import { moveAlong, type Direction, type StepSize } from './directions';
import type { Move } from './code-space';
import { chunkCount, chunkRows, rowsOfChunk, type ScoreBook } from './score-book';

export interface RescoreInput {
  layerSet: LayerSet;
  /** Concepts moved, with their directions. */
  moved: readonly { concept: string; direction: Direction }[];
  /** Random directions, moved alike. */
  nulls: readonly Direction[];
  samples: number;
  size: StepSize;
}

/** One pass over one layer set, filled chunk by chunk. */
export class RescorePass {
  /** Of each moved concept: how its own score changed under its own move. */
  readonly own = new Map<string, Differences>();
  /** Of each concept scored: how its score changed under each random direction. */
  readonly nulls = new Map<string, Differences[]>();
  private readonly moves: { concept: string; move: Move }[];
  private readonly nullMoves: Move[];
  private readonly readers = new Map<string, ConceptReader>();

  constructor(
    private readonly book: ScoreBook,
    readonly input: RescoreInput,
    readers: readonly ConceptReader[],
  ) {
    const { apparatus } = book;
    for (const reader of readers) this.readers.set(reader.concept, reader);
    this.moves = input.moved.map(({ concept, direction }) => ({
      concept,
      move: moveFor(apparatus, direction, input),
    }));
    this.nullMoves = input.nulls.map((direction) => moveFor(apparatus, direction, input));
    for (const { concept } of this.moves) {
      this.own.set(concept, new Differences(input.samples));
      this.nulls.set(
        concept,
        this.nullMoves.map(() => new Differences(input.samples)),
      );
    }
  }

  /** Images that the whole pass takes: moves × samples, and the unmoved ones. */
  static images(input: { moved: number; nulls: number; samples: number; withOriginals: boolean }): number {
    return (input.moved + input.nulls + (input.withOriginals ? 1 : 0)) * input.samples;
  }

  /** Every move of the pass with what it moves: null for a random direction. */
  get allMoves(): { concept: string | null; move: Move }[] {
    return [...this.nullMoves.map((move) => ({ concept: null, move })), ...this.moves];
  }

  /**
   * Computes or reads everything.
   * @param onRows told after each move of each chunk: rows done, and how many were computed. Nothing is added before it
   *   is done.
   */
  async run(
    onRows: (rows: number, computed: number) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { samples } = this.input;
    const { width } = this.book.apparatus;
    for (let chunk = 0; chunk < chunkCount(samples); chunk++) {
      const rows = rowsOfChunk(chunk, samples);
      const first = chunk * chunkRows;
      const before = await this.book.rows('rescore', null, chunk, rows, signal);
      if (before.computed > 0 || this.input.layerSet.name === 'all') await onRows(rows, before.computed);
      for (const [r, move] of this.nullMoves.entries()) {
        const after = await this.book.rows('rescore', move, chunk, rows, signal);
        for (const [concept, differences] of this.nulls) {
          addDifferences(
            differences[r],
            this.reader(concept),
            width,
            before.scores,
            after.scores,
            first,
            rows,
          );
        }
        await onRows(rows, after.computed);
      }
      for (const { concept, move } of this.moves) {
        const after = await this.book.rows('rescore', move, chunk, rows, signal);
        addDifferences(
          this.own.get(concept) as Differences,
          this.reader(concept),
          width,
          before.scores,
          after.scores,
          first,
          rows,
        );
        await onRows(rows, after.computed);
      }
    }
  }

  private reader(concept: string): ConceptReader {
    const reader = this.readers.get(concept);
    if (!reader) throw new Error(`No reader for ${concept}.`);
    return reader;
  }
}

function moveFor(apparatus: Apparatus, direction: Direction, input: RescoreInput): Move {
  return moveAlong(apparatus.space, direction, input.layerSet.layers, input.size);
}
