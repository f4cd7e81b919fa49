/** Contrast of colours as a browser computes them. */

/** Red, green and blue in 0 … 1 of `rgb(…)`, `rgba(…)` or `color(srgb …)`. */
function channels(colour: string): number[] {
  const numbers = (colour.match(/[\d.]+/g) ?? []).map(Number);
  if (colour.startsWith('color(srgb ')) return numbers.slice(0, 3);
  if (/^rgba?\(/.test(colour)) return numbers.slice(0, 3).map((value) => value / 255);
  throw new Error(`The colour ${colour} has a form that this does not read.`);
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG's contrast of two opaque colours, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}
