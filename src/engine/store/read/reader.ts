/** Reading a store. Writes nothing, needs no lock, and may go on while another process writes. */
import { readFile, readdir, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { studyResultSchema, type StudyResult } from '../../../protocol/results';
import { badInput } from '../../failure';
import type { DataOf, Dtype } from '../../formats/array';
import { cannotRead, systemCode } from '../../formats/file-failure';
import { keyHash, type Json } from '../../canonical';
import { decodeChunk } from './chunk';
import { checkHash, chunkFile, chunkNumber, Layout, storeFormat } from './layout';
import { boundaryRecordSchema, formatSchema, pointerSchema, runSchema } from './records';
import type { BoundaryRecord, ExperimentPointer, RunRecord } from './records';

/** Codes that mean "there is nothing there". */
const absent = new Set(['ENOENT', 'ENOTDIR']);

/** A file's bytes, or null where there is none. @throws Failure when it is there and cannot be read */
export async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (absent.has(systemCode(error) ?? '')) return null;
    throw cannotRead(file, error);
  }
}

/** The names in a folder; none where there is no folder. */
export async function listIfThere(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (absent.has(systemCode(error) ?? '')) return [];
    throw cannotRead(folder, error);
  }
}

/** Chunks of one kind, numbered from 0. */
export class SeriesReader<T extends Dtype = 'float32'> {
  constructor(
    protected readonly layout: Layout,
    /** SHA-256 of the key: the series' name in run records. */
    readonly hash: string,
    readonly dtype: T,
  ) {}

  /** The file of chunk n, whether or not it is there. */
  file(n: number): string {
    return `${this.layout.series(this.hash)}/${chunkFile(n)}`;
  }

  /** Numbers of the chunks that have a file, ascending: one reading of one folder. Only `read` proves them whole. */
  async numbers(): Promise<number[]> {
    const names = await listIfThere(this.layout.series(this.hash));
    return names
      .map(chunkNumber)
      .filter((n) => n !== null)
      .sort((a, b) => a - b);
  }

  /** How many chunks have a file. */
  async count(): Promise<number> {
    return (await this.numbers()).length;
  }

  /** What computed its chunks: devices, runtimes and machines, one text each; empty where that was not written. */
  async makers(): Promise<string[]> {
    const bytes = await readIfThere(this.makersFile);
    return bytes === null ? [] : makersIn(bytes);
  }

  protected get makersFile(): string {
    return `${this.layout.series(this.hash)}/made-by.json`;
  }

  /** Chunk n, or null where it is missing or damaged (compute it again and write it). */
  async read(n: number): Promise<{ data: DataOf[T]; dims: number[] } | null> {
    const bytes = await readIfThere(this.file(n));
    const chunk = bytes && decodeChunk(bytes);
    return chunk?.dtype === this.dtype ? { data: chunk.data as DataOf[T], dims: chunk.dims } : null;
  }
}

/** It says where numbers come from, and decides nothing: what cannot be read counts as not written. */
function makersIn(bytes: Uint8Array): string[] {
  try {
    const found: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return Array.isArray(found) ? found.filter((maker) => typeof maker === 'string') : [];
  } catch {
    return [];
  }
}

/** A result of a study and the file it was read from. */
export interface StoredResult {
  result: StudyResult;
  path: string;
}

export class StoreReader {
  /** @param layout where things lie */
  constructor(readonly layout: Layout) {}

  /** The store's folder, absolute. */
  get folder(): string {
    return this.layout.root;
  }

  /** Whether this is a store: a folder that does not exist reads as an empty one. */
  async isThere(): Promise<boolean> {
    return (await checkFormat(this.layout)) === 'ours';
  }

  /** Chunks under a key; N, the batch size and the list of concepts do not belong in it, the graph with its heads does. */
  series(key: Json): SeriesReader;
  series<T extends Dtype>(key: Json, dtype: T): SeriesReader<T>;
  series(key: Json, dtype: Dtype = 'float32'): SeriesReader<Dtype> {
    return new SeriesReader(this.layout, keyHash(key), dtype);
  }

  /** Score chunks by their series' name, as run records have it. */
  seriesNamed(hash: string): SeriesReader {
    return new SeriesReader(this.layout, checkHash(hash), 'float32');
  }

  /** The result of an experiment by its hash, or null. @throws Failure when its file is damaged */
  async readResult(experiment: string): Promise<StoredResult | null> {
    const path = this.layout.result(checkHash(experiment));
    const result = await this.readRecord(path, studyResultSchema);
    return result && { result, path };
  }

  /** What the store last found for an experiment file, partial results included, or null. */
  async readLatest(experimentFile: string): Promise<(StoredResult & { pointer: ExperimentPointer }) | null> {
    const pointer = await this.readPointer(experimentFile);
    const stored = pointer && (await this.readResult(pointer.experiment));
    return stored && { ...stored, pointer };
  }

  /** Which result is an experiment file's latest, or null. */
  async readPointer(experimentFile: string): Promise<ExperimentPointer | null> {
    return this.readRecord(this.layout.pointer(experimentFile), pointerSchema);
  }

  /** Hashes of all experiments that have a result. */
  async listResults(): Promise<string[]> {
    return hashesIn(await listIfThere(this.layout.at('results')));
  }

