/** A boundary as the reference keeps it: the unit normal of one concept's separating hyperplane. */
import { formatLayerRanges, parseLayerRanges } from '../../protocol/layers';
import { badInput } from '../failure';
import { elementCount, type NumericArray } from './array';
import { encodeNpy } from './npy';
import { decodeObjectNpy, entry, numbers, readObjectNpy, type NpyContent } from './object-npy';
import { encodeObjectNpy, type Picklable } from './pickle-write';

export interface BoundaryFile {
  /** [1, D], or [1, L, D] where every layer has its own; float64 in dictionaries. */
  direction: Float32Array | Float64Array;
  dims: number[];
  /** `meta_data.type`, the reference's word for the concept's kind; null in a plain array. */
  type: string | null;
  /** `meta_data.manipulate_layers` as layer numbers; null where the file does not say. */
  layers: number[] | null;
}

/** Reads a boundary of either form. @throws Failure naming the file and what it lacks */
export async function readBoundaryFile(file: string): Promise<BoundaryFile> {
  return boundaryOf(await readObjectNpy(file), file);
}

/** `readBoundaryFile`, of bytes. */
export const decodeBoundary = (bytes: Uint8Array, name: string): BoundaryFile =>
  boundaryOf(decodeObjectNpy(bytes, name), name);

function boundaryOf(content: NpyContent, name: string): BoundaryFile {
  if (content.kind === 'array') return { ...directionOf(content.array, name), type: null, layers: null };
  const array = numbers(entry(content.value, 'boundary'));
  if (!array)
    throw badInput(`${name} holds no array under the key 'boundary', so it is not a boundary of HiGAN.`);
  const meta = entry(content.value, 'meta_data');
  const type = entry(meta, 'type');
  const layers = entry(meta, 'manipulate_layers');
  return {
    ...directionOf(array, name),
    type: typeof type === 'string' ? type : null,
    layers: layersOf(layers, name),
  };
}

function layersOf(value: unknown, name: string): number[] | null {
  if (value === undefined || value === null || value === '') return null;
  const layers =
    typeof value === 'string' || typeof value === 'number' ? parseLayerRanges(String(value)) : null;
  if (!layers) {
    throw badInput(
      `${name} gives its layers as '${describe(value)}'; inclusive ranges such as 6-11 or 0-4,7 are read.`,
    );
  }
  return layers;
}

const describe = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 50) : typeof value);

function directionOf(array: NumericArray, name: string): Pick<BoundaryFile, 'direction' | 'dims'> {
  const { data, dims } = array;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw badInput(`${name} holds a boundary of ${array.dtype}; float32 or float64 is expected.`);
  }
  const shaped = dims.length === 1 ? [1, ...dims] : dims;
  if (shaped.length < 2 || shaped.length > 3 || shaped[0] !== 1 || elementCount(shaped) === 0) {
    throw badInput(`${name} has the shape [${dims.join(', ')}]; a boundary is [1, D], or [1, L, D].`);
  }
  if (!data.every(Number.isFinite))
    throw badInput(`${name} holds values that are not numbers. Fit the boundary again.`);
  return { direction: data, dims: shaped };
}

/** The plain form: float32 [1, D] (or [1, L, D]). */
export function encodeBoundary(
  direction: Float32Array,
  dims: readonly number[] = [1, direction.length],
): Uint8Array {
  return encodeNpy(direction, dims);
}

/** The dictionary form: {boundary: float64 [1, D], meta_data: {type, manipulate_layers}}. */
export function encodeBoundaryDictionary(boundary: {
  direction: Float32Array | Float64Array;
  dims?: number[];
  type: string;
  layers: readonly number[];
}): Uint8Array {
  const { direction, dims = [1, direction.length], type, layers } = boundary;
  const meta = new Map<string, Picklable>([
    ['type', type],
    ['manipulate_layers', formatLayerRanges(layers)],
  ]);
  return encodeObjectNpy(
    new Map<string, Picklable>([
      ['boundary', { array: Float64Array.from(direction), dims }],
      ['meta_data', meta],
    ]),
  );
}
