/** What panels derive from results: rankings, heatmap cells, comparisons, flows, text. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import {
  studyResultSchema,
  type Effect,
  type Entanglement,
  type PairedConcept,
  type PairedStudies,
  type StudyResult,
} from '../../../src/protocol/results';
import { comparisonTable } from '../../../src/webview/compare/export';
import { compareRows, comparisonNote, differs, type CompareRow } from '../../../src/webview/compare/rows';
import { cellText, entanglementRows, entanglementTable } from '../../../src/webview/entanglement/cells';
import { analysed, heatRows, summaryRows } from '../../../src/webview/heatmap/cells';
import { places, rankingRows } from '../../../src/webview/ranking/rows';
import { suggestedConcept } from '../../../src/webview/preview/suggestion';
import { bands, flows, stays } from '../../../src/webview/transition/flows';
import { commonScale } from '../../../src/webview/ui/interval-bar';
import { peakOf } from '../../../src/webview/ui/sparkline';
import { csv, markdown } from '../../../src/webview/ui/text-tables';
import { conceptFinding, duration, number } from '../../../src/webview/ui/wording';
import { effect, studyOf } from '../../browser/study-fixture';

const nobody = { review: {}, sideEffects: {} };
const clone = (study: StudyResult): StudyResult => structuredClone(study);

test('the fixture has the form that the engine writes', () => {
  assert.deepEqual(studyResultSchema.parse(studyOf(40)), studyOf(40));
});

describe('ranking', () => {
  test("a level's places by re-scoring are the ranks that the engine gives", () => {
    const study = studyOf(40);
    for (const row of rankingRows(study, nobody, 'rescore', 'attribute')) {
      assert.equal(row.place, row.result.rank, row.key);
      assert.equal(row.movement, row.place === null ? null : 0);
    }
  });

  test('by another criterion, movement is places won or lost against re-scoring and adds up to nothing', () => {
    const study = studyOf(29);
    const rows = rankingRows(study, nobody, 'accuracy', 'all').filter((row) => row.movement !== null);
    assert.ok(rows.some((row) => row.movement! > 0) && rows.some((row) => row.movement! < 0));
    assert.equal(
      rows.reduce((sum, row) => sum + row.movement!, 0),
      0,
    );
    const first = rows.find((row) => row.place === 1)!;
    assert.equal(first.movement, first.rescorePlace! - 1);
  });

  test('of a study in the units of the reference is by Δ in units of the score, and keeps what is stored', () => {
    const study: StudyResult = { ...clone(studyOf(12)), compat: 'higan' };
    const measured = study.concepts.filter(({ effect: found, level }) => found && level === 'attribute');
    // Another order than that by standard deviations.
    measured.forEach((each, i) => (each.effect!.deltaRaw = i + 1));
    const rows = rankingRows(study, nobody, 'rescore', 'attribute').filter((row) => row.place !== null);
    const byPlace = rows.sort((a, b) => a.place! - b.place!);
    assert.deepEqual(
      byPlace.map((row) => row.key),
      measured.map(({ concept }) => concept).reverse(),
    );
    for (const { result, stored, key } of byPlace) {
      assert.equal(
        stored,
        study.concepts.find(({ concept }) => concept === key),
      );
      const { deltaInterval, deltaRaw } = stored.effect!;
      const [low, high] = [deltaInterval?.low, deltaInterval?.high].map(
        (end) => end && end * stored.probeStd,
      );
      assert.equal(result.effect!.delta, deltaRaw);
      assert.deepEqual(result.effect!.deltaInterval, deltaInterval && { low, high });
    }
  });

  test('equal values stay in the order of the result, so that rows never jump', () => {
    const study = clone(studyOf(6));
    for (const each of study.concepts) if (each.boundary) each.boundary.accuracy = 0.9;
    const order = [...places(study.concepts, 'accuracy').keys()];
    const given = study.concepts.filter(({ boundary }) => boundary).map(({ concept }) => concept);
    assert.deepEqual(order, given);
  });
});

describe('the heatmap', () => {
  test('normalised, the largest moving cell of a concept is full, and what does not move, or cannot be judged, is marked', () => {
    const study = clone(studyOf(8));
    const [first] = analysed(study, 'all', 'delta');
    first.layers = [
      effect(0.5, 0.02, 0.1),
      effect(0.25, 0.02, 0.1),
      effect(0.05, 0.02, 0.1),
      effect(0.4, 0.01, 0.1, true),
    ];
    const [row] = heatRows(study, [first], true);
    assert.deepEqual(
      row.cells.map((cell) => cell.hatch),
      [null, null, 'still', 'few'],
    );
    assert.match(row.cells[3].title, /: too few movers, Δ/);
    assert.equal(row.cells[0].share, 1);
    assert.equal(row.cells[1].share, 0.5);
  });

  test('a concept that moves nowhere is never normalised up', () => {
    const study = clone(studyOf(8));
    const [strong, weak] = analysed(study, 'all', 'delta');
    strong.layers = [2, 1, 1, 1].map((delta) => effect(delta, 0.02, 0.1));
    weak.layers = [0.04, 0.03, 0.02, 0.01].map((delta) => effect(delta, 0.02, 0.1));
    const [row] = heatRows(study, [weak], true);
    assert.ok(row.cells.every((cell) => cell.hatch === 'still' && cell.share <= 0.02 + 1e-9));
  });

  test('a large Δ that does not move is no peak', () => {
    assert.equal(peakOf([effect(0.9, 0.9, 0.3), effect(0.5, 0.05, 0.1)]), 1);
    assert.equal(peakOf([effect(0.9, 0.9, 0.3)]), -1);
  });
});

describe('the entanglement says in words', () => {
  const still = { ...effect(0.02, 0.05, 0.1), mean: 0.01, meanInterval: { low: -0.04, high: 0.06 } };
  const [warm, brightness] = ['attribute/warm', 'color/brightness'];
  /** The matrix of one move on two concepts; `isSideEffect` is the engine's judgement of the other one. */
  const matrix = (own: Effect, other: Effect, isSideEffect = false): Entanglement => ({
    ...{ layers: 'all', rows: [warm], concepts: [warm, brightness], effects: [[own, other]] },
    sideEffects: [isSideEffect ? [{ concept: brightness, mean: other.mean }] : []],
  });
  const clear = effect(0.5, 0.05, 0.1);
  const sentence = (other: Effect, isSideEffect = false): string =>
    cellText(matrix(clear, other, isSideEffect), 0, 1).split(':')[0];

  test('what a move raises, lowers and leaves alone', () => {
    assert.equal(sentence(clear, true), 'Moving warm raises brightness');
    const falls = { ...still, mean: -0.3, meanInterval: { low: -0.35, high: -0.25 } };
    assert.equal(sentence(falls, true), 'Moving warm lowers brightness');
    assert.equal(sentence(still), 'Moving warm leaves brightness alone');
  });

  test('nothing of a change that the engine does not call a side effect, however clear its interval', () => {
    const chance: Effect = { ...clear, moves: false, null: 2 };
    assert.equal(sentence(chance), 'Moving warm leaves brightness alone');
    const found = matrix(clear, chance);
    assert.deepEqual(
      entanglementRows(found)[0].cells.map(({ hatch }) => hatch),
      [null, 'still'],
    );
    assert.deepEqual(
      entanglementTable(found).rows.map((row) => row.at(-1)),
      [true, false],
    );
  });

  test('that too few samples changed to judge', () => {
    const few = effect(0.5, 0.05, 0.1, true);
    assert.match(sentence(few), /^Moving warm changes brightness in too few samples to judge, 11 of 1000$/);
  });

  test('and marks the cells as it says', () => {
    const few = effect(0.5, 0.05, 0.1, true);
    const none = { ...few, movers: 0 };
    const marks = (own: Effect, other: Effect): (string | null)[] =>
      entanglementRows(matrix(own, other))[0].cells.map(({ hatch }) => hatch);
    assert.deepEqual(marks(clear, still), [null, 'still']);
    assert.deepEqual(marks(few, few), ['few', 'few']);
    // Where nothing changed in another concept there is nothing to judge.
    assert.deepEqual(marks(none, none), ['few', 'still']);
  });

  test('what a move does to its own score, by what is claimed of the concept', () => {
    const onItself = (own: Effect): string => cellText(matrix(own, still), 0, 0).split(':')[0];
    assert.equal(onItself(clear), 'Moving warm raises its own score');
    assert.equal(
      onItself({ ...clear, moves: false }),
      'Moving warm does not raise its own score beyond chance',
    );
  });
});

