/** A plan announces what `run` would do, and that is nothing where the store answers. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { planStudy, runStudy } from '../../../src/engine/study';
import { onAnotherMachine } from './another-machine';
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
