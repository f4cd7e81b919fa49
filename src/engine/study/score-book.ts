/**
 * Scores by sample and move, kept in the store in chunks: what was ever computed is read, what is missing is
 * computed and written. Raising N computes the new samples only.
 */
import { interrupted } from '../failure';
import type { Purpose } from '../latent';
import type { Store } from '../store';
import type { Apparatus } from './apparatus';
import type { Move } from './code-space';
import { scoreKey } from './identity';

/** Samples in one chunk: what a killed process loses at most (in each running shard). */
export const chunkRows = 128;

/** Number of chunks that hold N samples. */
export const chunkCount = (samples: number): number => Math.ceil(samples / chunkRows);

/** Samples of chunk n when there are N in all. */
export const rowsOfChunk = (chunk: number, samples: number): number =>
  Math.min(chunkRows, samples - chunk * chunkRows);

export class ScoreBook {
  /** Unmoved codes of the chunk last asked for: every move of that chunk starts from them. */
  private codes: { purpose: Purpose; chunk: number; rows: number; data: Float32Array } | null = null;

  constructor(
    private readonly store: Store,
    readonly apparatus: Apparatus,
    /** Told of every series that is used, so that the store knows what a study needs. */
    private readonly onSeries: (hash: string) => void = () => undefined,
    /** What computes the scores, for the store to tell: device, runtime and machine. */
    private readonly maker?: string,
  ) {}

  /** Hash of the series that holds the scores of a purpose under a move. */
  seriesHash(purpose: Purpose, move: Move | null): string {
    return this.store.series(scoreKey(this.apparatus.identity, purpose, move)).hash;
  }

  /** How many of the first samples the store has, with as few chunks opened as say it. */
  async stored(purpose: Purpose, move: Move | null, samples: number): Promise<number> {
    const series = this.store.series(scoreKey(this.apparatus.identity, purpose, move));
    const there = await series.numbers();
    let rows = 0;
    for (const chunk of there.filter((number) => number < chunkCount(samples))) {
      const wanted = rowsOfChunk(chunk, samples);
      // Chunks are filled in turn: the last one there is short where it was the end of fewer samples.
      const isWhole = chunk !== there.at(-1);
      rows += isWhole ? wanted : Math.min(wanted, (await series.read(chunk))?.dims[0] ?? 0);
    }
    return rows;
  }

  /**
   * Scores [rows, C] of the samples of one chunk under a move.
   * @returns the scores and how many of them were computed now
   * @throws Failure 'interrupted' when the signal aborts, also where the store has the scores
   */
  async rows(
    purpose: Purpose,
    move: Move | null,
    chunk: number,
    rows: number,
    signal?: AbortSignal,
  ): Promise<{ scores: Float32Array; computed: number }> {
    // A study that goes on reads thousands of chunks before it computes one: it can be stopped there, too.
    if (signal?.aborted) throw interrupted();
    const { width } = this.apparatus;
    const series = this.store.series(scoreKey(this.apparatus.identity, purpose, move));
    this.onSeries(series.hash);
    const found = await series.read(chunk);
    const have = found?.dims[1] === width ? Math.min(found.dims[0], rows) : 0;
    const known = have > 0 && found ? Float32Array.from(found.data).subarray(0, have * width) : null;
    if (known && have === rows) return { scores: known, computed: 0 };

    const codes = await this.codesOf(purpose, chunk, rows);
    const fresh = await this.apparatus.scoreCodes(
      codes.subarray(have * this.apparatus.space.width),
      rows - have,
      move ? [move] : [],
      signal,
    );
    const scores = new Float32Array(rows * width);
    if (known) scores.set(known);
    scores.set(fresh, have * width);
    await series.write(chunk, scores, [rows, width], this.maker);
    return { scores, computed: rows - have };
  }

  private async codesOf(purpose: Purpose, chunk: number, rows: number): Promise<Float32Array> {
    const held = this.codes;
    if (held?.purpose === purpose && held.chunk === chunk && held.rows === rows) return held.data;
    const data = await this.apparatus.space.draw(purpose, chunk * chunkRows, rows);
    this.codes = { purpose, chunk, rows, data };
    return data;
  }
}
