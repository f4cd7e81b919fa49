/**
 * The entanglement matrix (section 6, Fig. 19): what moving concept i does to the score of every concept j. Read
 * out of the same images as the ranking; nothing is computed but statistics, no model is opened.
 */
import path from 'node:path';
import type { Entanglement, StudyResult } from '../../protocol/results';
import { failed } from '../failure';
import { entanglementRow, nullBounds } from '../statistics';
import { openStoreForReading, SeriesReader, type StoreReader } from '../store/read';
import { storeFolder } from './store-folder';
import { conceptReaders } from './concepts';
import { movesDocumentSchema, type MovesDocument } from './moves-document';
import { chunkCount, rowsOfChunk } from './score-book';

/** The key of a study's moves document. */
export const movesKey = (experiment: string): { kind: string; experiment: string } => ({
  kind: 'moves',
  experiment,
});

/**
 * @param layers the layer set moved: `all`, or one that the layer analysis covered
 * @throws Failure where the store lacks the scores
 */
export async function readEntanglement(
  store: StoreReader,
  result: StudyResult,
  layers = 'all',
): Promise<Entanglement> {
  const document = await store.readDocument(
    'moves',
    movesKey(result.provenance.experiment),
    movesDocumentSchema,
  );
  const moves = document?.moves.filter((move) => move.layers === layers) ?? [];
  if (!document || !moves.some((move) => move.concept !== null)) {
    const known = [...new Set(document?.moves.map((move) => move.layers))];
    throw failed(
      known.length > 0
        ? `The study has no scores for moves on '${layers}'; it has: ${known.join(', ')}.`
        : 'The study has not been re-scored yet: run it to the stage rescore.',
    );
  }
  const concepts = result.concepts.map((concept) => concept.concept);
  const read = new MoveReader(store, document, concepts);
  const rows: { concept: string; differences: Float32Array }[] = [];
  const nulls: Float32Array[] = [];
  for (const move of moves) {
    const differences = await read.differences(move.series);
    if (move.concept === null) nulls.push(differences);
    else rows.push({ concept: move.concept, differences });
  }
  const order = new Map(concepts.map((concept, i) => [concept, i]));
  rows.sort((a, b) => (order.get(a.concept) ?? 0) - (order.get(b.concept) ?? 0));
  const std = result.concepts.map((concept) => concept.probeStd);
  const options = { confidence: result.confidence, seed: result.seed };
  const bounds = nullBounds(nulls, std, options);
  return {
    layers,
    rows: rows.map((row) => row.concept),
    concepts,
    effects: rows.map((row) => entanglementRow(row.differences, std, bounds, options)),
  };
}

/** Reads score differences of whole moves, [K, C] over the study's concepts. */
class MoveReader {
  private originals: Promise<Float32Array> | null = null;

  constructor(
    private readonly store: StoreReader,
    private readonly document: MovesDocument,
    private readonly concepts: readonly string[],
  ) {}

  async differences(series: string): Promise<Float32Array> {
    const before = await (this.originals ??= this.scores(this.document.originals));
    const after = await this.scores(series);
    return after.map((score, i) => score - before[i]);
  }

  /** Scores [K, C] of the study's concepts, pairs of categories included. */
  private async scores(hash: string): Promise<Float32Array> {
    const { samples, columns } = this.document;
    const readers = conceptReaders(
      this.concepts,
      columns.map((concept) => ({ concept, head: null })),
    );
    const series = new SeriesReader(this.store.layout, hash, 'float32');
    const scores = new Float32Array(samples * readers.length);
    for (let chunk = 0, at = 0; chunk < chunkCount(samples); chunk++) {
      const rows = rowsOfChunk(chunk, samples);
      const found = await series.read(chunk);
      if (!found || found.dims[0] < rows || found.dims[1] !== columns.length) {
        throw failed(
          `The store lacks scores of this study (series ${hash.slice(0, 8)}, chunk ${chunk}): run it again.`,
        );
      }
      for (let i = 0; i < rows; i++) {
        for (const reader of readers) scores[at++] = reader.score(found.data, i * columns.length);
      }
    }
    return scores;
  }
}

/** The entanglement of an experiment's latest study. @throws Failure where there is none */
export async function readEntanglementOf(
  request: { file: string; store?: string },
  layers = 'all',
): Promise<Entanglement> {
  const store = await openStoreForReading(storeFolder(request.file, request.store));
  const latest = await store.readLatest(path.resolve(request.file));
  if (!latest) throw failed(`${request.file} has not been run yet: run the study first.`);
  return readEntanglement(store, latest.result, layers);
}
