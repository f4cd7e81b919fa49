import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the project's fixtures lie, from wherever the tests were bundled to. */
const folder = path.join(process.cwd(), 'test/fixtures/data');

export const fixture = <T>(name: string): T => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as T;

export interface FormatFixtures {
  arrays: Record<string, string>;
  refused: Record<string, string>;
  pickles: Record<string, string>;
  harmful: Record<string, string>;
  images: Record<string, { png: string; rgb: number[] }>;
}
export const formats = (): FormatFixtures => fixture('formats.json');

export const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** A small generator of pseudo-random integers, so that a failure can be repeated. */
export function randomInteger(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
