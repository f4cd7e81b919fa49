/** Generators of several classes: the mapping is told the class with every code. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { describe } from 'node:test';
import { drawCodes } from '../../../src/engine/latent';
import { loadModel } from '../../../src/engine/manifest';
import { openSessions } from '../../../src/engine/session';
import { runStudy } from '../../../src/engine/study';
import { Mapping } from '../../../src/engine/study/mapping';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';

const planted = ['one', 'two'].map((label, k) => ({ label, layers: [2 * k], scale: 1 }));
const D = 16;

describe('a class', () => {
  test('that an experiment names is the one that is probed', async (context) => {
    const folder = await temporaryFolder(context);
    const model = await writeLinearModel(path.join(folder, 'models'), planted, { D, classes: 2 });
    const samples = 600;
    const z = drawCodes({ seed: 3, purpose: 'probe', dim: D }, 0, samples);
    const means: number[][] = [];
    for (const classIndex of [0, 1]) {
      const file = await writeExperiment(
        folder,
        `generator: toy\npredictors: [toy]\nseed: 3\nclass: ${classIndex}\nprobe: { samples: ${samples} }\n`,
      );
      const { result } = await runStudy({ file, device: 'cpu', until: 'probe' });
      means.push(
        planted.map(({ label }, k) => {
          let mean = 0;
          for (let i = 0; i < samples; i++) {
            const w = model.mapped(z.subarray(i * D, (i + 1) * D), classIndex);
            mean +=
              model.score(
                label,
                Array.from({ length: model.L }, () => w),
              ) / samples;
          }
          const { probeMean } = result.concepts[k];
          assert.ok(
            Math.abs(probeMean - mean) < 1e-3,
            `${label} of class ${classIndex}: ${probeMean} for ${mean}`,
          );
          return probeMean;
        }),
      );
    }
    // A class shifts the concept that it is named for by 2 · gain.
    assert.ok(means[0][0] - means[1][0] > 0.2 && means[1][1] - means[0][1] > 0.2, JSON.stringify(means));
  });

  test('goes with every code, however many are mapped; the first where none is named', async (context) => {
    const toy = await writeLinearModel(await temporaryFolder(context), planted, { D, classes: 2 });
    const model = await loadModel(toy.folder);
    const sessions = await openSessions('cpu', { threads: 1 });
    context.after(() => sessions.close());
    const n = 600;
    const z = drawCodes({ seed: 1, purpose: 'probe', dim: D }, 0, n);
    for (const classIndex of [null, 1]) {
      const mapping = await Mapping.open(model, sessions, classIndex);
      const w = await mapping!.run(z, n);
      assert.equal(w.length, n * D);
      for (let i = 0; i < n; i++) {
        toy
          .mapped(z.subarray(i * D, (i + 1) * D), classIndex ?? 0)
          .forEach((x, j) =>
            assert.ok(Math.abs(w[i * D + j] - x) < 1e-5, `row ${i}: ${w[i * D + j]} for ${x}`),
          );
      }
    }
  });

  test('of which a manifest counts more than the mapping takes is refused, naming the count', async (context) => {
    const { folder } = await writeLinearModel(await temporaryFolder(context), planted, { D, classes: 2 });
    const manifest = path.join(folder, 'manifest.yaml');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('classes: 2', 'classes: 3'));
    const sessions = await openSessions('cpu', { threads: 1 });
    context.after(() => sessions.close());
    await assert.rejects(Mapping.open(await loadModel(folder), sessions, 2), {
      kind: 'bad-input',
      message: /'class' is \[B, 2\] where \[batch, 3\] is expected; correct generator\.classes/,
    });
  });
});
