/** A plan announces what `run` would do, and that is nothing where the store answers. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { planStudy, runStudy } from '../../../src/engine/study';
import { onAnotherMachine } from './another-machine';
import { previewedStudy } from './previewed';
import { smallStudy } from './small-study';

const opensNothing = (): never => assert.fail('a model is opened');

test('a study that was computed on another machine costs nothing where its result is taken', async (context) => {
  const file = await previewedStudy(context);
  onAnotherMachine(context);

  const plan = await planStudy({ file, device: 'cpu', until: 'boundary' }, opensNothing);
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

test('of a finished study nothing is left and no model is opened, also where a concept has no direction', async (context) => {
  const file = await smallStudy(context, { still: true });
  const { result } = await runStudy({ file, device: 'cpu' });
  assert.deepEqual(
    result.concepts.map(({ noBoundary }) => noBoundary === null),
    [true, false],
  );
  const { stages, seconds, bytes, rate, device } = await planStudy({ file, device: 'cpu' }, opensNothing);
  assert.deepEqual(
    stages.map(({ stage, total, cached }) => [stage, total, cached]),
    [
      ['probe', 1500, 1500],
      ['boundary', 1, 1],
      // One concept and two random directions; the originals too, once for all layer sets.
      ['rescore', 4 * 60, 4 * 60],
      ['rank', 0, 0],
      ['layers', 2 * 3 * 60, 2 * 3 * 60],
    ],
  );
  assert.deepEqual([seconds, bytes, rate, device], [0, 0, null, 'cpu']);
});
