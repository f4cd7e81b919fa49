/** Whether the store still has what a result was made of, and how to say that it has not. */
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import * as z from 'zod';
import { stages, type Stage } from '../../protocol/experiment';
import type { StudyResult } from '../../protocol/results';
import { failed, Failure } from '../failure';
import { dataBytes, decodeHeader } from '../formats/npy-header';
import { SeriesReader, type StoreReader } from '../store/read';
import { readMoves } from './moves-document';
import { chunkCount, rowsOfChunk } from './score-book';

/** Files looked into at once. */
const filesAtOnce = 32;

/** The header of a chunk is shorter. */
const headerBytes = 512;

/**
 * Whether the parts that reading a result needs are there: moves, directions, and the chunks of scores. Chunks are held
 * against their headers only, so that the answer costs no reading of them: what is cut off or gone is noticed.
 * @param until the last stage whose parts count
 */
export async function hasParts(store: StoreReader, result: StudyResult, until: Stage): Promise<boolean> {
  try {
    const hasStage = (stage: Stage): boolean =>
      result.stages.includes(stage) && stages.indexOf(stage) <= stages.indexOf(until);
    const moves = await readMoves(store, result.provenance.experiment);
    if (!moves) return false;
    if (hasStage('boundary')) {
      for (const { boundary } of result.concepts)
        if (boundary && !(await store.readBoundary(boundary.hash))) return false;
    }
    const wanted: [series: string, samples: number][] = [];
    if (moves.probe !== undefined && hasStage('probe')) wanted.push([moves.probe, result.probed]);
    if (hasStage('rescore')) {
      const moved = moves.moves.filter(({ layers }) => layers === 'all' || hasStage('layers'));
      for (const series of new Set([moves.originals, ...moved.map((move) => move.series)]))
        wanted.push([series, moves.samples]);
    }
    return (await allWhole(store, wanted, moves.columns.length)) && (await hasDirections(store, result));
  } catch (error) {
    // A document that is torn: the stages say which, or write it again.
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** Whether what a run noted of its directions is there: how they were fitted, and how widely codes spread along them. */
async function hasDirections(store: StoreReader, result: StudyResult): Promise<boolean> {
  const run = await store.readRun(result.provenance.experiment);
  if (!run) return false;
  for (const name of run.documents.filter((document) => document.startsWith('boundary/')))
    if (!(await store.readDocumentNamed(name, z.unknown()))) return false;
  const files = run.series
    // A run names its series before it begins them: one that was never begun is of a device that did not finish.
    .filter((hash) => existsSync(store.layout.seriesKey(hash)))
    .map((hash) => ({ file: chunkFileOf(store, hash, 0), rows: 0, width: null }));
  return allUncut(files);
}

async function allWhole(
  store: StoreReader,
  wanted: readonly [series: string, samples: number][],
  width: number,
): Promise<boolean> {
  return allUncut(
    wanted.flatMap(([hash, samples]) =>
      Array.from({ length: chunkCount(samples) }, (_, chunk) => ({
        file: chunkFileOf(store, hash, chunk),
        rows: rowsOfChunk(chunk, samples),
        width,
      })),
    ),
  );
}

interface WantedChunk {
  file: string;
  /** How many rows it has to have, and of how many columns; null: of whatever form. */
  rows: number;
  width: number | null;
}

async function allUncut(chunks: WantedChunk[]): Promise<boolean> {
  let whole = true;
  const worker = async (): Promise<void> => {
    for (let next = chunks.pop(); next && whole; next = chunks.pop())
      if (!(await isUncut(next))) whole = false;
  };
  await Promise.all(Array.from({ length: filesAtOnce }, worker));
  return whole;
}

const chunkFileOf = (store: StoreReader, hash: string, chunk: number): string =>
  new SeriesReader(store.layout, hash, 'float32').file(chunk);

/** Whether a file is as long as its header says, and has the rows that are needed. */
async function isUncut({ file, rows, width }: WantedChunk): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return false;
  try {
    const start = Buffer.alloc(headerBytes);
    const { bytesRead } = await handle.read(start, 0, headerBytes, 0);
    const header = decodeHeader(start.subarray(0, bytesRead), file);
    const { size } = await handle.stat();
    const [there, columns] = header.dims;
    const fits = there >= rows && (width === null || columns === width);
    return fits && size === header.offset + dataBytes(header, file);
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}

/**
 * Scores [rows, C] of a chunk that a study was made of.
 * @throws Failure where it is missing or damaged, with what to do
 */
export async function storedScores(
  store: StoreReader,
  hash: string,
  chunk: number,
  rows: number,
  width: number,
): Promise<Float32Array> {
  const series = new SeriesReader(store.layout, hash, 'float32');
  const found = await series.read(chunk);
  if (found && found.dims[0] >= rows && found.dims[1] === width) return found.data;
  throw failed(
    (await series.numbers()).includes(chunk)
      ? `Scores of this study are damaged: delete ${series.file(chunk)}, and run the study again.`
      : `The store lacks scores of this study (${series.file(chunk)}): run the study again.`,
  );
}

/** @throws Failure where a study has not come to the end of its re-scoring: some of its moves have no scores yet */
export function checkRescored(result: StudyResult): void {
  if (result.stages.includes('rescore')) return;
  throw failed(
    `The study is not finished: it has not been re-scored to its end (stages done: ${result.stages.join(', ') || 'none'}). ` +
      'Run it again, to the stage rescore at least; it goes on from where it stopped.',
  );
}