test('a first preview is offered for the attribute that moves most, else for what moves, else for a direction', () => {
  const study = studyOf(29);
  const of = (keep: (each: StudyResult['concepts'][number]) => boolean): string | null =>
    suggestedConcept({ concepts: study.concepts.filter(keep) });
  assert.equal(
    of(() => true),
    'attribute/warm',
  );
  assert.equal(
    of(({ level }) => level !== 'attribute'),
    'category/kitchen',
  );
  assert.equal(
    of(({ effect: one }) => one !== null && !one.moves),
    'category/office',
  );
  assert.equal(
    of(({ boundary }) => boundary === null),
    null,
  );
});

test('the level summary marks a level of which nothing moves, and counts what was left out', () => {
  const share = [{ value: 0.5, interval: { low: 0.4, high: 0.6 } }];
  const rows = summaryRows(
    [
      { level: 'layout', concepts: 0, unmoved: 1, share },
      { level: 'category', concepts: 3, unmoved: 2, share },
      { level: 'color', concepts: 0, unmoved: 0, share },
    ],
    ['bottom'],
  );
  assert.deepEqual(
    rows.map((row) => [row.label, row.note, row.cells[0].hatch]),
    [
      ['Layout', '0 of 1 move', 'still'],
      ['Category', '3 of 5 move', null],
    ],
  );
});

