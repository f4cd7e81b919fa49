/**
 * The self-test of a model on a device: one known code is synthesised, and the image's 8×8 thumbnail is compared with the
 * one in the manifest, so that a broken driver is caught and named before it spoils a study.
 */
import type { Device } from '../../protocol/results';
import { failed } from '../failure';

/** Cells along each side of a thumbnail. */
export const thumbnailSize = 8;

/** How far a cell's mean may lie from the manifest's, in units of an image in [−1, 1]: two levels of 255. */
export const thumbnailTolerance = 4 / 255;

/**
 * Means over an 8×8 grid of an image.
 * @param image [3, R, R] in [−1, 1], unclipped; a batch's first image is read
 * @param resolution R, at least 1; cells of an R that 8 does not divide differ by a row or column
 * @returns [3, 8, 8] as 192 numbers, rounded to six decimals as manifests keep them
 */
export function thumbnail(image: Float32Array, resolution: number): number[] {
  const edge = (cell: number): number => Math.floor((cell * resolution) / thumbnailSize);
  const cells: number[] = [];
  for (let channel = 0; channel < 3; channel++) {
    for (let row = 0; row < thumbnailSize; row++) {
      for (let column = 0; column < thumbnailSize; column++) {
        // Below 8 pixels a cell is the pixel that it lies in.
        const y1 = Math.max(edge(row + 1), edge(row) + 1);
        const x1 = Math.max(edge(column + 1), edge(column) + 1);
        let sum = 0;
        for (let y = edge(row); y < y1; y++)
          for (let x = edge(column); x < x1; x++) sum += image[(channel * resolution + y) * resolution + x];
        const mean = sum / ((y1 - edge(row)) * (x1 - edge(column)));
        cells.push(Math.round(mean * 1e6) / 1e6);
      }
    }
  }
  return cells;
}

/**
 * @param expected the manifest's thumbnail, `actual` the one that `device` made
 * @throws Failure naming device, model and the largest difference
 */
export function checkThumbnail(
  actual: readonly number[],
  expected: readonly number[],
  device: Device,
  model: string,
): void {
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i])));
  // Written so that a NaN, which compares as false, fails.
  if (actual.length === expected.length && worst <= thumbnailTolerance) return;
  const remedy =
    device === 'cpu' ? 'Choose another device' : 'Update the driver, choose another device (--device cpu)';
  throw failed(
    `${model}: the self-test failed on ${device}: the image of the known code differs by ${worst.toFixed(3)} (at most ${thumbnailTolerance.toFixed(3)}). ` +
      `${remedy}, or, if the model was changed, write its thumbnail anew.`,
  );
}
