/**
 * A result of any size with plausible numbers, for panels under test: made by rule from a seed, in the form that the engine
 * writes (checked against its schema). The small real result stands in `test/fixtures/data/rooms-study.json`.
 */
import { levels, type Level } from '../../src/protocol/concept';
import type { ConceptResult, Effect, Entanglement, LayerSet, StudyResult } from '../../src/protocol/results';

const names: Record<Level, string[]> = {
  layout: ['corner', 'vanishing point', 'floor share'],
  category: ['bedroom', 'living room', 'kitchen', 'office'],
  attribute: [
    ...['indoor lighting', 'natural lighting', 'wood', 'carpet', 'tiles', 'glossy', 'cluttered', 'cloth'],
    ...['bright', 'warm', 'railing', 'enclosed area', 'man made'],
  ],
  color: ['red', 'orange', 'yellow', 'green', 'cyan', 'blue', 'violet', 'brightness', 'saturation'],
};
const peaks: Record<Level, number> = { layout: 0, category: 1, attribute: 2, color: 3 };

/** A small deterministic generator (mulberry32): fixtures must be the same every time. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const layerSets: LayerSet[] = [
  { name: 'bottom', layers: [0, 1] },
  { name: 'lower', layers: [2, 3, 4] },
  { name: 'upper', layers: [5, 6, 7] },
  { name: 'top', layers: [8, 9] },
];

export function effect(delta: number, spread: number, floor: number, few = false): Effect {
  const interval = { low: delta - spread, high: delta + spread };
  const mean = delta - floor * 0.8;
  return {
    delta,
    deltaRaw: delta * 0.21,
    deltaInterval: few ? null : interval,
    mean,
    meanRaw: mean * 0.21,
    meanInterval: few ? null : { low: mean - spread, high: mean + spread },
    movers: few ? 11 : 960,
    samples: 1000,
    null: floor,
    moves: !few && interval.low > floor,
    tooFewMovers: few,
  };
}

/** @param size number of concepts; up to 29 they carry names of scenes, beyond they are numbered. */
export function studyOf(size: number, seed = 1): StudyResult {
  const next = random(seed);
  const named = levels.flatMap((level) => names[level].map((label) => ({ level, label })));
  const concepts = Array.from({ length: size }, (_, index): ConceptResult => {
    const { level, label } =
      index < named.length ? named[index] : { level: levels[index % 4], label: `concept ${index}` };
    return concept(level, label, index, next);
  });
  for (const level of levels) {
    concepts
      .filter((each) => each.level === level && each.effect)
      .sort((a, b) => b.effect!.delta - a.effect!.delta)
      .forEach((each, index) => (each.rank = index + 1));
  }
  return {
    format: 1,
    stages: ['probe', 'boundary', 'rescore', 'rank', 'layers'],
    partial: null,
    generator: 'rooms',
    space: 'w',
    seed: 7,
    confidence: 0.95,
    step: 2,
    unit: 'sigma',
    probed: 20_000,
    rescored: 1000,
    layerSets,
    concepts,
    levels: levels.map((level) => ({
      level,
      concepts: concepts.filter((each) => each.level === level).length,
      share: layerSets.map((_, set) => {
        const value = set === peaks[level] ? 0.86 : 0.18 + 0.05 * set;
        return { value, interval: { low: value - 0.06, high: Math.min(1, value + 0.06) } };
      }),
    })),
    provenance: {
      ...{ higan: '0.1.0', onnxruntime: '1.30.0', node: '20.11.0', device: 'cpu', machine: 'fixture' },
      models: {},
      ...{ graph: 'g', text: 't', experiment: 'e', finished: '2026-01-01T00:00:00Z' },
    },
  };
}

function concept(level: Level, label: string, index: number, next: () => number): ConceptResult {
  const floor = 0.09 + 0.04 * next();
  const delta = index % 5 === 3 ? floor * 0.7 : 0.15 + 1.1 * next() * next();
  const few = index % 13 === 6;
  const none = index % 17 === 15;
  const main = none ? null : effect(delta, 0.02 + 0.05 * next(), floor, few);
  return {
    concept: `${level}/${label}`,
    level,
    rank: null,
    noBoundary: none
      ? 'only 3 distinct scores over 20,000 samples; raise probe.samples or leave it out.'
      : null,
    boundary: none
      ? null
      : {
          ...{ concept: `${level}/${label}`, hash: `hash-${index}`, method: 'svm' as const },
          ...{ accuracy: 0.72 + 0.27 * next(), support: 120, positives: 1000, negatives: 1000, sigma: [0.8] },
        },
    effect: main,
    positiveShare: level === 'layout' || level === 'color' ? null : next() * 0.5,
    missing: level === 'layout' ? 0.31 : 0,
    probeMean: 0.4 * next(),
    probeStd: 0.05 + 0.2 * next(),
    weakPredictor: index % 11 === 4 ? 'Weak predictor: its R² on held-out renders is 0.21, below 0.3.' : null,
    layers:
      none || few
        ? null
        : layerSets.map((_, set) => {
            const far = Math.abs(set - peaks[level]);
            const near = Math.max(0, 1 - far * 0.55) * (0.7 + 0.3 * next());
            // Far from where it lives, every fifth concept changes next to no image.
            return effect(Math.max(0.01, delta * near * 0.9), 0.03, floor * 0.9, index % 5 === 2 && far > 1);
          }),
  };
}

/** Every concept drags its neighbours a little: the next one up, the one before down. */
export function entanglementOf(study: StudyResult, size = 12): Entanglement {
  const moving = study.concepts.filter((each) => each.effect?.moves).slice(0, size);
  return {
    layers: 'all',
    rows: moving.map((each) => each.concept),
    concepts: moving.map((each) => each.concept),
    effects: moving.map((row, i) =>
      moving.map((_, j) => {
        if (i === j) return row.effect!;
        const signedMean = (Math.abs(i - j) === 1 ? 0.4 : 0.03) * (i < j ? 1 : -1);
        const each = effect(Math.max(signedMean, 0.05), 0.03, 0.1);
        return {
          ...each,
          mean: signedMean,
          meanInterval: { low: signedMean - 0.05, high: signedMean + 0.05 },
        };
      }),
    ),
    sideEffects: moving.map((_, i) =>
      moving.flatMap(({ concept }, j) =>
        Math.abs(i - j) === 1 ? [{ concept, mean: i < j ? 0.4 : -0.4 }] : [],
      ),
    ),
  };
}
