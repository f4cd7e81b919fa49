/** `.npy` files that may hold Python objects, read without running anything. */
import { readFile } from 'node:fs/promises';
import { badInput } from '../failure';
import type { NumericArray } from './array';
import { cannotRead } from './file-failure';
import { decodeNpy } from './npy';
import { decodeHeader } from './npy-header';
import { readPickle } from './pickle';
import { PickledArray } from './pickle-globals';

/** A file of numbers, or the object that a 0-d object array holds. */
export type NpyContent = { kind: 'array'; array: NumericArray } | { kind: 'object'; value: unknown };

/** @throws Failure for anything that is not a whole `.npy` file of numbers or plain objects */
export function decodeObjectNpy(bytes: Uint8Array, name: string): NpyContent {
  const header = decodeHeader(bytes, name);
  if (header.dtype !== 'object') return { kind: 'array', array: decodeNpy(bytes, name) };
  const value = readPickle(bytes.subarray(header.offset), name);
  if (!(value instanceof PickledArray) || value.dtype !== 'object') {
    throw badInput(
      `${name} says that it holds objects, but it holds something else. Make it again with numpy.save.`,
    );
  }
  if (value.data.length !== 1) {
    throw badInput(`${name} holds ${value.data.length} Python objects; one dictionary is expected.`);
  }
  return { kind: 'object', value: value.data[0] };
}

export async function readObjectNpy(file: string): Promise<NpyContent> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw cannotRead(file, error);
  });
  return decodeObjectNpy(bytes, file);
}

/** The entry of a dictionary that a pickle held, or undefined. */
export function entry(value: unknown, key: string): unknown {
  return value instanceof Map ? value.get(key) : undefined;
}

/** An array of numbers that a pickle held, or null. */
export function numbers(value: unknown): NumericArray | null {
  if (!(value instanceof PickledArray) || value.dtype === 'object' || value.dtype === 'string') return null;
  return { dtype: value.dtype, data: value.data, dims: value.dims } as NumericArray;
}
