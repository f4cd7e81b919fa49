/**
 * The reference's folder of arrays: z.npy, w.npy, wp.npy, attribute.npy, category.npy, boundaries with their list,
 * and {name}_{space}_scores.npy. Large arrays are written by parts.
 */
import path from 'node:path';
import { badInput } from '../failure';
import { encodeBoundary, encodeBoundaryDictionary } from './boundary-file';
import { formatBoundaryList, type BoundaryListEntry } from './boundary-list';
import { exportedName } from './concept-names';
import { makeNamedFolder } from './folder';
import { encodeNpy } from './npy';
import { NpyWriter } from './npy-parts';
import { writeWhole } from './replace';
import { ScoreTableWriter } from './score-table';

/** A boundary on its way out. */
export interface ExportedBoundary {
  label: string;
  space: BoundaryListEntry['space'];
  direction: Float32Array;
  /** [1, D], or [1, L, D] in space wp. */
  dims: number[];
  /** Written as a dictionary with the layers of its level; without them as a plain array. */
  dictionary?: { type: string; layers: readonly number[] };
}

/** Writes into one folder, which is made where it is missing. Files of the same name are replaced. */
export class HiganFolder {
  private constructor(readonly folder: string) {}

  static async create(folder: string): Promise<HiganFolder> {
    await makeNamedFolder(folder);
    return new HiganFolder(folder);
  }

  /** z.npy [N, Dz], w.npy [N, D] or wp.npy [N, L, D]: append rows, then close. */
  codes(space: BoundaryListEntry['space'], rowDims: readonly number[]): Promise<NpyWriter> {
    return NpyWriter.create(path.join(this.folder, `${space}.npy`), 'float32', rowDims);
  }

  /** attribute.npy, category.npy, …: append rows [n, C], then close. */
  scores(level: string, labels: readonly string[], samples: number): Promise<ScoreTableWriter> {
    return ScoreTableWriter.create(path.join(this.folder, `${exportedName(level)}.npy`), labels, samples);
  }

  /** {name}_{space}_scores.npy: [K, 2 + L] (before, all layers, each layer), or [K, 2] without layers. */
  async rescored(label: string, space: string, scores: Float32Array, columns: number): Promise<string> {
    return this.write(
      `${exportedName(label)}_${space}_scores.npy`,
      encodeNpy(scores, [scores.length / columns, columns]),
    );
  }

  /** {name}_{space}_boundary.npy each, and `boundaries.txt`, their list. */
  async boundaries(boundaries: readonly ExportedBoundary[]): Promise<string> {
    const entries: BoundaryListEntry[] = [];
    for (const { label, space, direction, dims, dictionary } of boundaries) {
      const name = exportedName(label);
      const file = `${name}_${space}_boundary.npy`;
      if (entries.some((entry) => entry.path === file)) {
        throw badInput(
          `Two boundaries have the exported name '${name}'. Export them into folders of their own.`,
        );
      }
      const bytes = dictionary
        ? encodeBoundaryDictionary({ direction, dims, ...dictionary })
        : encodeBoundary(direction, dims);
      await this.write(file, bytes);
      entries.push({ name, space, path: file });
    }
    return this.write('boundaries.txt', Buffer.from(formatBoundaryList(entries)));
  }

  private async write(name: string, bytes: Uint8Array): Promise<string> {
    const file = path.join(this.folder, name);
    await writeWhole(file, bytes);
    return file;
  }
}
