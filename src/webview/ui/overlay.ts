/** A segmentation laid over its image. */
import type { LabelMap } from '../../protocol/panels';
import { classColour } from './class-colours';
import { labelsAt } from './label-map';

/** Share of a class's colour within its region, and on the region's edge. */
const inside = 0.5;
const edge = 0.95;
/** Pixels a side up to which small images are enlarged. */
const fine = 256;

/**
 * The image with its classes in their colours, each region edged by a stronger line, so that neighbours of like colours
 * stay apart. Small images are enlarged by whole pixels, so that the lines are finer than what they edge.
 * @param only the one class that is coloured; null: all of them
 */
export function overlaid(image: ImageData, map: LabelMap, only: number | null): ImageData {
  const times = Math.max(1, Math.floor(fine / Math.max(image.width, image.height)));
  const [width, height] = [image.width * times, image.height * times];
  const out = new ImageData(width, height);
  const labels = labelsAt(map, width, height);
  for (let y = 0, p = 0; y < height; y++) {
    const row = Math.floor(y / times) * image.width;
    for (let x = 0; x < width; x++, p++) {
      const from = 4 * (row + Math.floor(x / times));
      const label = labels[p];
      const shown = only === null || label === only;
      const strength = !shown ? 0 : isEdge(labels, x, y, width, height) ? edge : inside;
      const colour = classColour(label);
      for (let c = 0; c < 3; c++) {
        out.data[4 * p + c] = Math.round((1 - strength) * image.data[from + c] + strength * colour[c]);
      }
      out.data[4 * p + 3] = 255;
    }
  }
  return out;
}

/** Whether a pixel has another label than one beside, above or below it. */
function isEdge(labels: Uint8Array, x: number, y: number, width: number, height: number): boolean {
  const p = y * width + x;
  return (
    (x > 0 && labels[p - 1] !== labels[p]) ||
    (y > 0 && labels[p - width] !== labels[p]) ||
    (x < width - 1 && labels[p + 1] !== labels[p]) ||
    (y < height - 1 && labels[p + width] !== labels[p])
  );
}
