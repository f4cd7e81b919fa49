/**
 * The three latent spaces behind one face: codes that boundaries are fitted on, and the rows that the scoring
 * graph is fed with, moved or not.
 *
 * | space | codes | feed |
 * | --- | --- | --- |
 * | z | z | the chosen layers get mapping(z + λn), normalised again where the model's z is, the others mapping(z) |
 * | w | w = mapping(z) | w on every layer, truncated; the chosen layers get + λn |
 * | y | y(l) = A(l) w + b(l) of every layer, one slice a layer | y truncated; the chosen layers' slices get + λn |
 */
import type { Space } from '../../protocol/experiment';
import {
  addMove,
  drawCodes,
  layerCodes,
  layerStrength,
  pixelNormalise,
  type Purpose,
  type Truncation,
} from '../latent';
import type { Session } from '../session';
import type { Mapping } from './mapping';

/** A displacement of codes on some layers. */
export interface Move {
  layers: readonly number[];
  /** In z and w one vector [D] for all layers; in y the layers' vectors one after the other [ΣC]. */
  direction: Float32Array;
  /** How far on each layer, in code units along `direction`, [L]. */
  lengths: Float32Array;
}

/** One part of a code that a direction of its own is fitted on: all of z or w, or one layer's y(l). */
export interface Slice {
  start: number;
  width: number;
}

/** What a CodeSpace needs of a model; mapping and styles are null where the model has no such graph. */
export interface CodeSource {
  seed: number;
  zDim: number;
  normalize: 'none' | 'pixel';
  L: number;
  /** Length of one layer's code in the synthesis input. */
  D: number;
  truncation: Truncation | null;
  mapping: Mapping | null;
  /** codes [B, L, D] → styles [B, ΣC]; only for space y. */
  styles: { session: Session; widths: readonly number[] } | null;
}

/** Rows that one run of the styles graph takes. */
const stylesRows = 256;

export abstract class CodeSpace {
  /** Length of one code, and the parts that directions are fitted on. */
  abstract readonly width: number;
  abstract readonly slices: readonly Slice[];
  /** Shape of one row of the scoring graph's input. */
  abstract readonly feedDims: readonly number[];
  readonly L: number;

  constructor(protected readonly source: CodeSource) {
    this.L = source.L;
  }

  static create(space: Space, source: CodeSource): CodeSpace {
    if (space === 'z') return new ZSpace(source);
    return space === 'w' ? new WSpace(source) : new YSpace(source);
  }

  /** Fresh codes [count, width], untruncated: samples first … first + count − 1 of a purpose. */
  abstract draw(purpose: Purpose, first: number, count: number): Promise<Float32Array>;
  /** Input rows of the scoring graph for codes [n, width] under the moves, all applied together. */
  abstract feed(codes: Float32Array, n: number, moves: readonly Move[]): Promise<Float32Array>;

  /** Codes of single samples [indices.length, width]. */
  async drawAt(purpose: Purpose, indices: ArrayLike<number>): Promise<Float32Array> {
    const z = new Float32Array(indices.length * this.source.zDim);
    for (let i = 0; i < indices.length; i++) {
      z.set(this.drawZ(purpose, indices[i], 1), i * this.source.zDim);
    }
    return this.fromZ(z, indices.length);
  }

  /** z [n, Dz] → codes of this space [n, width]. */
  abstract fromZ(z: Float32Array, n: number): Promise<Float32Array>;

  /** The same samples in every form that files of the field have: z [n, Dz], w [n, D], and wp [n, L, D], truncated. */
  async forms(purpose: Purpose, first: number, n: number): Promise<Record<'z' | 'w' | 'wp', Float32Array>> {
    const z = this.drawZ(purpose, first, n);
    const w = await this.map(z, n);
    return { z, w, wp: this.truncated(w, n) };
  }

  /** Shape of one row of each form; w and wp are null where the model has no w. */
  formDims(): { z: number[]; w: number[] | null; wp: number[] | null } {
    const { zDim, D, mapping } = this.source;
    return { z: [zDim], w: mapping ? [D] : null, wp: mapping ? [this.L, D] : null };
  }

  /** How much of a move each layer gets: ψ below the cut-off in w and y, so that it is as long as there (PAPER.md). */
  strength(): Float32Array {
    return layerStrength(this.source.truncation, this.L);
  }

  protected drawZ(purpose: Purpose, first: number, count: number): Float32Array {
    const { seed, zDim, normalize } = this.source;
    const z = drawCodes({ seed, purpose, dim: zDim }, first, count);
    return normalize === 'pixel' ? pixelNormalise(z, zDim) : z;
  }

  /** z [n, Dz] → w [n, Dw]; z itself where the model has no mapping. */
  protected async map(z: Float32Array, n: number): Promise<Float32Array> {
    const { mapping } = this.source;
    return mapping ? mapping.run(z, n) : z;
  }

  protected truncated(w: Float32Array, n: number): Float32Array {
    return layerCodes(w, n, this.source.D, this.L, this.source.truncation);
  }
}

class ZSpace extends CodeSpace {
  get width(): number {
    return this.source.zDim;
  }
  get slices(): Slice[] {
    return [{ start: 0, width: this.width }];
  }
  get feedDims(): number[] {
    return [this.L, this.source.D];
  }

