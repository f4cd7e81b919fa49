/**
 * The grid as one PNG: a row a sample, a column a step, at the images' own size (small ones doubled). Segmentations lie on
 * the images as in the panel, with the names of their classes below.
 */
import type { LabelMap, PanelImage } from '../../protocol/panels';
import { classColour } from '../ui/class-colours';
import { toImageData } from '../ui/image';
import { classShares } from '../ui/label-map';
import { overlaid } from '../ui/overlay';
import type { CellPlace } from './rendering';
import type { GridColumn } from './steps';

const gap = 4;
const margin = 24;
/** Height of a line of the key, and its width at least. */
const line = 18;
const entry = 110;

export interface SheetContents {
  /** What is drawn at a place, null where nothing is yet. */
  image(place: CellPlace): PanelImage | null;
  /** What is laid over it. */
  segmentation(place: CellPlace): LabelMap | null;
  /** The one class of it that is shown; null: all. */
  only: number | null;
  labels: readonly string[];
}

export async function contactSheet(
  samples: readonly number[],
  columns: readonly GridColumn[],
  contents: SheetContents,
): Promise<ArrayBuffer> {
  const places = samples.flatMap((sample, row) =>
    columns.map(({ step, variant }, column) => {
      const place = { sample, step, variant };
      return { row, column, image: contents.image(place), map: contents.segmentation(place) };
    }),
  );
  const size = Math.max(64, ...places.map((place) => place.image?.width ?? 0));
  const cell = size < 128 ? 2 * size : size;
  const width = margin + columns.length * (cell + gap);
  const height = margin + samples.length * (cell + gap);
  const shown = classesIn(places.flatMap(({ map }) => map ?? [])).filter(
    (label) => contents.only === null || label === contents.only,
  );
  const perLine = Math.max(1, Math.floor(width / entry));
  const canvas = new OffscreenCanvas(width, height + line * Math.ceil(shown.length / perLine));
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  context.font = '12px sans-serif';
  context.textAlign = 'center';
  columns.forEach(({ title }, column) =>
    context.fillText(title, margin + column * (cell + gap) + cell / 2, 16, cell),
  );
  samples.forEach((sample, row) =>
    context.fillText(String(sample), margin / 2, margin + row * (cell + gap) + cell / 2, margin - 2),
  );
  context.textAlign = 'start';
  shown.forEach((label, index) => {
    const x = (index % perLine) * (width / perLine) + gap;
    const y = height + line * Math.floor(index / perLine);
    context.fillStyle = `rgb(${classColour(label).join(' ')})`;
    context.fillRect(x, y + 2, 12, 12);
    context.fillStyle = '#000';
    context.fillText(contents.labels[label] ?? String(label), x + 17, y + 12, width / perLine - 24);
  });
  context.imageSmoothingEnabled = false;
  for (const { row, column, image, map } of places) {
    if (!image) continue;
    const pixels = await toImageData(image);
    const bitmap = await createImageBitmap(map ? overlaid(pixels, map, contents.only) : pixels);
    context.drawImage(bitmap, margin + column * (cell + gap), margin + row * (cell + gap), cell, cell);
  }
  return await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer();
}

/** Numbers of the classes that any of the maps has, in order. */
const classesIn = (maps: readonly LabelMap[]): number[] =>
  [...new Set(maps.flatMap((map) => classShares(map, null).map(({ label }) => label)))].sort((a, b) => a - b);
