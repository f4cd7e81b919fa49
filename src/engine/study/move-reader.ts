/** Reads how moves changed scores back out of the store: what entanglement and comparisons are made of. */
import type { StoreReader } from '../store/read';
import { conceptReaders } from './concepts';
import type { MovesDocument } from './moves-document';
import { chunkCount, rowsOfChunk } from './score-book';
import { storedScores } from './stored-parts';

/** Reads score differences of whole moves, [K, C] over the study's concepts. */
export class MoveReader {
  private before: Promise<Float32Array> | null = null;

  constructor(
    private readonly store: StoreReader,
    private readonly document: MovesDocument,
    private readonly concepts: readonly string[],
    /** How many of the samples to read: the first ones. */
    private readonly samples = document.samples,
  ) {}

  /** Scores of the unmoved samples, [K, C]. */
  originals(): Promise<Float32Array> {
    return (this.before ??= this.scores(this.document.originals));
  }

  async differences(series: string): Promise<Float32Array> {
    const before = await this.originals();
    const after = await this.scores(series);
    return after.map((score, i) => score - before[i]);
  }

  /** Scores [K, C] of the study's concepts, pairs of categories included. */
  private async scores(hash: string): Promise<Float32Array> {
    const { columns } = this.document;
    const { samples } = this;
    const readers = conceptReaders(
      this.concepts,
      columns.map((concept) => ({ concept, head: null })),
    );
    const scores = new Float32Array(samples * readers.length);
    for (let chunk = 0, at = 0; chunk < chunkCount(samples); chunk++) {
      const rows = rowsOfChunk(chunk, samples);
      const found = await storedScores(this.store, hash, chunk, rows, columns.length);
      for (let i = 0; i < rows; i++) {
        for (const reader of readers) scores[at++] = reader.score(found, i * columns.length);
      }
    }
    return scores;
  }
}
