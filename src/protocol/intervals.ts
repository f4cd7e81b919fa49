/** Reading two intervals side by side, in one way for tables and panels. */
import type { Interval } from './results';

/** Whether two intervals have a value in common; null where one is missing. */
export const overlap = (a: Interval | null | undefined, b: Interval | null | undefined): boolean | null =>
  a && b ? a.high >= b.low && b.high >= a.low : null;
