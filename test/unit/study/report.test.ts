/** The report says what was done, how, with which files, and what came out; it runs no model. */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { describe } from 'node:test';
import { runStudy, studyReport } from '../../../src/engine/study';
import { temporaryFolder, writeExperiment } from './folders';
import { smallExperiment, smallStudy } from './small-study';

describe('a report', () => {
  test('names every setting, hash and result of the stored study', async (context) => {
    const file = await smallStudy(context, { still: true });
    const { result } = await runStudy({ file, device: 'cpu' });
    const report = await studyReport({ file });
    const { provenance } = result;
    for (const hash of [
      provenance.text,
      provenance.experiment,
      provenance.graph,
      ...Object.values(provenance.models),
    ]) {
      assert.ok(report.includes(hash), hash);
    }
    assert.match(report, /\| seed \| 3 \|/);
    assert.match(report, /\| probe.positives, probe.negatives \| 150, 150 \|/);
    assert.match(report, /\| boundary \| lda, C = 1, validation 0.3 \|/);
    assert.match(report, /\| machine \| .+ × \d+/);
    assert.match(report, /linear discriminant analysis; 30.0 % of the codes held out/);
    const one = result.concepts.find(({ concept }) => concept === 'attribute/one');
    const delta = one?.effect?.delta.toFixed(2);
    assert.match(report, new RegExp(`\\| 1 \\| one \\| ${delta} \\| .* to .* \\| .* \\| moves \\|`));
    assert.match(report, /attribute\/still: Too few distinct scores/);
    assert.match(report, /\| concept \| bottom \(0-1\) \| top \(2-3\) \|/);
    assert.match(report, /arXiv:1911\.09267/);
    assert.doesNotMatch(report, /undefined|NaN|\[object/);
  });

  test('of a file that has changed says so, and tells what the result knows', async (context) => {
    const file = await smallStudy(context);
    await runStudy({ file, device: 'cpu', until: 'boundary' });
    await writeFile(file, smallExperiment.replace('seed: 3', 'seed: 4'));
    const report = await studyReport({ file });
    assert.match(report, /has changed since this was computed/);
    assert.match(report, /not finished: stages done are probe, boundary/);
    assert.match(report, /\| seed \| 3 \|/);
  });

  test('of a study that stopped before re-scoring has the settings that the file asks for', async (context) => {
    const file = await smallStudy(context);
    await runStudy({ file, device: 'cpu', until: 'probe' });
    assert.match(await studyReport({ file }), /\| rescore\.samples \| 60 \|/);
    await rm(path.join(file, '../models'), { recursive: true });
    assert.match(await studyReport({ file }), /\| rescore\.samples \| not reached \|/);
  });

  test('needs no models', async (context) => {
    const file = await smallStudy(context);
    await runStudy({ file, device: 'cpu', until: 'rank' });
    await rm(path.join(file, '../models'), { recursive: true });
    assert.match(await studyReport({ file }), /\| 1 \| one \|/);
  });

  test('of a file that was never run is refused', async (context) => {
    const file = await writeExperiment(await temporaryFolder(context), smallExperiment);
    await assert.rejects(studyReport({ file }), /has not been run yet/);
  });
});
