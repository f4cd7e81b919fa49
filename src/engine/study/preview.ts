/** Manipulation previews (section 4.3): independent, joint and jittered edits of single samples, as images with scores. */
import type { Preview } from '../../protocol/experiment';
import { interrupted } from '../failure';
import { Stream } from '../latent';
import type { Apparatus } from './apparatus';
import type { PreviewCell } from './api';
import type { ConceptReader } from './concepts';
import type { CodeSpace, Move } from './code-space';
import { moveAlong, type Direction, type StepSize } from './directions';

/** One edit of a preview, its names resolved. */
export interface PreparedEdit {
  direction: Direction;
  layers: readonly number[];
  step: number;
}

export interface PreviewInput {
  samples: readonly number[];
  edits: readonly PreparedEdit[];
  /** What a step of 1 means; from `rescore.unit`. */
  unit: StepSize['unit'];
  jitter: Preview['jitter'];
  /** Multiples of every edit's step, 0 being the unedited sample. */
  steps: readonly number[];
  /** The sample that somebody looks at: it comes first. */
  focus?: number;
}

/** Which cell of a preview. */
interface Place {
  sample: number;
  step: number;
  variant: number;
}

/**
 * The codes of a preview's cells one by one as one row of input, most wanted first: the focused sample before the
 * others, and of each sample the full step, then the original, then what lies between, then the jittered variants.
 * @throws Failure 'interrupted' when the signal aborts
 */
export async function* cellFeeds(
  space: CodeSpace,
  input: PreviewInput,
  signal?: AbortSignal,
): AsyncGenerator<{ place: Place; feed: Float32Array }> {
  const codes = new Map<number, Float32Array>();
  for (const place of placesInOrder(input)) {
    if (signal?.aborted) throw interrupted();
    const code = codes.get(place.sample) ?? (await space.drawAt('probe', [place.sample]));
    codes.set(place.sample, code);
    yield { place, feed: await space.feed(code, 1, movesAt(space, input, place)) };
  }
}

/**
 * Renders the cells of a preview, in the order of `cellFeeds`.
 * @param apparatus one that gives images
 */
export async function* renderCells(
  apparatus: Apparatus,
  readers: readonly ConceptReader[],
  input: PreviewInput,
  signal?: AbortSignal,
): AsyncGenerator<PreviewCell> {
  for await (const { place, feed } of cellFeeds(apparatus.space, input, signal)) {
    const { scores, images } = await apparatus.look(feed, 1);
    if (!images) throw new Error('Previews need an apparatus with images.');
    yield {
      ...place,
      resolution: apparatus.resolution,
      image: toBytes(images, apparatus.resolution),
      scores: readers.map((reader) => {
        const score = reader.score(scores, 0);
        return Number.isNaN(score) ? null : score;
      }),
    };
  }
}

function placesInOrder({ samples, steps, jitter, edits, focus }: PreviewInput): Place[] {
  const full = Math.max(...steps.map(Math.abs));
  const wanted = (step: number): number => (Math.abs(step) === full ? 0 : step === 0 ? 1 : 2);
  const ordered = [...new Set(steps)].sort((a, b) => wanted(a) - wanted(b) || b - a);
  const variants = jitter && edits.length > 0 ? jitter.variants : 0;
  const order = [...samples].sort((a, b) => Number(b === focus) - Number(a === focus));
  return order.flatMap((sample) => [
    ...ordered.map((step) => ({ sample, step, variant: 0 })),
    ...Array.from({ length: variants }, (_, v) => ({ sample, step: ordered[0], variant: v + 1 })),
  ]);
}

/** The moves of one cell; a jittered variant adds noise to each direction, on the same layers. */
function movesAt(space: CodeSpace, input: PreviewInput, place: Place): Move[] {
  if (place.step === 0) return [];
  return input.edits.flatMap((edit, index) => {
    const move = moveAlong(space, edit.direction, edit.layers, {
      step: edit.step * place.step,
      unit: input.unit,
    });
    if (place.variant === 0 || !input.jitter) return [move];
    return [move, jitterOf(space, move, input.jitter, place, index)];
  });
}

/** ε of G(z + λn + ε): Gaussian, with an expected length of `strength` times the move's. */
function jitterOf(
  { width, slices }: CodeSpace,
  move: Move,
  jitter: NonNullable<Preview['jitter']>,
  place: Place,
  edit: number,
): Move {
  // One stream for every variant and edit; samples share it, so that a variant means the same change everywhere.
  const stream = new Stream(jitter.seed, 'jitter', place.variant * 64 + edit);
  const direction = Float32Array.from({ length: width }, () => stream.normal());
  for (const slice of slices) {
    for (let j = slice.start; j < slice.start + slice.width; j++) direction[j] /= Math.sqrt(slice.width);
  }
  return {
    layers: move.layers,
    direction,
    lengths: move.lengths.map((length) => Math.abs(length) * jitter.strength),
  };
}

/** [3, R, R] in [−1, 1] → [R, R, 3] bytes, as the reference writes them: clip((x + 1) · 127.5 + 0.5). */
export function toBytes(image: Float32Array, resolution: number): Uint8Array {
  const plane = resolution * resolution;
  const bytes = new Uint8Array(3 * plane);
  for (let c = 0; c < 3; c++) {
    for (let p = 0; p < plane; p++) {
      bytes[3 * p + c] = Math.min(255, Math.max(0, Math.floor(127.5 * image[c * plane + p] + 128)));
    }
  }
  return bytes;
}
