/** Images of a generator, from indices or from codes of one's own: `higan sample`. */
import { badInput, interrupted } from '../failure';
import { drawCodes, layerCodes, pixelNormalise, type Truncation } from '../latent';
import { findModel, verifyModel, type Model } from '../manifest';
import { selfTest } from './laboratory';
import { Mapping } from './mapping';
import { generatorOf, synthesisInput } from './model-inputs';
import { openProven } from './proven-sessions';
import { truncationOf } from './sample';
import type { SampledImage, SampleRequest } from './api';

const rowsPerRun = 8;

/**
 * Synthesises images one after the other.
 * @throws Failure where the model is not found, the codes do not fit it, or no device makes its self-test image
 */
export async function* sampleImages(request: SampleRequest): AsyncGenerator<SampledImage> {
  const model = await findModel(request.model, {
    folder: request.from,
    modelPaths: request.modelPaths ?? [],
  });
  await verifyModel(model, request.signal);
  const generator = await synthesisInput(model);
  const { manifest } = generator;
  const codes = new CodeRows(request, model);
  const L = manifest.layers.length;
  const D = manifest.w?.dim ?? manifest.z.dim;
  const { sessions, opened } = await openProven(request, async (candidate) => {
    await selfTest(model, candidate);
    return {
      synthesis: await candidate.open(generator.synthesis, generator.name),
      mapping: await Mapping.open(model, candidate, request.class ?? null),
    };
  });
  try {
    const { synthesis, mapping } = opened;
    const truncation = await truncationOf(model, request.psi);
    for (let first = 0; first < codes.count; first += rowsPerRun) {
      if (request.signal?.aborted) throw interrupted();
      const rows = Math.min(rowsPerRun, codes.count - first);
      const feed = await toFeed(codes.rows(first, rows), rows, codes, mapping, truncation);
      const out = await synthesis.run({
        [manifest.synthesis.input]: { data: feed, dims: [rows, L, D] },
      });
      const image = out[manifest.synthesis.output].data;
      const size = 3 * manifest.resolution ** 2;
      for (let i = 0; i < rows; i++) {
        yield {
          index: codes.indexOf(first + i),
          resolution: manifest.resolution,
          image: image.slice(i * size, (i + 1) * size),
        };
      }
    }
  } finally {
    await sessions.close();
  }
}

/** @throws Failure for a class that the generator does not have */
function checkClass(chosen: number | undefined, model: Model): void {
  const { classes } = generatorOf(model);
  if (chosen === undefined || (classes !== undefined && chosen < classes)) return;
  throw badInput(
    classes === undefined
      ? `The model '${model.name}' has no classes; leave --class away.`
      : `The model '${model.name}' has classes 0 to ${classes - 1}; ${chosen} is none of them.`,
  );
}

/** The codes that a request asks for, checked against the model. */
class CodeRows {
  readonly count: number;
  readonly space: 'z' | 'w' | 'wp';
  /** Codes a row: 1, or L where every layer has its own. */
  readonly perRow: number;
  readonly dim: number;

  constructor(
    private readonly request: SampleRequest,
    readonly model: Model,
  ) {
    const manifest = generatorOf(model);
    const { codes } = request;
    checkClass(request.class, model);
    const L = manifest.layers.length;
    this.space = codes?.space ?? 'z';
    if (this.space !== 'z' && !manifest.w && manifest.mapping) {
      throw badInput(`The model '${model.name}' has no space ${this.space}.`);
    }
    this.dim = this.space === 'z' ? manifest.z.dim : (manifest.w?.dim ?? manifest.z.dim);
    if (!codes) {
      this.perRow = 1;
      this.count = (request.indices ?? [0]).length;
      return;
    }
    const { dims } = codes;
    const layered = dims.length === 3;
    const wanted = `[N, ${this.dim}] or [N, ${L}, ${this.dim}]`;
    if (dims[dims.length - 1] !== this.dim || (layered ? dims[1] !== L : dims.length !== 2)) {
      throw badInput(
        `The codes have shape [${dims.join(', ')}]; '${model.name}' takes ${wanted} in space ${this.space}.`,
      );
    }
    if (this.space === 'wp' && !layered) {
      throw badInput(
        `Codes in space wp have one code a layer, [N, ${L}, ${this.dim}]; use space w for [N, D].`,
      );
    }
    if (dims[0] === 0) throw badInput(`The codes have shape [${dims.join(', ')}]: there is none in them.`);
    if (!codes.data.every(Number.isFinite)) throw badInput('The codes contain NaN or infinite numbers.');
    this.perRow = layered ? L : 1;
    this.count = dims[0];
  }

  indexOf(row: number): number {
    return this.request.codes ? row : (this.request.indices ?? [0])[row];
  }

  /** Codes [rows · perRow, dim]. */
  rows(first: number, rows: number): Float32Array {
    const { codes, seed } = this.request;
    const { z } = generatorOf(this.model);
    const size = this.perRow * this.dim;
    const data = codes
      ? codes.data.slice(first * size, (first + rows) * size)
      : new Float32Array(rows * size);
    if (!codes) {
      for (let i = 0; i < rows; i++) {
        data.set(
          drawCodes({ seed: seed ?? 0, purpose: 'probe', dim: this.dim }, this.indexOf(first + i), 1),
          i * size,
        );
      }
    }
    return this.space === 'z' && z.normalize === 'pixel' ? pixelNormalise(data, this.dim) : data;
  }
}

/** Codes → input rows [rows, L, D] of the synthesis. */
async function toFeed(
  codes: Float32Array,
  rows: number,
  source: CodeRows,
  mapping: Mapping | null,
  truncation: Truncation | null,
): Promise<Float32Array> {
  const manifest = generatorOf(source.model);
  const L = manifest.layers.length;
  const D = manifest.w?.dim ?? manifest.z.dim;
  if (source.space === 'wp') return codes;
  let w = codes;
  if (source.space === 'z' && mapping) w = await mapping.run(codes, rows * source.perRow);
  if (source.perRow === 1) return layerCodes(w, rows, D, L, truncation);
  // Every layer has a code of its own: truncate each as the one layer it is.
  const feed = new Float32Array(rows * L * D);
  for (let i = 0; i < rows; i++) {
    for (let l = 0; l < L; l++) {
      const at = (i * L + l) * D;
      const own = truncation && l < truncation.cutoff ? { ...truncation, cutoff: 1 } : null;
      feed.set(layerCodes(w.subarray(at, at + D), 1, D, 1, own), at);
    }
  }
  return feed;
}
