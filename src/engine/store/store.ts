/** `.higan/`: what a study computed, so that nothing is computed twice and nothing is lost. Layout: docs/store.md. */
import path from 'node:path';
import type { z } from 'zod';
import { studyResultSchema, type StudyResult } from '../../protocol/results';
import type { DataOf, Dtype } from '../formats/array';
import { nodeDisk, type Disk } from './disk';
import { Lock, type HeldLock, type LockOptions } from './lock';
import { oneByOne } from '../turns';
import { checkOwnFolder, gitignore } from './own-folder';
import { canonicalJson, keyHash, sha256, type Json } from '../canonical';
import { decodeChunk, encodeChunk } from './read/chunk';
import { checkHash, Layout, ownNames, storeFormat } from './read/layout';
import {
  checkFormat,
  openStoreForReading,
  readIfThere,
  SeriesReader,
  soundRecord,
  StoreReader,
  type StoredResult,
} from './read/reader';
import {
  pointerSchema,
  runSchema,
  type BoundaryRecord,
  type ExperimentPointer,
  type RunRecord,
} from './read/records';
import { SharedLock } from './shared-lock';
import { removeLeftovers, writeDurably } from './temporary';

/** What a writer needs to know of its store. */
interface Writing {
  disk: Disk;
  layout: Layout;
  /** @throws Failure when the right to write is lost, Error when it was never asked for */
  allowed: () => Promise<void>;
}

/** Chunks of one kind, for reading and writing. */
export class Series<T extends Dtype = 'float32'> extends SeriesReader<T> {
  #described = false;
  /** Those that are known to be in the list. */
  readonly #makers = new Set<string>();

  constructor(
    private readonly writing: Writing,
    private readonly key: Json,
    dtype: T,
  ) {
    super(writing.layout, keyHash(key), dtype);
  }

  /**
   * Writes chunk n, `dims` [rows, ...]: on disk and durable when this resolves. A chunk that is already there stays
   * when it has as many rows of the same shape, and is replaced otherwise; a damaged one is moved to `damaged/`.
   * @param maker what computed it: device, runtime and machine. On one kind of processor all of them give the same bytes;
   *   on GPUs they agree within 1e-3 only, so the series keeps a list of them.
   * @throws Failure for a full disk, a read-only store, a lost lock
   */
  async write(n: number, data: DataOf[T], dims: readonly number[], maker?: string): Promise<void> {
    const { disk, layout, allowed } = this.writing;
    await allowed();
    const place = `Chunk ${n} of the store ${layout.root}`;
    if (!this.#described) {
      const description = layout.seriesKey(this.hash);
      if (!(await readIfThere(description))) {
        await writeDurably(disk, layout, description, Buffer.from(`${canonicalJson(this.key)}\n`), place);
      }
      this.#described = true;
    }
    const file = this.file(n);
    const present = await readIfThere(file);
    const chunk = present && decodeChunk(present);
    if (chunk?.dtype === this.dtype && covers(chunk.dims, dims)) return;
    if (present && !chunk) await setAside(this.writing, `${this.hash}-${n}`, '.npy', present, place);
    // Before the chunk: one whose maker is not known could not be told from the others.
    if (maker !== undefined) await this.addMaker(maker, place);
    await writeDurably(disk, layout, file, encodeChunk(data, dims, this.dtype), place);
  }

  private async addMaker(maker: string, place: string): Promise<void> {
    if (this.#makers.has(maker)) return;
    const makers = await this.makers();
    if (!makers.includes(maker)) {
      const bytes = Buffer.from(`${JSON.stringify([...makers, maker].sort())}\n`);
      await writeDurably(this.writing.disk, this.writing.layout, this.makersFile, bytes, place);
    }
    this.#makers.add(maker);
  }
}

/** Keeps a copy of what was damaged, before something whole takes its place. */
async function setAside(
  { disk, layout }: Pick<Writing, 'disk' | 'layout'>,
  name: string,
  ending: string,
  bytes: Uint8Array,
  place: string,
): Promise<void> {
  const aside = layout.at('damaged', `${name}-${sha256(bytes).slice(0, 8)}${ending}`);
  await writeDurably(disk, layout, aside, bytes, place);
}

/** Whether an array of shape `there` has all rows of one of shape `wanted`. */
const covers = (there: readonly number[], wanted: readonly number[]): boolean =>
  there.length === wanted.length &&
  there.every((size, axis) => (axis === 0 ? size >= wanted[0] : size === wanted[axis]));

/** A store that may be written, once it is locked. */
export class Store extends StoreReader {
  readonly #locks = new Set<HeldLock>();

