/**
 * Screenshots compared loosely: as small thumbnails in colour, of which small differences (another font, another version of
 * the browser) are forgiven, but not a part that is missing, another colour of the ground, or another layout.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { decode, encode } from 'fast-png';
import { projectRoot } from '../editor/project';

/** Rows of RGB. */
export interface Thumbnail {
  width: number;
  height: number;
  data: Uint8Array;
}

const references = path.join(projectRoot, 'test', 'browser', 'references');
const width = 96;
/** Side of the tiles of a thumbnail that are looked at one by one, in its pixels. */
const tile = 8;

/** How far two thumbnails are apart, in levels of 0 … 255: by tiles, each with its mean difference in the worst channel. */
export interface Distance {
  mean: number;
  worst: number;
}

/**
 * Measured with the panels: another proportional font of the same size is up to 1.3 and 17 away, a missing table 4.7 or
 * more, missing details beside a table 2.7, another ground 18 or more.
 */
const limits: Distance = { mean: 2, worst: 30 };
export const isAlike = ({ mean, worst }: Distance): boolean => mean <= limits.mean && worst <= limits.worst;

/** Averages a PNG down to `width` pixels. */
export function thumbnail(png: Uint8Array): Thumbnail {
  const image = decode(png);
  const height = Math.round((image.height * width) / image.width);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const columns = part(x, width, image.width);
      const rows = part(y, height, image.height);
      const sums = [0, 0, 0];
      for (let row = rows[0]; row < rows[1]; row++) {
        for (let column = columns[0]; column < columns[1]; column++) {
          for (let c = 0; c < 3; c++) {
            sums[c] += image.data[(row * image.width + column) * image.channels + c];
          }
        }
      }
      const count = (columns[1] - columns[0]) * (rows[1] - rows[0]);
      sums.forEach((sum, c) => (data[(y * width + x) * 3 + c] = Math.round(sum / count)));
    }
  }
  return { width, height, data };
}

/** First and end of the i-th of `parts` equal parts of `whole`. */
const part = (i: number, parts: number, whole: number): [number, number] => [
  Math.floor((i * whole) / parts),
  Math.floor(((i + 1) * whole) / parts),
];

/** @throws Error where the two are not of one size */
export function distance(a: Thumbnail, b: Thumbnail): Distance {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`${a.width} × ${a.height} cannot be compared with ${b.width} × ${b.height}.`);
  }
  const tiles: number[] = [];
  for (let y = 0; y < a.height; y += tile) {
    for (let x = 0; x < a.width; x += tile) {
      const sums = [0, 0, 0];
      let count = 0;
      for (let row = y; row < Math.min(y + tile, a.height); row++) {
        for (let column = x; column < Math.min(x + tile, a.width); column++, count++) {
          for (let c = 0; c < 3; c++) {
            const i = (row * a.width + column) * 3 + c;
            sums[c] += a.data[i] - b.data[i];
          }
        }
      }
      // Within a tile, what is only elsewhere cancels: letters of another font have their ink at other places.
      tiles.push(Math.max(...sums.map((sum) => Math.abs(sum) / count)));
    }
  }
  return { mean: tiles.reduce((sum, each) => sum + each, 0) / tiles.length, worst: Math.max(...tiles) };
}

const fileOf = (name: string): string => path.join(references, `${name}.png`);

/**
 * Compares a screenshot with the committed reference of its name; with HIGAN_UPDATE=1 it becomes the reference.
 * @param png the whole screenshot
 * @throws AssertionError where they are not alike, or where there is no reference
 */
export function assertLooksAsBefore(name: string, png: Uint8Array): void {
  const now = thumbnail(png);
  if (process.env.HIGAN_UPDATE === '1') return keep(name, now);
  assert.ok(existsSync(fileOf(name)), `${name} has no reference: run with HIGAN_UPDATE=1, and look at it.`);
  const { width: wide, height, data } = decode(readFileSync(fileOf(name)));
  const apart = distance(now, { width: wide, height, data: Uint8Array.from(data) });
  assert.ok(
    isAlike(apart),
    `${name} does not look as it did: ${apart.mean.toFixed(1)} on average (at most ${limits.mean}), ` +
      `${apart.worst.toFixed(0)} in a place (at most ${limits.worst}). Compare out/screenshots/${name}.png with ` +
      `test/browser/references/${name}.png; where it is meant, run with HIGAN_UPDATE=1.`,
  );
}

function keep(name: string, { width: wide, height, data }: Thumbnail): void {
  mkdirSync(references, { recursive: true });
  writeFileSync(fileOf(name), encode({ width: wide, height, data, channels: 3 }));
}