test('bars share a scale on which every Δ has its place, whatever a heavy-tailed null reaches', () => {
  const wild = { ...effect(0.5, 0.1, 16_592), deltaInterval: { low: 0.1, high: 900 } };
  const scale = commonScale([effect(1, 0.1, 0.2), effect(0.4, 0.1, 0.2), wild, null]);
  assert.ok(scale >= 1.05 && scale < 5, `${scale}`);
  assert.equal(commonScale([]), 1);
});

describe('wording', () => {
  const [result] = studyOf(1).concepts;
  test('is about moves', () => {
    const of = (part: object): string => conceptFinding({ ...result, ...part }).short;
    assert.equal(of({ effect: effect(1, 0.1, 0.2) }), 'moves');
    assert.equal(of({ effect: effect(0.1, 0.1, 0.2) }), 'does not move');
    assert.equal(of({ effect: effect(1, 0.1, 0.2, true) }), 'too few movers');
    assert.equal(of({ effect: null }), 'not measured yet');
    const none = conceptFinding({ ...result, noBoundary: 'only 3 distinct scores.' });
    assert.deepEqual([none.short, none.long], ['no direction', 'No direction: only 3 distinct scores.']);
  });

  test('does not move: the reason is the one that holds', () => {
    const why = (part: object): string =>
      conceptFinding({ ...result, effect: { ...effect(0.3, 0.05, 0.1), moves: false, ...part } }).long;
    assert.match(why({ meanInterval: { low: -0.1, high: 0.1 } }), /does not rise on average/);
    assert.match(why({ null: 0.4 }), /random directions change its score as much/);
    assert.match(why({}), /once all concepts are tested together/);
  });

  test('numbers have a true minus and no negative zero', () => {
    assert.equal(number(-0.001), '0.00');
    assert.equal(number(-0.5), '−0.50');
    assert.equal(number(null), '–');
    assert.deepEqual([4, 130, 3900].map(duration), ['4 s', '2 min 10 s', '1 h 5 min']);
  });
});

describe('comparison', () => {
  test('says which concept moves in one of the two only, and whose intervals are apart', () => {
    const left = clone(studyOf(4));
    const right = clone(left);
    left.concepts[0].effect = effect(0.5, 0.02, 0.1);
    right.concepts[0].effect = effect(0.09, 0.02, 0.1);
    right.concepts.splice(1, 1);
    const rows = compareRows(left, right);
    const row = rows.find((each) => each.key === left.concepts[0].concept)!;
    assert.equal(row.changed, true);
    assert.equal(row.verdict, 'apart');
    assert.ok(Math.abs(row.difference! + 0.41) < 1e-12);
    const gone = rows.find((each) => each.key === left.concepts[1].concept)!;
    assert.equal(gone.right, null);
    assert.equal(gone.difference, null);
    assert.ok(
      rows
        .filter((each) => each !== row && each.right)
        .every((each) => !each.changed && each.verdict !== 'apart'),
    );
  });
});

describe('a paired comparison', () => {
  const left = studyOf(4);
  const right = {
    ...studyOf(4, 2),
    provenance: { ...left.provenance, experiment: 'another' },
  };
  const pair = (index: number, delta: number, more: Partial<PairedConcept> = {}): PairedConcept => ({
    ...{
      concept: left.concepts[index].concept,
      delta,
      deltaInterval: { low: delta - 0.1, high: delta + 0.1 },
    },
    ...{ mean: delta, meanInterval: null, movers: 900, samples: 1000, tooFewMovers: false, differs: true },
    ...more,
  });
  const unpaired = (reason: string): PairedStudies => ({ samples: 0, reason, concepts: [] });

  test('takes the difference over the samples that both drew, and says which is higher', () => {
    const concepts = [
      ...[pair(0, 0.3), pair(1, -0.2), pair(2, 0.05, { differs: false })],
      pair(3, 0, { deltaInterval: null, tooFewMovers: true, differs: false }),
    ];
    const rows = compareRows(left, right, { samples: 1000, reason: null, concepts });
    const of = (index: number): CompareRow =>
      rows.find(({ key }) => key === left.concepts[index].concept) as CompareRow;
    assert.deepEqual(
      [0, 1, 2, 3].map((index) => [of(index).difference, of(index).verdict]),
      [
        ...[
          [0.3, 'higher'],
          [-0.2, 'lower'],
        ],
        ...[
          [0.05, 'alike'],
          [0, 'few'],
        ],
      ],
    );
    assert.deepEqual(
      [0, 1, 2, 3].map((index) => differs({ ...of(index), changed: false })),
      [true, true, false, false],
    );
  });

  test('says how it was paired, or why it was not', () => {
    assert.match(
      comparisonNote(left, right, { samples: 1000, reason: null, concepts: [] }),
      /^Paired over the 1,000 samples.*95 % interval.*Holm/,
    );
    assert.match(
      comparisonNote(left, right, unpaired('The two drew different samples: the seeds are 7 and 8.')),
      /unpaired.*the seeds are 7 and 8\.$/,
    );
    assert.match(comparisonNote(left, right, null), /^Looking/);
    assert.match(comparisonNote(left, left, null), /one study/);
  });
});