  /** The pointers of all experiment files that were run into this store. */
  async listExperiments(): Promise<ExperimentPointer[]> {
    return this.#readAll('experiments', pointerSchema);
  }

  /** What every run registered. */
  async listRuns(): Promise<RunRecord[]> {
    return this.#readAll('runs', runSchema);
  }

  async readRun(experiment: string): Promise<RunRecord | null> {
    return this.readRecord(this.layout.run(checkHash(experiment)), runSchema);
  }

  /** A direction and its record, or null where it is missing or does not match its checksum. */
  async readBoundary(
    hash: string,
  ): Promise<{ direction: Float32Array; dims: number[]; record: BoundaryRecord } | null> {
    const files = this.layout.boundary(checkHash(hash));
    const [bytes, record] = await Promise.all([
      readIfThere(files.array),
      this.readRecord(files.record, boundaryRecordSchema),
    ]);
    const array = bytes && decodeChunk(bytes);
    if (!record || array?.dtype !== 'float32') return null;
    return { direction: array.data as Float32Array, dims: array.dims, record };
  }

  /**
   * A record written by `writeDocument` under this kind and key, or null where there is none.
   * @throws Failure when it is not what the schema says
   */
  async readDocument<T>(kind: string, key: Json, schema: z.ZodType<T>): Promise<T | null> {
    return this.readRecord(this.layout.document(kind, keyHash(key)), schema);
  }

  /** `readDocument`, of one by its name in a run record, `kind/hash`. */
  async readDocumentNamed<T>(name: string, schema: z.ZodType<T>): Promise<T | null> {
    return this.readRecord(this.layout.at('documents', `${name}.json`), schema);
  }

  /** When each record under this kind was written, in milliseconds, by its key's hash. Reads none of them. */
  async documentTimes(kind: string): Promise<Map<string, number>> {
    const names = hashesIn(await listIfThere(this.layout.at('documents', kind)));
    const times = await Promise.all(
      names.map(async (hash) => [hash, (await stat(this.layout.document(kind, hash))).mtimeMs] as const),
    );
    return new Map(times);
  }

  /** Every record that was written under this kind, by its key's hash. @throws as `readDocument` */
  async listDocuments<T>(kind: string, schema: z.ZodType<T>): Promise<Map<string, T>> {
    const names = hashesIn(await listIfThere(this.layout.at('documents', kind)));
    const records = await Promise.all(
      names.map(
        async (hash) => [hash, await this.readRecord(this.layout.document(kind, hash), schema)] as const,
      ),
    );
    return new Map(records.flatMap(([hash, record]) => (record === null ? [] : [[hash, record]])));
  }

  async #readAll<T>(folder: string, schema: z.ZodType<T>): Promise<T[]> {
    const names = (await listIfThere(this.layout.at(folder))).filter((name) => name.endsWith('.json')).sort();
    const records = await Promise.all(
      names.map((name) => this.readRecord(this.layout.at(folder, name), schema)),
    );
    return records.filter((record) => record !== null);
  }

  /** A JSON record, checked by its schema; null where there is none. */
  protected async readRecord<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
    const bytes = await readIfThere(file);
    return bytes && parseRecord(bytes, file, schema);
  }
}

/** The record, or null where the bytes are none. */
export function soundRecord<T>(bytes: Uint8Array, schema: z.ZodType<T>): T | null {
  try {
    return parseRecord(bytes, 'record', schema);
  } catch {
    return null;
  }
}

/** @throws Failure that names the file and the first thing that is wrong with it */
export function parseRecord<T>(bytes: Uint8Array, file: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw badInput(`${file} is damaged: it is not JSON. Delete it and run again.`, error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badInput(
    `${file} is not what this version of HiGAN Studio writes (at '${issue.path.join('.')}': ${issue.message}). Delete it and run again.`,
    parsed.error,
  );
}

const hashesIn = (names: string[]): string[] =>
  names.map((name) => /^([0-9a-f]{64})\.json$/.exec(name)?.[1]).filter((hash) => hash !== undefined);

/**
 * Opens a store for reading. A folder that does not exist reads as an empty store.
 * @throws Failure when it is a file, or was written by a newer version
 */
export async function openStoreForReading(folder: string): Promise<StoreReader> {
  const layout = new Layout(folder);
  await checkFormat(layout);
  return new StoreReader(layout);
}

/** Whether there is a store. @throws Failure when it cannot be used; nothing is changed */
export async function checkFormat(layout: Layout): Promise<'new' | 'ours'> {
  const found = await stat(layout.root).catch((error: unknown) => {
    if (absent.has(systemCode(error) ?? '')) return null;
    throw cannotRead(layout.root, error);
  });
  if (found && !found.isDirectory()) {
    throw badInput(
      `${layout.root} is a file; the store needs a folder there. Move the file away, or choose another folder with --store.`,
    );
  }
  const bytes = await readIfThere(layout.format);
  if (!bytes) return 'new';
  const { format, writer } = parseRecord(bytes, layout.format, formatSchema);
  if (format > storeFormat) {
    throw badInput(
      `The store ${layout.root} was written in format ${format} by ${writer}; this version reads format ${storeFormat}. ` +
        'Update HiGAN Studio, or choose another folder with --store.',
    );
  }
  return 'ours';
}
