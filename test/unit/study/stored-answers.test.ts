/** What is there already is the answer, and stays, whatever else is asked of the store. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { openStore } from '../../../src/engine/store';
import { readEntanglementOf, readStudy, runStudy } from '../../../src/engine/study';
import type { StudyResult } from '../../../src/protocol/results';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';

const experiment = `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 600, positives: 60 }
rescore: { samples: 40, layers: none, nulls: 2 }
`;

test('a finished study stays when fewer stages are run on another device, and answers while somebody writes', async (context) => {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }], { D: 8 });
  const file = await writeExperiment(folder, experiment);
  const whole = await runStudy({ file, device: 'cpu' });

  // As if a GPU had computed it.
  const stored = JSON.parse(await readFile(whole.path, 'utf8')) as StudyResult;
  stored.provenance.device = 'webgpu';
  await writeFile(whole.path, JSON.stringify(stored));
  const short = await runStudy({ file, device: 'cpu', until: 'boundary' });
  assert.deepEqual([short.cached, short.result.stages], [false, ['probe', 'boundary']]);
  const kept = await readStudy({ file });
  assert.deepEqual(kept?.result.stages, whole.result.stages);
  assert.equal((await readEntanglementOf({ file })).rows.length, 1, 'the moves are still named');

  // Another text of the same meaning, while another process has the store.
  const text = `${experiment}# seen\n`;
  const lock = await (await openStore(path.join(folder, '.higan'), { write: true })).lock();
  try {
    const answer = await runStudy({ file, text });
    assert.deepEqual([answer.cached, answer.result.stages], [true, whole.result.stages]);
  } finally {
    await lock.release();
  }
});
