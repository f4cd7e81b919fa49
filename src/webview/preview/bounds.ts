/**
 * What is typed into a number field, within bounds: those of its markup hold its arrows only. What is no number counts as
 * the least.
 */
export const within = (least: number, most: number, value: number): number =>
  Math.max(least, Math.min(most, Number.isNaN(value) ? least : value));
