/** What a file claims and the results contradict: on which range, how severely, in whose words. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { describe } from 'node:test';
import { judgeExperiment, resolveExperiment } from '../../../src/engine/experiment';
import { verdictMark } from '../../../src/engine/store/read';
import { contradictions } from '../../../src/extension/language/contradictions';
import type { Effect, StudyResult } from '../../../src/protocol/results';
import { effect, studyOf } from '../../browser/study-fixture';

const head = 'generator: rooms\npredictors: [rooms, color]\n';
const concept = 'attribute/indoor lighting';
const edits = (layers: string): string =>
  `${head}previews:\n  evening:\n    edits:\n      - { concept: ${concept}, step: 2, layers: ${layers} }\n`;
const review = (entry: string): string => `${head}review:\n  attribute/indoor_lighting: { ${entry} }\n`;

/** Results of the concept alone; `perSet` for bottom, lower, upper and top of the bundled generator. */
async function found(
  text: string,
  change: { effect?: Effect; perSet?: Effect[]; noBoundary?: string },
  { current = true, partial = null as number | null } = {},
): Promise<{ severity: string; code: string; at: string; message: string }[]> {
  const judged = await judgeExperiment(text, { experimentFile: path.resolve('examples/rooms/x.higan.yaml') });
  assert.deepEqual(judged.diagnostics, []);
  const { parsed, context } = judged;
  assert.ok(parsed.value && context);
  const resolved = resolveExperiment(parsed.value, context);
  const study = studyWith(change, partial, resolved.generator.manifest.generator?.groups ?? {});
  const document = { ...judged, resolved, text, version: 1, uri: null as never };
  return contradictions(document, study, current).map(({ severity, code, message, start, end }) => ({
    ...{ severity, code, message },
    at: text.slice(start.offset, end.offset),
  }));
}

function studyWith(
  { effect: whole = moving, perSet = [], noBoundary }: Parameters<typeof found>[1],
  partial: number | null,
  groups: Record<string, readonly [number, number]>,
): StudyResult {
  const study = studyOf(30);
  const [result] = study.concepts.filter((each) => each.concept === concept);
  const layerSets = Object.entries(groups).map(([name, [first, end]]) => ({
    name,
    layers: Array.from({ length: end - first }, (_, k) => first + k),
  }));
  const measured = noBoundary === undefined ? whole : null;
  return {
    ...{ ...study, partial, layerSets },
    concepts: [
      { ...result, effect: measured, noBoundary: noBoundary ?? null, layers: perSet.length ? perSet : null },
    ],
  };
}

const moving = effect(1, 0.1, 0.2);
/** Rises, but random directions change the score as much. */
const byChance = { ...effect(0.5, 0.4, 0.2), mean: 0.5, meanInterval: { low: 0.1, high: 0.9 } };
/** Falls as often as it rises. */
const level = { ...byChance, mean: 0.1, meanInterval: { low: -0.3, high: 0.5 } };
/** Above its null, and on average: only the family's test speaks against it. */
const amongMany = { ...effect(0.5, 0.1, 0.2), moves: false };
const few = { ...effect(2.09, 0.1, 1.51, true), movers: 10, samples: 10 };

describe('a preview', () => {
  test('is not contradicted where its concept moves, on the whole and on its layers', async () => {
    assert.deepEqual(await found(edits('upper'), { perSet: [moving, moving, moving, moving] }), []);
  });

  test('of a concept that does not move is marked on the concept, with the reason that holds', async () => {
    const reasons = {
      'random directions change its score as much': byChance,
      'its score does not rise on average beyond chance': level,
      'the rise does not stand once all concepts are tested together': amongMany,
    };
    for (const [reason, measured] of Object.entries(reasons)) {
      const [claim, ...others] = await found(edits('all'), { effect: measured });
      assert.deepEqual(others, []);
      assert.deepEqual([claim.severity, claim.code, claim.at], ['warning', 'contradicted', concept]);
      const numbers = `Δ ${measured.delta.toFixed(2)}, chance up to 0.20`;
      assert.equal(claim.message, `'${concept}' does not move: ${reason} (${numbers}).`);
    }
  });

  test('of a concept with too few movers is a remark, not a claim that it does not move', async () => {
    const [claim] = await found(edits('all'), { effect: few });
    assert.equal(claim.severity, 'information');
    assert.equal(claim.at, concept);
    assert.match(claim.message, /cannot be said to move: its score changed in 10 of 10 samples/);
    assert.doesNotMatch(claim.message, /does not move|random directions/);
  });

  test('on layers without effect is marked on the layers, and told where the concept moves', async () => {
    const perSet = [byChance, few, level, moving];
    const [claim, ...others] = await found(edits('upper'), { perSet });
    assert.deepEqual(others, []);
    assert.deepEqual([claim.severity, claim.code, claim.at], ['warning', 'contradicted', 'upper']);
    assert.match(
      claim.message,
      /on the layers 'upper' does not move: its score does not rise on average beyond chance/,
    );
    assert.match(claim.message, /It moves on: top\.$/);
    const [remark] = await found(edits('lower'), { perSet });
    assert.deepEqual([remark.severity, remark.at], ['information', 'lower']);
  });

  test('of a concept without a direction says why there is none', async () => {
    const [claim] = await found(edits('all'), { noBoundary: 'only 3 distinct scores.' });
    assert.deepEqual([claim.severity, claim.at], ['warning', concept]);
    assert.match(claim.message, /no direction for 'attribute\/indoor lighting': only 3 distinct scores\./);
  });

  test('is not judged by results of another meaning, nor by unfinished ones', async () => {
    assert.deepEqual(await found(edits('all'), { effect: byChance }, { current: false }), []);
    assert.deepEqual(await found(edits('all'), { effect: byChance }, { partial: 0.5 }), []);
  });
});

describe('a verdict', () => {
  test('accepted is questioned where the concept does not move, and remarked on with too few movers', async () => {
    assert.deepEqual(await found(review('verdict: accepted'), {}), []);
    const [claim] = await found(review('verdict: accepted'), { effect: byChance });
    assert.deepEqual([claim.severity, claim.at], ['warning', 'attribute/indoor_lighting']);
    assert.match(claim.message, /do not show that it moves: random directions change its score as much/);
    const [remark] = await found(review('verdict: accepted'), { effect: few });
    assert.deepEqual([remark.severity, remark.at], ['information', 'attribute/indoor_lighting']);
    assert.deepEqual(await found(review('verdict: rejected'), { effect: byChance }), []);
  });

  test('given on other numbers is marked as such', async () => {
    const [stale] = await found(review('verdict: rejected, result: 0123456789ab-0123456789ab'), {});
    assert.deepEqual(
      [stale.severity, stale.code, stale.at],
      ['information', 'stale-verdict', 'attribute/indoor_lighting'],
    );
    const mark = verdictMark(studyWith({}, null, { all: [0, 1] }), concept);
    assert.deepEqual(await found(review(`verdict: rejected, result: ${mark}`), {}), []);
  });
});
