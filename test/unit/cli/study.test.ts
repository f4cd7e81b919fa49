import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { before, describe } from 'node:test';
import { decode } from 'fast-png';
import { readBoundaryFile, readBoundaryList, readNpy } from '../../../src/engine/formats';
import { openStoreForReading } from '../../../src/engine/store/read';
import { readMoves } from '../../../src/engine/study/moves-document';
import { entanglementSchema, studyResultSchema, type StudyResult } from '../../../src/protocol/results';
import { writeLinearModel } from '../../fixtures/linear-model';
import { scratch } from '../experiment/models';
import { higan, start } from './higan';

/** A study of seconds on the bundled model. */
const small = `generator: rooms
seed: 3
probe: { samples: 160, positives: 30, negatives: 30 }
rescore: { samples: 24, nulls: 2, layers: [bottom, upper] }
concepts: [layout/*, attribute/bright, attribute/warm, color/brightness]
previews:
  light:
    samples: [2]
    edits:
      - { concept: attribute/bright, step: 1 }
`;

describe('a study on the bundled rooms', () => {
  const folder = scratch();
  let first: StudyResult;

  before(async () => {
    writeFileSync(path.join(folder, 'a.higan.yaml'), small);
    const { code, out, err } = await higan(folder, 'run', 'a.higan.yaml', '--json', '--device', 'cpu');
    assert.equal(code, 0, err);
    first = studyResultSchema.parse(JSON.parse(out));
  });

  test('runs through all stages, and its result is JSON', () => {
    assert.deepEqual(first.stages, ['probe', 'boundary', 'rescore', 'rank', 'layers']);
    assert.deepEqual(
      first.layerSets.map(({ name }) => name),
      ['bottom', 'upper'],
    );
    assert.equal(first.concepts.length, 4);
  });

  test('run again, answers from the store, and prints ranking and heatmap', async () => {
    const { code, out, err } = await higan(folder, 'run', 'a.higan.yaml', '--show');
    assert.equal(code, 0);
    assert.match(out, /Everything was in the store already/);
    assert.match(out, /Ranking of rooms: space w, 160 codes probed, 24 moved by 2\.0 σ, seed 3/);
    assert.match(out, /level +n +bottom +upper\n/);
    assert.match(out, /Results +\.higan\/results\/[0-9a-f]{64}\.json/);
    assert.doesNotMatch(err, /images in/);
    for (const line of out.split('\n').slice(0, -4)) assert.ok(line.length <= 100, line);
  });

  test('rank gives one row a concept, by the measure and of the level asked for', async () => {
    const rows = JSON.parse((await higan(folder, 'rank', 'a.higan.yaml', '--json')).out) as Record<
      string,
      unknown
    >[];
    assert.equal(rows.length, 4);
    for (const key of [
      'concept',
      'level',
      'delta',
      'deltaRaw',
      'low',
      'high',
      'null',
      'moves',
      'accuracy',
      'positiveShare',
      'layers',
    ]) {
      assert.ok(key in rows[0], key);
    }
    const attributes = JSON.parse(
      (await higan(folder, 'rank', 'a.higan.yaml', '--json', '--level', 'attribute', '--by', 'accuracy')).out,
    ) as { accuracy: number }[];
    assert.equal(attributes.length, 2);
    assert.ok(attributes[0].accuracy >= attributes[1].accuracy);
  });

  test('the share of missing scores is that of the codes without one', async () => {
    const store = await openStoreForReading(path.join(folder, '.higan'));
    const moves = await readMoves(store, first.provenance.experiment);
    const column = moves?.columns.indexOf('layout/corner') ?? -1;
    assert.ok(column >= 0);
    let [codes, without] = [0, 0];
    for (const chunk of [0, 1]) {
      const scores = await store.seriesNamed(moves?.probe ?? '').read(chunk);
      const [rows, width] = scores?.dims ?? [0, 0];
      codes += rows;
      for (let row = 0; row < rows; row++) if (Number.isNaN(scores?.data[row * width + column])) without++;
    }
    assert.equal(codes, 160);
    assert.ok(without > 0 && without < codes, `${without} corners are missing`);
    const missing = (of: { concept: string; missing?: unknown }[], concept: string): unknown =>
      of.find((one) => one.concept === concept)?.missing;
    const near = (share: unknown): boolean => Math.abs(Number(share) - without / codes) < 1e-9;
    assert.ok(near(missing(first.concepts, 'layout/corner')));
    assert.equal(missing(first.concepts, 'attribute/bright'), 0);
    const rows = JSON.parse((await higan(folder, 'rank', 'a.higan.yaml', '--json')).out) as {
      concept: string;
    }[];
    assert.ok(near(missing(rows, 'layout/corner')));
    const report = (await higan(folder, 'report', 'a.higan.yaml')).out;
    const share = `${((100 * without) / codes).toFixed(1)} %`;
    assert.match(report, new RegExp(`^\\| \\S+ \\| corner.* \\| ${share} \\|$`, 'm'));
    assert.match(report, /^\| \S+ \| bright.* \| – \|$/m);
  });

  test('layers and entanglement', async () => {
    const layers = JSON.parse((await higan(folder, 'layers', 'a.higan.yaml', '--json')).out) as {
      concepts: { layers: Record<string, { delta: number }> }[];
    };
    assert.deepEqual(Object.keys(layers.concepts[0].layers), ['bottom', 'upper']);
    const text = (await higan(folder, 'entanglement', 'a.higan.yaml')).out;
    assert.match(text, /attribute\/bright +\+\d/);
    const matrix = entanglementSchema.parse(
      JSON.parse((await higan(folder, 'entanglement', 'a.higan.yaml', '--json')).out),
    );
    matrix.rows.forEach((moved, i) => {
      const beyondChance = matrix.concepts.filter((concept, j) => {
        const { moves, meanInterval, downLow, nullDown } = matrix.effects[i][j];
        const lowered = meanInterval !== null && meanInterval.high < 0 && downLow! > nullDown!;
        return concept !== moved && (moves || lowered);
      });
      assert.deepEqual(
        matrix.sideEffects[i].map(({ concept }) => concept).sort(),
        beyondChance.sort(),
        moved,
      );
    });
    const wrong = await higan(folder, 'entanglement', 'a.higan.yaml', '--layers', 'middle');
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /it has: all, bottom, upper/);
  });

  test('transition says where the file names none', async () => {
    const none = await higan(folder, 'transition', 'a.higan.yaml');
    assert.equal(none.code, 2);
    assert.match(none.err, /names no transition: add `transitions:`/);
  });

  test('boundary export writes unit normals in both forms, and their list', async () => {
    const made = await higan(
      folder,
      'boundary',
      'export',
      'a.higan.yaml',
      '--out',
      'b',
      '--concepts',
      'attribute/*',
    );
    assert.equal(made.code, 0, made.err);
    const list = await readBoundaryList(path.join(folder, 'b', 'boundaries.txt'));
    assert.deepEqual(
      list.map(({ name, space }) => [name, space]),
      [
        ['bright', 'w'],
        ['warm', 'w'],
      ],
    );
    const plain = await readBoundaryFile(list[0].path);
    assert.equal(plain.dims[0], 1);
    assert.ok(Math.abs(Math.hypot(...plain.direction) - 1) < 1e-5);
    const args = ['--out', 'c', '--concepts', 'attribute/bright', '--dictionary'];
    assert.equal((await higan(folder, 'boundary', 'export', 'a.higan.yaml', ...args)).code, 0);
    const dictionary = await readBoundaryFile(path.join(folder, 'c', 'bright_w_boundary.npy'));
    assert.equal(dictionary.type, 'attribute');
    assert.ok(dictionary.layers && dictionary.layers.length > 0);
    assert.deepEqual([...dictionary.direction], [...plain.direction]);
  });

  test('export writes the layout of the reference, and what it wrote can be imported and forgotten', async () => {
    const made = await higan(folder, 'export', 'a.higan.yaml', '--higan', 'd', '--device', 'cpu');
    assert.equal(made.code, 0, made.err);
    assert.match(made.err, /^writing codes 160 codes in [^]*^writing scores 160 codes in /m);
    assert.match(made.out, /attribute\.npy +\[160, /);
    assert.match(made.out, /bright_w_scores\.npy +\[24, 4\]/);
    assert.match(made.out, /layer sets bottom, upper, where the reference/);
    const boundary = path.join('d', 'bright_w_boundary.npy');
    const imported = await higan(folder, 'boundary', 'import', 'a.higan.yaml', 'attribute/bright', boundary);
    assert.equal(imported.code, 0, imported.err);
    assert.match(imported.out, /attribute\/bright has the direction of .* now/);
    assert.match((await higan(folder, 'rank', 'a.higan.yaml')).err, /has changed since this was computed/);
    const forget = () => higan(folder, 'boundary', 'forget', 'a.higan.yaml', 'attribute/bright', '--json');
    assert.deepEqual(JSON.parse((await forget()).out), { forgotten: true });
    assert.deepEqual(JSON.parse((await forget()).out), { forgotten: false });
    const list = path.join('d', 'one.txt');
    writeFileSync(
      path.join(folder, list),
      '(bright, w): bright_w_boundary.npy\n(warm, z): warm_z_boundary.npy\n',
    );
    const all = await higan(folder, 'boundary', 'import', 'a.higan.yaml', '--list', list);
    assert.equal(all.code, 0, all.err);
    assert.match(
      all.out,
      /^attribute\/bright has the direction of [^]*^1 boundary in other spaces was left out/m,
    );
    assert.deepEqual(JSON.parse((await forget()).out), { forgotten: true });
    const neither = await higan(folder, 'boundary', 'import', 'a.higan.yaml', 'attribute/bright');
    assert.equal(neither.code, 2);
    assert.match(neither.err, /Name a concept and its file \(\.npy\), or a list of boundaries with --list/);
    const wrong = await higan(folder, 'boundary', 'import', 'a.higan.yaml', 'attribute/bright', 'd/z.npy');
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /shape|\[1, D\]/);
  });

  test('report is Markdown with what it takes to repeat the study', async () => {
    const { code, out } = await higan(folder, 'report', 'a.higan.yaml');
    assert.equal(code, 0);
    assert.match(out, /^# What rooms varies\n/);
    for (const hash of [first.provenance.experiment, first.provenance.graph])
      assert.ok(out.includes(hash.slice(0, 8)));
    assert.match(out, /attribute\/bright/);
  });

  test('a changed experiment is told from what was computed', async () => {
    writeFileSync(path.join(folder, 'a.higan.yaml'), small.replace('seed: 3', 'seed: 4'));
    const { code, err } = await higan(folder, 'rank', 'a.higan.yaml');
    writeFileSync(path.join(folder, 'a.higan.yaml'), small);
    assert.equal(code, 0);
    assert.match(err, /has changed since this was computed/);
  });

  test('plan says what is there and runs nothing', async () => {
    const { code, out } = await higan(folder, 'run', 'a.higan.yaml', '--plan', '--json', '--device', 'cpu');
    assert.equal(code, 0);
    const plan = JSON.parse(out) as { images: number; cached: number };
    assert.ok(plan.images > 160);
    assert.equal(plan.cached, plan.images);
  });

  test('edit writes before, half-way and after, and one sheet', async () => {
    const { code, out } = await higan(
      folder,
      'edit',
      'a.higan.yaml',
      'light',
      '--out',
      'light',
      '--device',
      'cpu',
    );
    assert.equal(code, 0);
    assert.match(out, /sample +score of +before +× 0\.5 +× 1\n/);
    assert.deepEqual(readdirSync(path.join(folder, 'light')), [
      '000002_step0.5.png',
      '000002_step0.png',
      '000002_step1.png',
      'sheet.png',
    ]);
    const unknown = await higan(folder, 'edit', 'a.higan.yaml', 'dark');
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /has no preview 'dark'; it has light\.\n$/);
    const mistyped = await higan(folder, 'edit', 'a.higan.yaml', 'ligth');
    assert.match(mistyped.err, /has no preview 'ligth'; it has light\. Did you mean 'light'\?\n$/);
  });

  test('sample writes PNGs and unclipped numbers; score reads them', async () => {
    const made = await higan(
      folder,
      'sample',
      'rooms',
      '--seed',
      '3',
      '--indices',
      '2,5-6',
      '--out',
      's',
      '--npy',
      's.npy',
      '--sheet',
      's.png',
      '--device',
      'cpu',
    );
    assert.equal(made.code, 0, made.err);
    const sheet = decode(readFileSync(path.join(folder, 's.png')));
    assert.ok(sheet.width > 3 * sheet.height - 8, 'three images side by side');
    assert.deepEqual(readdirSync(path.join(folder, 's')), ['000002.png', '000005.png', '000006.png']);
    const array = await readNpy(path.join(folder, 's.npy'));
    const png = decode(readFileSync(path.join(folder, 's', '000002.png')));
    assert.deepEqual(array.dims, [3, 3, png.height, png.width]);
    const before = decode(readFileSync(path.join(folder, 'light', '000002_step0.png')));
    assert.deepEqual([...png.data], [...before.data], 'sample 2 of a seed is the same image everywhere');
    const scored = await higan(folder, 'score', 'rooms,color', '--images', 's', '--json', '--device', 'cpu');
    const rows = JSON.parse(scored.out) as { image: string; scores: Record<string, number> }[];
    assert.deepEqual(
      rows.map(({ image }) => image),
      ['000002.png', '000005.png', '000006.png'],
    );
    assert.ok(rows[0].scores['attribute/bright'] > 0 && 'color/hue 11' in rows[0].scores);
  });

  test('store shows the study; prune keeps what is named and deletes what is not', async () => {
    const sizes = JSON.parse((await higan(folder, 'store', 'a.higan.yaml', '--json')).out) as {
      bytes: number;
      studies: { file: string; current: boolean }[];
    };
    assert.deepEqual(
      sizes.studies.map(({ file, current }) => [file, current]),
      [['a.higan.yaml', true]],
    );
    assert.equal((await higan(folder, 'store', 'prune', 'a.higan.yaml')).code, 0);
    const again = JSON.parse((await higan(folder, 'rank', 'a.higan.yaml', '--json')).out) as unknown[];
    assert.equal(again.length, 4);
    // Without its pointer nothing names what was computed.
    rmSync(path.join(folder, '.higan', 'experiments'), { recursive: true });
    const pruned = await higan(folder, 'store', 'prune', 'a.higan.yaml');
    assert.match(pruned.err, /^deleting +\d+ items in .* s\n$/m);
  });
});