  draw(purpose: Purpose, first: number, count: number): Promise<Float32Array> {
    return Promise.resolve(this.drawZ(purpose, first, count));
  }

  fromZ(z: Float32Array): Promise<Float32Array> {
    return Promise.resolve(z);
  }

  /** A move in z is as long as asked: truncation acts behind the mapping. */
  override strength(): Float32Array {
    return new Float32Array(this.L).fill(1);
  }

  async feed(z: Float32Array, n: number, moves: readonly Move[]): Promise<Float32Array> {
    const feed = this.truncated(await this.map(z.slice(0, n * this.width), n), n);
    // Layers under the same moves of the same lengths share one moved z, so that it is mapped once.
    const layersOf = new Map<string, number[]>();
    for (let l = 0; l < this.L; l++) {
      const acting = moves.flatMap((move, m) => (move.layers.includes(l) ? [`${m}:${move.lengths[l]}`] : []));
      if (acting.length > 0) layersOf.set(acting.join(), [...(layersOf.get(acting.join()) ?? []), l]);
    }
    for (const layers of layersOf.values()) {
      const moved = z.slice(0, n * this.width);
      for (const move of moves.filter((m) => m.layers.includes(layers[0]))) {
        addMove(moved, n, 1, this.width, move.direction, [0], move.lengths.slice(layers[0], layers[0] + 1));
      }
      const { D, normalize } = this.source;
      // The norm stands before the mapping (the reference's is its first layer), so it acts on what was moved.
      if (normalize === 'pixel') pixelNormalise(moved, this.width);
      const codes = this.truncated(await this.map(moved, n), n);
      for (let i = 0; i < n; i++) {
        for (const l of layers) {
          const at = (i * this.L + l) * D;
          feed.set(codes.subarray(at, at + D), at);
        }
      }
    }
    return feed;
  }
}

class WSpace extends CodeSpace {
  get width(): number {
    return this.source.D;
  }
  get slices(): Slice[] {
    return [{ start: 0, width: this.width }];
  }
  get feedDims(): number[] {
    return [this.L, this.source.D];
  }

  draw(purpose: Purpose, first: number, count: number): Promise<Float32Array> {
    return this.map(this.drawZ(purpose, first, count), count);
  }

  fromZ(z: Float32Array, n: number): Promise<Float32Array> {
    return this.map(z, n);
  }

  feed(w: Float32Array, n: number, moves: readonly Move[]): Promise<Float32Array> {
    const feed = this.truncated(w, n);
    for (const move of moves) {
      addMove(feed, n, this.L, this.source.D, move.direction, [...move.layers], move.lengths);
    }
    return Promise.resolve(feed);
  }
}

class YSpace extends CodeSpace {
  readonly slices: Slice[];
  readonly width: number;
  /** y(l) of the mean code, [ΣC]: truncation acts about it, since y is affine in w. */
  private mean: Promise<Float32Array> | null = null;

  constructor(source: CodeSource) {
    super(source);
    let start = 0;
    this.slices = (source.styles?.widths ?? []).map((width) => ({ start: (start += width) - width, width }));
    this.width = start;
  }

  get feedDims(): number[] {
    return [this.width];
  }

  async draw(purpose: Purpose, first: number, count: number): Promise<Float32Array> {
    return this.fromZ(this.drawZ(purpose, first, count), count);
  }

  async fromZ(z: Float32Array, n: number): Promise<Float32Array> {
    return this.styles(await this.map(z, n), n);
  }

  async feed(y: Float32Array, n: number, moves: readonly Move[]): Promise<Float32Array> {
    const feed = y.slice(0, n * this.width);
    const { truncation } = this.source;
    if (truncation) {
      const mean = await (this.mean ??= this.styles(truncation.mean, 1));
      const psi = layerStrength(truncation, this.L);
      this.slices.forEach(({ start, width }, l) => {
        if (psi[l] === 1) return;
        for (let i = 0; i < n; i++) {
          for (let j = start; j < start + width; j++) {
            feed[i * this.width + j] = mean[j] + psi[l] * (y[i * this.width + j] - mean[j]);
          }
        }
      });
    }
    for (const move of moves) {
      for (const l of move.layers) {
        const { start, width } = this.slices[l];
        for (let i = 0; i < n; i++) {
          for (let j = start; j < start + width; j++) {
            feed[i * this.width + j] += move.lengths[l] * move.direction[j];
          }
        }
      }
    }
    return feed;
  }

  /** w [n, D] → styles [n, ΣC], the same w on every layer. */
  private async styles(w: Float32Array, n: number): Promise<Float32Array> {
    const { styles, D } = this.source;
    const out = new Float32Array(n * this.width);
    if (!styles) throw new Error('Space y needs the styles graph.');
    for (let first = 0; first < n; first += stylesRows) {
      const rows = Math.min(stylesRows, n - first);
      const codes = layerCodes(w.subarray(first * D, (first + rows) * D), rows, D, this.L, null);
      const result = await styles.session.run({ codes: { data: codes, dims: [rows, this.L, D] } });
      out.set(result.styles.data, first * this.width);
    }
    return out;
  }
}