describe('a comparison under compat: higan', () => {
  const left: StudyResult = { ...studyOf(4), compat: 'higan' };
  const other = studyOf(4, 2);
  const inDeviations: StudyResult = {
    ...other,
    provenance: { ...other.provenance, experiment: 'another' },
  };
  const right: StudyResult = { ...inDeviations, compat: 'higan' };

  test('is in units of the score on both sides, and so is the difference', () => {
    const rows = compareRows(left, right);
    const { head, rows: cells } = comparisonTable(left, right, rows);
    const unit = 'score units';
    assert.deepEqual(head.slice(1, 6), [
      ...[`left (${unit})`, `right (${unit})`, `difference (${unit})`, `low (${unit})`, `high (${unit})`],
    ]);
    rows.forEach(({ key }, i) => {
      const [a, b] = [left, right].map((each) => each.concepts.find(({ concept }) => concept === key)!);
      const raw = [a.effect!.deltaRaw, b.effect!.deltaRaw];
      assert.deepEqual(cells[i].slice(0, 4), [key, ...raw, raw[1] - raw[0]]);
    });
  });

  test('with one in standard deviations keeps each in its own unit, and takes no difference', () => {
    const rows = compareRows(left, inDeviations);
    const { head, rows: cells } = comparisonTable(left, inDeviations, rows);
    assert.deepEqual(head.slice(1, 4), ['left (score units)', 'right (SD)', 'difference']);
    rows.forEach(({ key, verdict, changed }, i) => {
      const [a, b] = [left, right].map(
        (each) => each.concepts.find(({ concept }) => concept === key)!.effect!,
      );
      assert.deepEqual(cells[i].slice(0, 4), [key, a.deltaRaw, b.delta, null]);
      assert.deepEqual([verdict, changed], ['unknown', a.moves !== b.moves]);
    });
    for (const paired of [null, { samples: 0, reason: 'whatever', concepts: [] }])
      assert.match(
        comparisonNote(left, inDeviations, paired),
        /^A counts in units of the score, B in standard deviations of the score, so there is no difference/,
      );
  });
});

describe('transition', () => {
  const view = {
    labels: ['wall', 'sofa', 'bed'],
    flow: [
      [0.5, 0, 0.02],
      [0.01, 0.1, 0.2],
      [0, 0, 0.17],
    ],
  };
  test('flows are the pixels that changed their label, largest first', () => {
    assert.deepEqual(
      flows(view).map(({ from, to }) => `${from} → ${to}`),
      ['sofa → bed', 'wall → bed', 'sofa → wall'],
    );
    assert.deepEqual(
      stays(view).map(({ kept }) => Number(kept.toFixed(3))),
      [0.962, 0.323, 1],
    );
  });

  test('bands fill both sides without overlapping', () => {
    const drawn = bands(flows(view), view.labels);
    for (const side of ['left', 'right'] as const) {
      const sorted = [...drawn].sort((a, b) => a[side] - b[side]);
      sorted.slice(1).forEach((band, index) => {
        assert.ok(Math.abs(band[side] - sorted[index][side] - sorted[index].height) < 1e-9);
      });
    }
    assert.ok(Math.abs(drawn.reduce((sum, band) => sum + band.height, 0) - 1) < 1e-9);
  });
});

describe('text', () => {
  test('CSV quotes what needs it, and no cell becomes a formula', () => {
    assert.equal(
      csv(
        ['a', 'b'],
        [
          ['x, "y"', -1.5],
          ['=cmd()', null],
        ],
      ),
      'a,b\r\n"x, ""y""",-1.5\r\n\'=cmd(),\r\n',
    );
  });

  test('Markdown keeps its columns whatever the text holds', () => {
    assert.equal(
      markdown(['note', 'n'], [['a|b\nc', 0.123456]]),
      '| note | n |\n| --- | --: |\n| a\\|b c | 0.1235 |\n',
    );
  });
});
