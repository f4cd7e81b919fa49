/** The statistics of re-scoring: numbers in, numbers out. What they mean and how well they hold: docs/statistics.md. */
export { compareMeasured, differing, type CompareOptions, type Comparison } from './compare';
export { measuringEntanglement, sideEffects } from './entanglement';
export { holm, judge, nullBounds, nullsOf } from './judge';
export { levelSummary, summarisingLevels, type AnalysedConcept, type LevelSummaryOptions } from './levels';
export { measure, measureColumns, type Measured, type MeasureOptions } from './measure';
export { rankingOrder, withRanks, type RankingKey } from './ranking';
export { weakPredictor, type HeadError } from './weak-predictor';
