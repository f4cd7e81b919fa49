/**
 * Colours of a segmentation's classes: alike in every theme, since they lie on images. A class has the colour of its number,
 * whatever other classes there are. Each next colour is the one farthest from all before it (Glasbey et al., "Colour displays
 * for categorical images", 2007), here by distance in OKLab; greys count as taken, so that no class looks like none.
 */

/** Bytes: red, green, blue. */
export type Rgb = readonly [number, number, number];
type Lab = readonly [lightness: number, a: number, b: number];

/** Bytes of the grid that colours are chosen from. */
const grid = Array.from({ length: 11 }, (_, i) => Math.round(25.5 * i));
/** What is darker or lighter vanishes in an image's own shadows and lights. */
const [darkest, lightest] = [0.42, 0.93];
/** What is greyer looks like no class, and large walls of what is stronger would hide the image. */
const [palest, strongest] = [0.08, 0.15];
const greys: readonly Rgb[] = [0, 128, 255].map((grey): Rgb => [grey, grey, grey]);

interface Candidate {
  rgb: Rgb;
  lab: Lab;
  /** Distance from the nearest colour that is taken. */
  apart: number;
}
let candidates: Candidate[] | null = null;
const chosen: Rgb[] = [];

/** @param label number of the class, at most 255 */
export function classColour(label: number): Rgb {
  candidates ??= colourable();
  while (chosen.length <= label) {
    const next = candidates.reduce((best, each) => (each.apart > best.apart ? each : best));
    chosen.push(next.rgb);
    take(candidates, next.lab);
  }
  return chosen[label];
}

function colourable(): Candidate[] {
  const all = grid
    .flatMap((r) => grid.flatMap((g) => grid.map((b): Rgb => [r, g, b])))
    .map((rgb) => ({ rgb, lab: okLab(rgb), apart: Infinity }))
    .filter(({ lab: [l, a, b] }) => {
      const chroma = Math.hypot(a, b);
      return l >= darkest && l <= lightest && chroma >= palest && chroma <= strongest;
    });
  for (const grey of greys) take(all, okLab(grey));
  return all;
}

function take(all: Candidate[], lab: Lab): void {
  for (const each of all) each.apart = Math.min(each.apart, distance(each.lab, lab));
}

export const distance = (a: Lab, b: Lab): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Ottosson, "A perceptual color space for image processing", 2020. */
export function okLab(rgb: Rgb): Lab {
  const [r, g, b] = rgb.map((byte) => {
    const x = byte / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
