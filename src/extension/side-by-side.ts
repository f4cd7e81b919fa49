/** Before and after in one small image. */

/**
 * Two images [R, R, 3] as one [r, 2 r + gap, 3]; the gap is mid-grey. Larger ones are shrunk by whole pixels, each the mean
 * of those that it stands for, so that r ≤ `largest`.
 */
export function sideBySide(
  left: Uint8Array,
  right: Uint8Array,
  size: number,
  largest: number,
): { width: number; height: number; channels: 3; data: Uint8Array } {
  const factor = Math.ceil(size / largest);
  const height = Math.floor(size / factor);
  const gap = 2;
  const width = 2 * height + gap;
  const data = new Uint8Array(width * height * 3).fill(128);
  for (const [image, offset] of [[left, 0] as const, [right, height + gap] as const]) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < height; column++) {
        for (let channel = 0; channel < 3; channel++)
          data[(row * width + offset + column) * 3 + channel] = meanOf(
            image,
            size,
            factor,
            row,
            column,
            channel,
          );
      }
    }
  }
  return { width, height, channels: 3, data };
}

function meanOf(
  image: Uint8Array,
  size: number,
  factor: number,
  row: number,
  column: number,
  channel: number,
): number {
  let sum = 0;
  for (let y = row * factor; y < (row + 1) * factor; y++)
    for (let x = column * factor; x < (column + 1) * factor; x++) sum += image[(y * size + x) * 3 + channel];
  return Math.round(sum / (factor * factor));
}
