/** `.npy` files by parts, so that memory stays flat however many rows there are. */
import { open, type FileHandle } from 'node:fs/promises';
import { badInput } from '../failure';
import {
  elementCount,
  itemSize,
  littleEndianBytes,
  type ArrayData,
  type Dtype,
  type NumericArray,
} from './array';
import { cannotRead } from './file-failure';
import { PartFile } from './replace';
import {
  bytesOfElement,
  dataBytes,
  decodeHeader,
  encodeHeader,
  storedElements,
  type NpyHeader,
} from './npy-header';

/** Enough for the header of any shape that fits a disk. */
const headerRoom = 160;

/**
 * Writes an array `[N, ...rowDims]` row by row: `append` as often as there are rows, then `close`. N need not be
 * known before. The file appears under its name only when it is closed.
 */
export class NpyWriter {
  #rows = 0;

  private constructor(
    private readonly part: PartFile,
    private readonly dtype: Dtype,
    private readonly rowDims: readonly number[],
  ) {}

  /** @throws Failure when the file cannot be made, or something else than a file lies there. */
  static async create(file: string, dtype: Dtype, rowDims: readonly number[]): Promise<NpyWriter> {
    const writer = new NpyWriter(await PartFile.create(file), dtype, rowDims);
    await writer.part.write((handle) => writer.#writeHeader(handle, null));
    return writer;
  }

  /** Number of rows written so far. */
  get rows(): number {
    return this.#rows;
  }

  /** @param data `[n, ...rowDims]`, any number of whole rows */
  async append(data: ArrayData): Promise<void> {
    const width = elementCount(this.rowDims);
    if (data.length % width !== 0 || data.BYTES_PER_ELEMENT !== itemSize[this.dtype]) {
      throw new Error(`${data.length} elements are not rows of [${this.rowDims.join(', ')}] ${this.dtype}.`);
    }
    await this.part.write((handle) => writeAll(handle, littleEndianBytes(data), null));
    this.#rows += data.length / width;
  }

  /** Writes the final shape, and gives the file its name. */
  async close(): Promise<void> {
    await this.part.end((handle) => this.#writeHeader(handle, 0));
  }

  /** Gives up; nothing is left behind. */
  async abandon(): Promise<void> {
    await this.part.abandon();
  }

  /** @param at where in the file; null: at its end. Both times the header takes the same room. */
  async #writeHeader(handle: FileHandle, at: number | null): Promise<void> {
    const header = encodeHeader(this.dtype, [this.#rows, ...this.rowDims], { room: headerRoom });
    await writeAll(handle, header, at);
  }
}

/** Writes all bytes; `at` null appends at the file's own position. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number | null): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(
      bytes,
      done,
      bytes.length - done,
      at === null ? null : at + done,
    );
    done += bytesWritten;
  }
}

/** Reads rows of a large `.npy` file without holding it in memory. C order only. */
export class NpyRows {
  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly header: NpyHeader & { dtype: Dtype },
  ) {}

  /** @throws Failure when the file is missing, truncated, in Fortran order, or holds no rows of numbers. */
  static async open(file: string): Promise<NpyRows> {
    const handle = await open(file, 'r').catch((error: unknown) => {
      throw cannotRead(file, error);
    });
    try {
      const start = Buffer.alloc(10_100);
      const { bytesRead } = await handle.read(start, 0, start.length, 0);
      const header = decodeHeader(start.subarray(0, bytesRead), file);
      const expected = header.offset + dataBytes(header, file);
      const { size } = await handle.stat();
      if (size < expected) {
        throw badInput(
          `${file} is cut off: its shape [${header.dims.join(', ')}] needs ${expected} bytes, it has ${size}. Copy or make it again.`,
        );
      }
      if (header.dims.length === 0) throw badInput(`${file} holds a single number where rows are expected.`);
      if (header.fortran && header.dims.length > 1) {
        throw badInput(`${file} is in Fortran order. Save it again with numpy.ascontiguousarray.`);
      }
      return new NpyRows(file, handle, header as NpyHeader & { dtype: Dtype });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get dtype(): Dtype {
    return this.header.dtype;
  }
  /** `[N, ...]` */
  get dims(): readonly number[] {
    return this.header.dims;
  }

  /** Rows `first` to `first + count`, fewer at the end: `[n, ...]`. */
  async rows(first: number, count: number): Promise<NumericArray> {
    const { dims, dtype, offset } = this.header;
    const size = bytesOfElement(this.header);
    const n = Math.max(0, Math.min(count, dims[0] - first));
    const width = elementCount(dims.slice(1));
    const bytes = Buffer.alloc(n * width * size);
    const at = offset + first * width * size;
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await this.handle.read(bytes, done, bytes.length - done, at + done);
      if (bytesRead === 0)
        throw badInput(`${this.file} was cut off while it was read. Copy or make it again.`);
      done += bytesRead;
    }
    return { dtype, data: storedElements(bytes, this.header, n * width), dims: [n, ...dims.slice(1)] };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
