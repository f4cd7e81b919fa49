/** Directions in a code space: those of boundaries, the random ones of the null, and the moves made of them. */
import { Stream } from '../latent';
import type { CodeSpace, Move, Slice } from './code-space';

/** A unit vector for every slice of the space, and how widely the codes spread along it. */
export interface Direction {
  /** [width]; in y the layers' unit normals one after the other. */
  vector: Float32Array;
  /** Standard deviation of the untruncated codes along each slice's vector. */
  sigma: readonly number[];
}

export interface StepSize {
  /** λ: standard deviations (`sigma`) or code units (`raw`). */
  step: number;
  unit: 'sigma' | 'raw';
}

/** The move of `size` along a direction on some layers; each layer's share is scaled as truncation demands. */
export function moveAlong(
  space: CodeSpace,
  direction: Direction,
  layers: readonly number[],
  size: StepSize,
): Move {
  const strength = space.strength();
  const lengths = new Float32Array(space.L);
  for (const l of layers) {
    const sigma = size.unit === 'raw' ? 1 : direction.sigma[Math.min(l, direction.sigma.length - 1)];
    lengths[l] = size.step * sigma * strength[l];
  }
  return { layers: [...layers], direction: direction.vector, lengths };
}

/** Random unit vector `r` of the null hypothesis: uniform on the sphere, one for each slice. */
export function nullVector(seed: number, r: number, slices: readonly Slice[]): Float32Array {
  const stream = new Stream(seed, 'null', r);
  const width = slices.reduce((sum, slice) => sum + slice.width, 0);
  const vector = Float32Array.from({ length: width }, () => stream.normal());
  for (const { start, width } of slices) normalise(vector.subarray(start, start + width));
  return vector;
}

/** Scales to length 1 in place. */
export function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] /= length;
  return vector;
}
