/** The statistics of re-scoring: numbers in, numbers out. What they mean and how well they hold: docs/statistics.md. */
export { measure, measureColumns, type Measured, type MeasureOptions } from './measure';
export { holm, judge, nullBounds } from './judge';
