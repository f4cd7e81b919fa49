/** A study leaves in the reference's layout, with the numbers of the store, and comes back from there. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import test, { describe } from 'node:test';
import { drawCodes } from '../../../src/engine/latent';
import { asFloat32, readNpy } from '../../../src/engine/formats';
import { readRescored, readScoreTable } from '../../fixtures/exported-scores';
import { exportHigan, importBoundaries, runStudy, sampleImages } from '../../../src/engine/study';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';

const planted = [
  { label: 'one', layers: [0], scale: 1 },
  { label: 'two words', layers: [3], scale: 1 },
];
const experiment = `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 1500, positives: 150 }
boundary: { method: lda }
`;
const each = `${experiment}rescore: { samples: 150, layers: each, top: all, nulls: 2 }\n`;

describe('an export in the layout of the reference', () => {
  test('holds codes, scores, boundaries and re-scored columns of the study', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, each);
    const { result } = await runStudy({ file, device: 'cpu' });
    const out = path.join(folder, 'out');
    const summary = await exportHigan({ file, folder: out, device: 'cpu' });
    assert.deepEqual((await readdir(out)).sort(), [
      'attribute.npy',
      'boundaries.txt',
      'one_w_boundary.npy',
      'one_w_scores.npy',
      'two_words_w_boundary.npy',
      'two_words_w_scores.npy',
      'w.npy',
      'wp.npy',
      'z.npy',
    ]);
    assert.deepEqual(
      summary.files.map(({ path: at }) => path.basename(at)).sort(),
      (await readdir(out)).sort(),
    );
    assert.deepEqual(summary.notes, [
      'Codes were moved by 2 σ; the reference moves by a plain λ (`unit: raw`).',
    ]);

    const z = await readNpy(path.join(out, 'z.npy'));
    assert.deepEqual(z.dims, [1500, 16]);
    assert.deepEqual(z.data, drawCodes({ seed: 3, purpose: 'probe', dim: 16 }, 0, 1500));
    assert.deepEqual((await readNpy(path.join(out, 'w.npy'))).dims, [1500, 16]);
    assert.deepEqual((await readNpy(path.join(out, 'wp.npy'))).dims, [1500, 4, 16]);

    const table = await readScoreTable(path.join(out, 'attribute.npy'));
    assert.deepEqual(table.names, ['one', 'two_words']);
    const mean = table.scores.reduce((sum, x, i) => sum + (i % 2 === 0 ? x : 0), 0) / 1500;
    assert.ok(Math.abs(mean - result.concepts[0].probeMean) < 1e-9);

    for (const [i, name] of ['one', 'two_words'].entries()) {
      const { scores, columns, samples } = await readRescored(path.join(out, `${name}_w_scores.npy`));
      assert.deepEqual([samples, columns], [150, 2 + 4]);
      const delta = (column: number): number => {
        let sum = 0;
        for (let k = 0; k < samples; k++) {
          sum += Math.max(Math.fround(scores[k * columns + column] - scores[k * columns]), 0);
        }
        return sum / samples;
      };
      const close = (actual: number, expected: number | undefined): void =>
        assert.ok(Math.abs(actual - (expected ?? NaN)) < 1e-9, `${actual} ${expected}`);
      close(delta(1), result.concepts[i].effect?.deltaRaw);
      result.concepts[i].layers?.forEach((effect, l) => close(delta(2 + l), effect.deltaRaw));
    }
  });

  test('comes back: codes make images, boundaries are imported', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, each);
    await runStudy({ file, device: 'cpu', until: 'boundary' });
    const out = path.join(folder, 'out');
    await exportHigan({ file, folder: out, device: 'cpu', form: 'dictionary' });
    const { imported, elsewhere } = await importBoundaries({ file, list: path.join(out, 'boundaries.txt') });
    assert.deepEqual(
      imported.map(({ concept, note }) => [concept, note]),
      planted.map(({ label }) => [`attribute/${label}`, null]),
    );
    assert.equal(elsewhere, 0);
    const images = [];
    const from = path.join(folder, 'a.higan.yaml');
    for (const space of ['w', 'wp'] as const) {
      const array = await readNpy(path.join(out, `${space}.npy`));
      const size = array.data.length / 1500;
      const codes = { data: asFloat32(array).slice(0, size), dims: [1, ...array.dims.slice(1)], space };
      const model = path.join(folder, 'models', 'toy');
      for await (const { image } of sampleImages({ model, from: path.dirname(from), codes, device: 'cpu' })) {
        images.push(image);
      }
    }
    assert.deepEqual(images[0], images[1]);
  });

  test('says which columns there are when layers were analysed in groups, and for some concepts only', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(
      folder,
      `${experiment}rescore: { samples: 60, layers: groups, top: 1, nulls: 2, unit: raw }\n`,
    );
    const { result } = await runStudy({ file, device: 'cpu' });
    const { files, notes } = await exportHigan({
      file,
      folder: path.join(folder, 'out'),
      device: 'cpu',
      codes: ['z'],
    });
    const second = result.concepts.find(({ rank }) => rank === 2)?.concept;
    assert.deepEqual(
      files
        .filter(({ path: at }) => at.endsWith('_scores.npy'))
        .map(({ shape }) => shape[1])
        .sort(),
      [2, 4],
    );
    assert.match(notes[0], /layer sets bottom, top, where the reference has one for each of the 4 layers/);
    assert.match(notes[1], new RegExp(`all layers only: ${second} `));
    assert.ok(!files.some(({ path: at }) => at.endsWith('wp.npy')));
  });

  test('in space z carries its space in the names', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, `${each}space: z\n`);
    await runStudy({ file, device: 'cpu', until: 'rescore' });
    const { files, notes } = await exportHigan({ file, folder: path.join(folder, 'out'), device: 'cpu' });
    assert.ok(files.some(({ path: at }) => at.endsWith('one_z_scores.npy')));
    assert.match(notes.join('\n'), /Not analysed by layer/);
  });

  test('of a file that was edited since its run is refused', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, each);
    const attempt = () => exportHigan({ file, folder: path.join(folder, 'out'), device: 'cpu' });
    await assert.rejects(attempt(), /has not been run yet/);
    await runStudy({ file, device: 'cpu', until: 'probe' });
    await writeExperiment(folder, each.replace('seed: 3', 'seed: 4'));
    await assert.rejects(attempt(), /has changed since its study was run/);
  });
});