test('what a weak predictor scores is marked wherever its concepts appear', async () => {
  const folder = scratch();
  const planted = ['one', 'two'].map((label, k) => ({ label, layers: [2 * k], scale: 1 }));
  const model = await writeLinearModel(path.join(folder, 'models'), planted, { D: 8 });
  const manifest = path.join(model.folder, 'manifest.yaml');
  const written = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, written.replace(/^( *)level: attribute$/m, '$&\n$1error: { r2: [0.1, 0.9] }'));
  const text = `generator: toy
predictors: [toy]
probe: { samples: 200, positives: 40 }
rescore: { samples: 24, layers: none, nulls: 2 }
`;
  writeFileSync(path.join(folder, 'a.higan.yaml'), text);
  const sentence = /^Weak predictor: .* 10 % of the truth's variance \(R² 0\.10, below 0\.3\)/;
  const isMarked = (json: string): void => {
    const parsed = JSON.parse(json) as StudyResult | StudyResult['concepts'];
    const concepts = Array.isArray(parsed) ? parsed : parsed.concepts;
    const markOf = (concept: string): string | null | undefined =>
      concepts.find((one) => one.concept === concept)?.weakPredictor;
    assert.match(markOf('attribute/one') ?? '', sentence);
    assert.equal(markOf('attribute/two'), null);
  };
  const ran = await higan(folder, 'run', 'a.higan.yaml', '--json', '--device', 'cpu');
  assert.equal(ran.code, 0, ran.err);
  isMarked(ran.out);
  isMarked((await higan(folder, 'rank', 'a.higan.yaml', '--json')).out);

  const { out: ranking } = await higan(folder, 'rank', 'a.higan.yaml');
  assert.match(ranking, /^ *\d +one \* /m);
  assert.match(ranking, /^ *\d +two +[^* ]/m);
  assert.match(ranking, /^ *\* attribute\/one: Weak predictor: /m);
  const { out: report } = await higan(folder, 'report', 'a.higan.yaml');
  assert.match(report, /^\| \d \| one \(weak predictor\) \|/m);
  assert.match(report, /^\| \d \| two \|/m);
});