  constructor(
    layout: Layout,
    private readonly disk: Disk,
    private readonly writer: string,
  ) {
    super(layout);
  }

  /**
   * Takes the right to write, makes the store's folder where it is new, and removes what killed writers left behind.
   * @throws Failure when somebody else writes (naming them), when the folder cannot be written, is of a newer format, or
   *   holds something else than a store
   */
  async lock(options: LockOptions = {}): Promise<Lock> {
    await checkOwnFolder(this.layout);
    return this.#locked(await Lock.acquire(this.layout, this.disk, options));
  }

  /** `lock`, together with the other runs of this process: studies and transitions of one folder go on side by side. */
  async lockTogether(): Promise<HeldLock> {
    await checkOwnFolder(this.layout);
    const take = (): Promise<Lock> => Lock.acquire(this.layout, this.disk);
    return this.#locked(await SharedLock.acquire(this.layout.root, take));
  }

  async #locked<T extends HeldLock>(lock: T): Promise<T> {
    try {
      if ((await checkFormat(this.layout)) === 'new') {
        const format = { format: storeFormat, writer: this.writer };
        await this.#put(this.layout.at('.gitignore'), gitignore, 'The store');
        await this.#put(this.layout.format, `${JSON.stringify(format)}\n`, 'The store');
      }
      await removeLeftovers(this.disk, this.layout);
    } catch (error) {
      await lock.release();
      throw error;
    }
    this.#locks.add(lock);
    return lock;
  }

  override series(key: Json): Series;
  override series<T extends Dtype>(key: Json, dtype: T): Series<T>;
  override series(key: Json, dtype: Dtype = 'float32'): Series<Dtype> {
    return new Series({ disk: this.disk, layout: this.layout, allowed: () => this.checkLock() }, key, dtype);
  }

  /** As `readResult`, for who computes it anew where it is damaged: null then. `writeResult` sets such a file aside. */
  async wholeResult(experiment: string): Promise<StoredResult | null> {
    const path = this.layout.result(checkHash(experiment));
    const result = await this.#whole(path, studyResultSchema);
    return result && { result, path };
  }

  /** As `readPointer`; null where it is damaged. */
  async wholePointer(experimentFile: string): Promise<ExperimentPointer | null> {
    return this.#whole(this.layout.pointer(experimentFile), pointerSchema);
  }

