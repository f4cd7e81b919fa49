import type { ConceptResult, Effect } from '../../../src/protocol/results';

/** An effect that moves nothing, but for what a test is about. */
export const effect = (given: Partial<Effect> = {}): Effect => ({
  delta: 0,
  deltaRaw: 0,
  deltaInterval: null,
  mean: 0,
  meanRaw: 0,
  meanInterval: null,
  movers: 100,
  samples: 100,
  null: 0.1,
  downLow: 0,
  nullDown: 0.1,
  moves: false,
  tooFewMovers: false,
  ...given,
});

export const concept = (name: string, given: Partial<ConceptResult> = {}): ConceptResult => ({
  concept: name,
  level: 'attribute',
  rank: null,
  noBoundary: null,
  boundary: null,
  effect: null,
  positiveShare: null,
  missing: 0,
  probeMean: 0,
  probeStd: 1,
  weakPredictor: null,
  layers: null,
  ...given,
});
