import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { comparisonRows, comparisonText } from '../../../src/cli/print/comparison';
import { entanglementText } from '../../../src/cli/print/entanglement';
import { heatmapText, rangeText } from '../../../src/cli/print/heatmap';
import { planText } from '../../../src/cli/print/plan';
import { rankingText } from '../../../src/cli/print/ranking';
import { progressText } from '../../../src/cli/print/progress';
import { table } from '../../../src/cli/print/table';
import { bytes, counted, cut, decimal, duration, widthOf } from '../../../src/cli/print/text';
import type { ConceptResult, Effect, StudyResult } from '../../../src/protocol/results';
import { studyOf } from '../../browser/study-fixture';
import { effect as unmoved } from '../statistics/effects';

const look = { width: 80, color: false };

test('numbers, sizes and times as people read them', () => {
  assert.deepEqual(
    [0.126, -0.5, -0.001, null].map((x) => decimal(x)),
    ['0.13', '−0.50', '0.00', '–'],
  );
  assert.deepEqual([640, 12_345_678, 999_950].map(bytes), ['640 B', '12.3 MB', '1.0 MB']);
  assert.deepEqual([8.4, 130, 11_100].map(duration), ['8 s', '2 min 10 s', '3 h 05 min']);
  assert.deepEqual([counted(1, 'images'), counted(4000, 'images')], ['1 image', '4,000 images']);
});

test('tables cut what may be cut, and know wide and combining characters', () => {
  assert.equal(widthOf('ü🛋房\u0301'), 5);
  assert.equal(cut('indoor lighting', 8), 'indoor…');
  const rows = [
    ['a'.repeat(100), '1'],
    ['b', '22'],
  ];
  const lines = table(
    [
      { title: 'name', shrinkTo: 10 },
      { title: 'n', align: 'right' },
    ],
    rows,
    look,
  ).split('\n');
  assert.ok(lines.every((line) => widthOf(line) <= 80));
  assert.equal(lines[2].length, 80);
});

test('progress says stage, done of total, rate and time left', () => {
  const amount = {
    done: 1200,
    total: 4000,
    unit: 'images',
    rate: 120.4,
    left: 23.3,
    cached: 0,
  } as const;
  assert.equal(
    progressText({ ...amount, stage: 'rescore' }),
    'rescore   1,200 of 4,000 images   30 %   120/s   23 s left',
  );
  assert.equal(
    progressText({ ...amount, doing: 'following the pixels' }),
    'following the pixels 1,200 of 4,000 images   30 %   120/s   23 s left',
  );
});

test('a plan that the store answers has no rate to tell', () => {
  const amounts = { images: 0, cached: 0, seconds: 0, bytes: 0, freeBytes: null, stages: [] };
  const text = planText({ ...amounts, device: 'cpu', batch: null, rate: null }, look);
  assert.match(text, /^Plan: the store has everything, computed on cpu\n/);
});

test('layer ranges as people write them', () => {
  assert.equal(rangeText([0, 1, 2, 3, 4, 7]), '0-4,7');
});

test('the entanglement lists what the engine calls side effects, not every interval that excludes 0', () => {
  const chance = unmoved({ mean: 0.9, meanInterval: { low: 0.8, high: 1 }, null: 2 });
  const text = entanglementText(
    {
      ...{ layers: 'all', rows: ['color/a', 'color/b'], concepts: ['color/a', 'color/b', 'color/c'] },
      effects: [chance, chance].map((each) => [each, each, each]),
      sideEffects: [[{ concept: 'color/c', mean: -1.25 }], []],
    },
    look,
  );
  assert.match(text, /color\/a +\+0\.90 +−1\.25 color\/c\n/);
  assert.match(text, /color\/b +\+0\.90 +–/);
  assert.match(text.replaceAll(/\s+/g, ' '), /beyond chance: tested together, and by more than along random/);
});