test('a transition shows how far it is, and its numbers are those that people count', async () => {
  const folder = scratch();
  const walks = `${small}transitions:\n  - { path: [living room, bedroom], samples: 3 }\n`;
  writeFileSync(path.join(folder, 'a.higan.yaml'), walks);
  const fitted = await higan(folder, 'run', 'a.higan.yaml', '--until', 'boundary', '--device', 'cpu');
  assert.equal(fitted.code, 0, fitted.err);
  const { code, err } = await higan(folder, 'transition', 'a.higan.yaml', '--number', '1', '--device', 'cpu');
  assert.equal(code, 0, err);
  // Between them lines of how far it is, where the machine is slow.
  assert.match(err, /^looking for samples of living room 3 samples in /m);
  assert.match(err, /^following the pixels 9 images in /m);
  const none = await higan(folder, 'transition', 'a.higan.yaml', '--number', '5');
  assert.equal(none.code, 2);
  assert.match(none.err, /has 1 transition, the number 1; there is none with the number 5\.\n$/);
});

test('Ctrl-C leaves a store that the next run goes on from, with the same result', async () => {
  const folder = scratch();
  const larger = small.replace('samples: 160', 'samples: 400');
  writeFileSync(path.join(folder, 'a.higan.yaml'), larger);
  const running = start(folder, ['run', 'a.higan.yaml', '--device', 'cpu']);
  // Stopped once the first chunk is there.
  const chunks = path.join(folder, '.higan', 'chunks');
  const written = (): boolean => {
    try {
      return readdirSync(chunks, { recursive: true }).some((name) => String(name).endsWith('.npy'));
    } catch {
      return false;
    }
  };
  while (!written() && running.process.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  running.process.kill('SIGINT');
  const stopped = await running.done;
  assert.equal(stopped.code, 130, stopped.err);
  assert.match(stopped.err, /Stopping after this batch/);

  const resumed = await higan(folder, 'run', 'a.higan.yaml', '--json', '--device', 'cpu');
  assert.equal(resumed.code, 0, resumed.err);
  assert.match(resumed.err, /from the store/);
  const alone = await higan(folder, 'run', 'a.higan.yaml', '--json', '--device', 'cpu', '--store', 'other');
  const concepts = (ran: { out: string }): unknown => (JSON.parse(ran.out) as StudyResult).concepts;
  assert.deepEqual(concepts(resumed), concepts(alone));
});

test('space y fits a boundary a layer, and tells the terminal nothing but its progress', async () => {
  const folder = scratch();
  const layered = small
    .replace('seed: 3', 'seed: 3\nspace: y\nboundary: { method: lda }')
    .replace(/concepts: .*/, 'concepts: [attribute/bright, attribute/warm]');
  writeFileSync(path.join(folder, 'a.higan.yaml'), layered);
  const { code, err } = await higan(folder, 'run', 'a.higan.yaml', '--device', 'cpu', '--until', 'boundary');
  assert.equal(code, 0, err);
  assert.deepEqual(
    err.split('\n').filter((line) => !/^(Opening|Running|probe|boundary|$)/.test(line)),
    [],
  );
});