  /**
   * Names a run before it has found anything, so that `prune` keeps what it computes. A result that the file has from an
   * earlier run stays its latest.
   */
  async beginRun(
    experimentFile: string,
    { experiment, text, generator }: { experiment: string; text: string; generator: string },
  ): Promise<void> {
    await this.recordRun({
      ...{ experiment, file: experimentFile, generator },
      ...{ series: [], boundaries: [], documents: [] },
    });
    // A run that ends meanwhile writes its result here: what was read before must not take its place.
    await this.#onPointer(experimentFile, async () => {
      const before = await this.wholePointer(experimentFile);
      if (before?.experiment === experiment) return;
      const pointer = before
        ? { ...before, unfinished: checkHash(experiment) }
        : { text, experiment: checkHash(experiment) };
      await this.#putPointer(experimentFile, pointer);
    });
  }

  /** Makes a result, there or to come, the experiment file's latest. */
  async writePointer(experimentFile: string, pointer: Omit<ExperimentPointer, 'file'>): Promise<void> {
    await this.#onPointer(experimentFile, () => this.#putPointer(experimentFile, pointer));
  }

  #onPointer(experimentFile: string, work: () => Promise<void>): Promise<void> {
    return oneByOne(this.layout.pointer(experimentFile), work);
  }

  async #putPointer(experimentFile: string, pointer: Omit<ExperimentPointer, 'file'>): Promise<void> {
    const own = { ...pointer, file: this.layout.relative(experimentFile) };
    await this.#putRecord(this.layout.pointer(experimentFile), own, pointerSchema, 'The result');
  }

  /** Keeps a result and makes it the experiment file's latest. @returns the result's path */
  async writeResult(experimentFile: string, result: StudyResult): Promise<string> {
    const file = await this.keepResult(result);
    const { experiment, text } = result.provenance;
    await this.writePointer(experimentFile, { text, experiment });
    return file;
  }

  /** Keeps a result that is no file's latest: of an earlier text. @returns its path */
  async keepResult(result: StudyResult): Promise<string> {
    const file = this.layout.result(checkHash(result.provenance.experiment));
    await this.#putRecord(file, studyResultSchema.parse(result), studyResultSchema, 'The result');
    return file;
  }

  /** Says what an experiment's run uses, in addition to what it said before. `prune` keeps it while the run is wanted. */
  async recordRun(run: Omit<RunRecord, 'file'> & { file: string }): Promise<void> {
    const file = this.layout.run(checkHash(run.experiment));
    // A study and its transition record one run side by side: neither may write over what the other has just added.
    await oneByOne(file, () => this.#addToRun(file, run));
  }

  async #addToRun(file: string, run: Omit<RunRecord, 'file'> & { file: string }): Promise<void> {
    const before = await this.#whole(file, runSchema);
    const both = (now: string[], then: string[] = []) => [...new Set([...then, ...now])].sort();
    const record: RunRecord = {
      ...run,
      file: this.layout.relative(run.file),
      series: both(run.series, before?.series),
      boundaries: both(run.boundaries, before?.boundaries),
      documents: both(run.documents, before?.documents),
      // A stage that is answered from the store keeps its age.
      finished: { ...run.finished, ...before?.finished },
    };
    await this.#putRecord(file, record, runSchema, 'The record of the run');
  }

  /**
   * Keeps a direction.
   * @param direction [1, D], or [1, L, D] where every layer has its own
   * @returns the hash that names it
   */
  async writeBoundary(direction: Float32Array, dims: number[], record: BoundaryRecord): Promise<string> {
    const bytes = encodeChunk(direction, dims);
    const hash = sha256(`${record.concept}\n${record.space}\n`, bytes);
    const files = this.layout.boundary(hash);
    await this.checkLock();
    await this.#put(files.array, bytes, 'The boundary');
    await this.#putJson(files.record, record, 'The boundary');
    return hash;
  }

  /** Keeps a JSON record under a kind (`transition`) and a key. @returns `kind/hash`, as run records name it */
  async writeDocument(kind: string, key: Json, value: unknown): Promise<string> {
    if (!ownNames.kind.test(kind)) throw new Error(`'${kind}' cannot name a kind of document.`);
    const hash = keyHash(key);
    await this.#putJson(this.layout.document(kind, hash), value, `The ${kind}`);
    return `${kind}/${hash}`;
  }

  /** Deletes what `writeDocument` wrote under this kind and key. */
  async removeDocument(kind: string, key: Json): Promise<void> {
    await this.remove(this.layout.document(kind, keyHash(key)));
  }

  /** Deletes a file or folder of the store. For `prune` and renames. */
  async remove(target: string): Promise<void> {
    await this.checkLock();
    await this.disk.remove(target);
  }

  /** @throws Failure when the lock was lost, Error when there is none */
  async checkLock(): Promise<void> {
    for (const lock of this.#locks) if (lock.released) this.#locks.delete(lock);
    if (this.#locks.size === 0) throw new Error('The store has to be locked before it is written.');
    for (const lock of this.#locks) await lock.check();
  }

  async #whole<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
    const bytes = await readIfThere(file);
    return bytes && soundRecord(bytes, schema);
  }

  /** Writes a record; what lay there and was damaged is moved to `damaged/`. */
  async #putRecord<T>(file: string, value: T, schema: z.ZodType<T>, place: string): Promise<void> {
    const present = await readIfThere(file);
    if (present && soundRecord(present, schema) === null) {
      const kind = path.basename(path.dirname(file));
      const name = `${kind}-${path.basename(file, '.json')}`;
      await this.checkLock();
      await setAside({ disk: this.disk, layout: this.layout }, name, '.json', present, place);
    }
    await this.#putJson(file, value, place);
  }

  async #putJson(file: string, value: unknown, place: string): Promise<void> {
    await this.checkLock();
    await this.#put(file, `${JSON.stringify(value, null, 1)}\n`, place);
  }

  async #put(file: string, content: string | Uint8Array, place: string): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    await writeDurably(this.disk, this.layout, file, bytes, place);
  }
}

export interface OpenOptions {
  write: boolean;
  /** Named in `format.json` of a new store: program and version. */
  writer?: string;
  disk?: Disk;
}

/**
 * Opens a store. A folder that does not exist is an empty store; it is made when the store is first locked.
 * @throws Failure when the path is a file, the store was written by a newer version, or (for writing) the folder holds
 *   something else than a store; nothing is touched then
 */
export async function openStore(folder: string, options: OpenOptions & { write: true }): Promise<Store>;
export async function openStore(folder: string, options: OpenOptions): Promise<StoreReader>;
export async function openStore(folder: string, options: OpenOptions): Promise<StoreReader> {
  if (!options.write) return openStoreForReading(folder);
  const layout = new Layout(folder);
  await checkOwnFolder(layout);
  return new Store(layout, options.disk ?? nodeDisk, options.writer ?? 'higan');
}