describe('the heatmap', () => {
  const effect = (delta: number, moves: boolean): Effect => ({
    delta,
    deltaRaw: delta,
    deltaInterval: { low: delta / 2, high: delta * 2 },
    mean: delta,
    meanRaw: delta,
    meanInterval: { low: delta / 2, high: delta * 2 },
    movers: 100,
    samples: 100,
    null: 0.1,
    moves,
    tooFewMovers: false,
  });
  const result = (sets: number, layers: Effect[]): StudyResult =>
    ({
      generator: 'toy',
      layerSets: Array.from({ length: sets }, (_, i) => ({ name: `g${i}`, layers: [i] })),
      concepts: [{ concept: 'layout/corner', level: 'layout', rank: 1, layers } as ConceptResult],
      levels: [{ level: 'layout', concepts: 0, share: layers.map(() => ({ value: 0, interval: null })) }],
    }) as unknown as StudyResult;

  test('hatches what does not move, however large, and never normalises it up', () => {
    const text = heatmapText(result(3, [effect(0.5, true), effect(2, false), effect(0.25, true)]), look);
    assert.match(text, /layout\/corner +█ 0\.50 +╱ 2\.00 +▄ 0\.25/);
  });

  test('tells what cannot be judged from what does not move', () => {
    const few: Effect = {
      ...effect(0.4, false),
      tooFewMovers: true,
      deltaInterval: null,
      meanInterval: null,
    };
    const text = heatmapText(result(2, [effect(0.3, false), few]), look);
    assert.match(text, /layout\/corner +╱ 0\.30 +∷ 0\.40/);
    assert.match(text.replaceAll(/\s+/g, ' '), /╱: does not move there, ∷: too few movers to judge/);
  });

  test('a level without a concept that moves has no mean, and the text says why', () => {
    const still = result(1, [effect(1, false)]);
    const text = heatmapText(still, look);
    assert.match(text, /layout +0 +–/);
    const words = text.replaceAll(/\s+/g, ' ');
    assert.match(words, /No concept moves on any of these layers .*no share to average/);
    const moving = { level: 'color' as const, concepts: 1, share: [{ value: 1, interval: null }] };
    const some = heatmapText({ ...still, levels: [...still.levels, moving] }, look).replaceAll(/\s+/g, ' ');
    assert.match(some, /No layout concept moves on any/);
    const all = heatmapText({ ...still, levels: [moving] }, look);
    assert.doesNotMatch(all, /No .*concept moves/);
  });

  test('many layers still fit into 80 columns', () => {
    const text = heatmapText(
      result(
        18,
        Array.from({ length: 18 }, () => effect(1, true)),
      ),
      look,
    );
    for (const line of text.split('\n')) assert.ok(widthOf(line) <= 80, line);
  });
});

describe('compat: higan', () => {
  const study = studyOf(12);
  const compat: StudyResult = { ...study, compat: 'higan' };
  const first = study.concepts.find(({ rank, effect }) => rank === 1 && effect?.deltaInterval)!;

  test('ranks, and shows Δ, its interval and the null, in units of the score', () => {
    const { effect, level, concept, probeStd } = first;
    const lineOf = (of: StudyResult): string =>
      rankingText(of, { by: 'rescore', level }, look)
        .split('\n')
        .find((line) => line.includes(concept.slice(level.length + 1))) ?? '';
    const { low, high } = effect!.deltaInterval!;
    assert.ok(lineOf(study).includes(`${decimal(effect!.delta)}  `));
    for (const number of [effect!.deltaRaw, low * probeStd, high * probeStd, effect!.null! * probeStd])
      assert.ok(lineOf(compat).includes(decimal(number)), `${decimal(number)} in ${lineOf(compat)}`);
    const heading = (of: StudyResult): string =>
      rankingText(of, { by: 'rescore' }, look).replaceAll('\n', ' ');
    assert.match(heading(compat), /in units of the score/);
    assert.doesNotMatch(heading(compat), /standard deviations/);
    assert.match(heading(study), /in standard deviations of the score/);
  });

  test('compares in units of the score, and with standard deviations takes no difference', () => {
    const of = (title: string, result: StudyResult): { title: string; result: StudyResult } => ({
      ...{ title, result },
    });
    const unpaired = { samples: 0, reason: 'The seeds are 1 and 2.', concepts: [] };
    const [a, b] = [of('a', compat), of('b', { ...studyOf(12, 2), compat: 'higan' })];
    const at = (rows: ReturnType<typeof comparisonRows>): (typeof rows.concepts)[number] =>
      rows.concepts.find(({ concept }) => concept === first.concept)!;
    const other = b.result.concepts.find(({ concept }) => concept === first.concept)!.effect!;
    const alike = comparisonRows(a, b, unpaired);
    assert.deepEqual([alike.left.unit, alike.right.unit], ['score units', 'score units']);
    assert.deepEqual(
      [at(alike).left, at(alike).right, at(alike).difference],
      [first.effect!.deltaRaw, other.deltaRaw, other.deltaRaw - first.effect!.deltaRaw],
    );
    assert.match(comparisonText(a, b, unpaired, look), /Δ is in units of the score\. Not paired/);
    assert.match(comparisonText(a, b, unpaired, look), /Δ A, score units +Δ B, score units/);

    const mixed = comparisonRows(a, of('c', studyOf(12, 2)), unpaired);
    assert.deepEqual([mixed.left.unit, mixed.right.unit], ['score units', 'SD']);
    assert.deepEqual(
      [at(mixed).left, at(mixed).right, at(mixed).difference],
      [first.effect!.deltaRaw, other.delta, null],
    );
    const text = comparisonText(a, of('c', studyOf(12, 2)), unpaired, look);
    assert.match(text, /Δ A, score units +Δ B, SD/);
    assert.match(text.replaceAll(/\s+/g, ' '), /so there is no difference between them: give both/);
  });

  test('shows the cells of the heatmap in the same unit', () => {
    const cell = compat.concepts.find(({ layers }) => layers !== null)!;
    const text = heatmapText(compat, { ...look, width: 120 });
    const line = text.split('\n').find((one) => one.startsWith(cell.concept)) ?? '';
    for (const { deltaRaw } of cell.layers!) assert.ok(line.includes(decimal(deltaRaw)), line);
    assert.match(text, /in units of\s+the\s+score/);
  });
});
