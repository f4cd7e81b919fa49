/** A plan announces what `run` would do, and that is nothing where the store answers. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { planStudy, runStudy } from '../../../src/engine/study';
import { writeLinearModel } from '../../fixtures/linear-model';
import { onAnotherMachine } from './another-machine';
import { temporaryFolder, writeExperiment } from './folders';
import { previewedStudy } from './previewed';

test('a study that was computed on another machine costs nothing where its result is taken', async (context) => {
  const file = await previewedStudy(context);
  onAnotherMachine(context);

  const plan = await planStudy({ file, device: 'cpu', until: 'boundary' });
  assert.ok((await runStudy({ file, device: 'cpu', until: 'boundary' })).cached);
  assert.deepEqual(
    plan.stages.map(({ stage, cached, total, seconds, bytes }) => [stage, total - cached, seconds, bytes]),
    [
      ['probe', 0, 0, 0],
      ['boundary', 0, 0, 0],
    ],
  );
  assert.equal(plan.cached, plan.images);
  assert.equal(plan.seconds, 0);

  // Of the stages that it has not reached, this machine would have to begin anew.
  const more = await planStudy({ file, device: 'cpu', until: 'rank' });
  assert.deepEqual(
    more.stages.map(({ stage, cached }) => [stage, cached]),
    [
      ['probe', 0],
      ['boundary', 0],
      ['rescore', 0],
      ['rank', 0],
    ],
  );
});

const experiment = `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 400, positives: 40 }
boundary: { method: lda }
rescore: { samples: 24, layers: groups, nulls: 2, top: all }
`;

test('of a finished study nothing is left, also where a concept has no direction', async (context) => {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [
    { label: 'one', layers: [0], scale: 1 },
    { label: 'still', layers: [], scale: 1 },
  ]);
  const file = await writeExperiment(folder, experiment);
  const { result } = await runStudy({ file, device: 'cpu' });
  assert.deepEqual(
    result.concepts.map(({ noBoundary }) => noBoundary === null),
    [true, false],
  );
  const { stages, seconds, bytes } = await planStudy({ file, device: 'cpu' });
  assert.deepEqual(
    stages.map(({ stage, total, cached }) => [stage, total, cached]),
    [
      ['probe', 400, 400],
      ['boundary', 1, 1],
      // One concept and two random directions; the originals too, once for all layer sets.
      ['rescore', 4 * 24, 4 * 24],
      ['rank', 0, 0],
      ['layers', 2 * 3 * 24, 2 * 3 * 24],
    ],
  );
  assert.deepEqual([seconds, bytes], [0, 0]);
});
