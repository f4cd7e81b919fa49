/** The null of a whole study: random directions do to a score what its formula says, and nothing that does no more moves. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { before, describe } from 'node:test';
import { drawCodes, type Purpose } from '../../../src/engine/latent';
import { runStudy } from '../../../src/engine/study';
import type { Effect, StudyResult } from '../../../src/protocol/results';
import { dot, unit, writeLinearModel, type LinearModel } from '../../fixtures/linear-model';
import { scratch } from '../experiment/models';
import { writeExperiment } from './folders';

const [seed, D, probed, samples, nulls, step] = [3, 16, 4000, 150, 8, 3];
const experiment = `
generator: toy
predictors: [toy]
seed: ${seed}
probe: { samples: ${probed}, positives: 400 }
boundary: { method: lda }
rescore: { samples: ${samples}, nulls: ${nulls}, step: ${step}, layers: each, top: all }
`;
const planted = [
  { label: 'one layer', layers: [0], scale: 1 },
  { label: 'two layers', layers: [1, 3], scale: 1000 },
  { label: 'restless', layers: [2], scale: 1, wave: step },
];

describe('the null of a study', () => {
  let model: LinearModel;
  let result: StudyResult;
  before(async () => {
    const folder = scratch();
    model = await writeLinearModel(path.join(folder, 'models'), planted, { D });
    result = (await runStudy({ file: await writeExperiment(folder, experiment), device: 'cpu' })).result;
  });

  const drawn = (purpose: Purpose, count: number): Float32Array[] => {
    const codes = drawCodes({ seed, purpose, dim: D }, 0, count);
    return Array.from({ length: count }, (_, i) => codes.subarray(i * D, (i + 1) * D));
  };

  test('is the largest upper bound of what random unit directions do to the score by its formula', () => {
    const probe = drawn('probe', probed).map((z) => model.mapped(z));
    const codes = drawn('rescore', samples).map((z) => model.mapped(z));
    const moves = drawn('null', nulls).map((random) => {
      const direction = unit(random);
      const { deviation: sigma } = moments(probe.map((w) => dot(direction, w)));
      return direction.map((x) => step * sigma * x);
    });
    /** The largest upper bound of Δ⁺ where these layers move, by the normal approximation. */
    const bound = (label: string, moved: readonly number[]): number => {
      const score = (w: Float64Array, move?: Float64Array): number => {
        const there = move ? w.map((x, j) => x + move[j]) : w;
        return model.score(
          label,
          Array.from({ length: model.L }, (_, l) => (moved.includes(l) ? there : w)),
        );
      };
      const { deviation: std } = moments(probe.map((w) => score(w)));
      const bounds = moves.map((move) => {
        const { mean, deviation } = moments(codes.map((w) => Math.max(0, score(w, move) - score(w))));
        return (mean + (1.96 * deviation) / Math.sqrt(samples)) / std;
      });
      return Math.max(...bounds);
    };
    planted.forEach(({ label }, k) => {
      const { effect, layers } = result.concepts[k];
      const close = (found: Effect | null | undefined, moved: readonly number[]): void => {
        const expected = bound(label, moved);
        assert.ok(
          Math.abs((found?.null ?? NaN) - expected) < 0.015,
          `${label}, layers ${moved.join()}: ${found?.null} where ${expected} is due`,
        );
      };
      close(effect, [0, 1, 2, 3]);
      assert.equal(layers?.length, model.L);
      layers?.forEach((each, layer) => close(each, [layer]));
    });
  });

  test('alone keeps a concept from moving that a classifier separates and that any move raises', () => {
    const [one, two, { boundary, effect }] = result.concepts;
    assert.ok(one.effect?.moves && two.effect?.moves, 'what the generator does vary moves');
    assert.ok(boundary && (boundary.accuracy ?? 0) > 0.7, `accuracy ${boundary?.accuracy}`);
    assert.ok(effect?.meanInterval && effect.deltaInterval && !effect.tooFewMovers);
    assert.ok(effect.movers > 0.9 * samples, `${effect.movers} movers`);
    assert.ok(effect.meanInterval.low > 0, 'the mean alone would call it an effect');
    assert.ok(effect.null! > effect.deltaInterval.low);
    assert.equal(effect.moves, false);
  });
});

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
