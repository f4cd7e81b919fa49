/** The pixels behind one band of a transition: samples in which most of them went from one label to the other. */
import { failed } from '../failure';
import type { Model } from '../manifest';
import { openStoreForReading, SeriesReader, type StoreReader } from '../store/read';
import { Laboratory } from './laboratory';
import { toBytes } from './preview';
import { apparatusSettings, modelsOf, prepareStudy } from './run';
import { chunkRows } from './score-book';
import { hopMoves, readTransition, transitionOf, type TransitionRequest } from './transition';

export interface TransitionExample {
  sample: number;
  resolution: number;
  /** [R, R, 3] bytes, before the hop and after it. */
  before: Uint8Array;
  after: Uint8Array;
  /** [R, R], 255 where the pixel went from the one label to the other. */
  mask: Uint8Array;
}

export interface ExamplesRequest extends TransitionRequest {
  /** Which step of the walk, from 0. */
  hop: number;
  from: string;
  to: string;
  /** How many samples, those with most such pixels. */
  count: number;
}

/** @throws Failure where the transition was not computed yet, or has no such hop or labels */
export async function transitionExamples(
  request: ExamplesRequest,
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): Promise<TransitionExample[]> {
  const prepared = await prepareStudy(request);
  const found = await readTransition(request);
  if (!found) throw failed('This transition was not computed yet.');
  const [from, to] = [found.labels.indexOf(request.from), found.labels.indexOf(request.to)];
  if (from < 0 || to < 0 || !found.hops[request.hop]) {
    throw failed(
      `The transition has no pixels from ${request.from} to ${request.to} in step ${request.hop + 1}.`,
    );
  }
  const store = await openStoreForReading(prepared.store);
  const most: { sample: number; pixels: number; mask: Uint8Array; width: number }[] = [];
  for (let chunk = 0; chunk * chunkRows < found.samples.length; chunk++) {
    const before = await labelMaps(store, found.series[request.hop], chunk);
    const after = await labelMaps(store, found.series[request.hop + 1], chunk);
    const [, height, width] = before.dims;
    found.samples.slice(chunk * chunkRows, (chunk + 1) * chunkRows).forEach((sample, i) => {
      const at = i * height * width;
      const mask = new Uint8Array(height * width);
      let pixels = 0;
      for (let p = 0; p < mask.length; p++) {
        if (before.data[at + p] !== from || after.data[at + p] !== to) continue;
        mask[p] = 255;
        pixels++;
      }
      if (pixels > 0) most.push({ sample, pixels, mask, width });
    });
  }
  most.sort((a, b) => b.pixels - a.pixels || a.sample - b.sample);
  if (most.length === 0) return [];

  const models = modelsOf(prepared.experiment);
  const lab = laboratory ? await laboratory(models) : await Laboratory.open(request, models, request.signal);
  try {
    const moves = await hopMoves(
      prepared,
      transitionOf(prepared, request.index),
      // Directions belong to the study's own apparatus: one without images, which has another hash.
      await lab.apparatus(apparatusSettings(prepared.experiment)),
    );
    const apparatus = await lab.apparatus(apparatusSettings(prepared.experiment, true));
    const { space, resolution } = apparatus;
    const image = async (sample: number, hops: number): Promise<Uint8Array> => {
      const codes = await space.drawAt('transition', [sample]);
      const { images } = await apparatus.look(await space.feed(codes, 1, moves.slice(0, hops)), 1);
      if (!images) throw new Error('Pictures need an apparatus with images.');
      return toBytes(images, resolution);
    };
    const examples: TransitionExample[] = [];
    for (const { sample, mask, width } of most.slice(0, request.count)) {
      examples.push({
        ...{ sample, resolution },
        before: await image(sample, request.hop),
        after: await image(sample, request.hop + 1),
        mask: enlarged(mask, width, resolution),
      });
    }
    return examples;
  } finally {
    if (!laboratory) await lab.close();
  }
}

async function labelMaps(
  store: StoreReader,
  series: string,
  chunk: number,
): Promise<{ data: Uint8Array; dims: number[] }> {
  const found = await new SeriesReader(store.layout, series, 'uint8').read(chunk);
  if (!found) {
    throw failed(
      `The store lacks label maps of this transition (series ${series.slice(0, 8)}, chunk ${chunk}): delete its record and compute it again.`,
    );
  }
  return found;
}

/** A square map at another size: each pixel that of the nearest centre. */
function enlarged(mask: Uint8Array, side: number, to: number): Uint8Array {
  if (side === to) return mask;
  const nearest = (x: number): number => Math.min(side - 1, Math.floor(((x + 0.5) * side) / to));
  return Uint8Array.from(
    { length: to * to },
    (_, p) => mask[nearest(Math.floor(p / to)) * side + nearest(p % to)],
  );
}
