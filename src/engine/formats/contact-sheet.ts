/** Many images of one size on one sheet. */
import type { RgbImage } from './images';

export interface SheetOptions {
  columns: number;
  /** Pixels between images, and around them. */
  gap?: number;
  /** Each pixel becomes a square of this many. */
  scale?: number;
  /** Colour of the gap. */
  background?: [number, number, number];
}

/**
 * A grid, filled row by row; a null leaves its place empty.
 * @throws Error when the images differ in size
 */
export function contactSheet(images: readonly (RgbImage | null)[], options: SheetOptions): RgbImage {
  const { columns, gap = 2, scale = 1, background = [255, 255, 255] } = options;
  const first = images.find((image) => image !== null);
  if (!first || columns < 1 || !Number.isInteger(scale) || scale < 1)
    throw new Error('A sheet needs an image, columns, and a whole scale.');
  const cell = { width: first.width * scale, height: first.height * scale };
  const width = gap + columns * (cell.width + gap);
  const height = gap + Math.ceil(images.length / columns) * (cell.height + gap);
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at++) data[at] = background[at % 3];

  for (const [i, image] of images.entries()) {
    if (!image) continue;
    if (image.width !== first.width || image.height !== first.height)
      throw new Error('The images of a sheet need one size.');
    const left = gap + (i % columns) * (cell.width + gap);
    const top = gap + Math.floor(i / columns) * (cell.height + gap);
    for (let y = 0; y < cell.height; y++) {
      for (let x = 0; x < cell.width; x++) {
        const from = 3 * (Math.floor(y / scale) * image.width + Math.floor(x / scale));
        data.set(image.data.subarray(from, from + 3), 3 * ((top + y) * width + left + x));
      }
    }
  }
  return { width, height, data };
}
