/** The grid as one PNG: a row a sample, a column a step, at the images' own size (small ones doubled). */
import type { PanelImage } from '../../protocol/panels';
import { toImageData } from '../ui/image';

const gap = 4;
const margin = 24;

/** @param image what is drawn at a sample and column, null where nothing is yet */
export async function contactSheet(
  samples: readonly number[],
  columns: readonly string[],
  image: (sample: number, column: number) => PanelImage | null,
): Promise<ArrayBuffer> {
  const places = samples.flatMap((sample, row) =>
    columns.map((_, column) => ({ row, column, image: image(sample, column) })),
  );
  const size = Math.max(64, ...places.map((place) => place.image?.width ?? 0));
  const cell = size < 128 ? 2 * size : size;
  const canvas = new OffscreenCanvas(
    margin + columns.length * (cell + gap),
    margin + samples.length * (cell + gap),
  );
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  context.font = '12px sans-serif';
  context.textAlign = 'center';
  columns.forEach((title, column) =>
    context.fillText(title, margin + column * (cell + gap) + cell / 2, 16, cell),
  );
  samples.forEach((sample, row) =>
    context.fillText(String(sample), margin / 2, margin + row * (cell + gap) + cell / 2, margin - 2),
  );
  context.imageSmoothingEnabled = false;
  for (const place of places) {
    if (!place.image) continue;
    const bitmap = await createImageBitmap(await toImageData(place.image));
    context.drawImage(
      bitmap,
      margin + place.column * (cell + gap),
      margin + place.row * (cell + gap),
      cell,
      cell,
    );
  }
  return await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer();
}
