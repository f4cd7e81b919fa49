/** Checking models: how far it is, and that stopping it stops the checks. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { describe } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import { modelChecks } from '../../../src/engine/study';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder } from './folders';

describe('checking models', () => {
  test('tells of each, and begins none after it was stopped', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }]);
    const told: number[] = [];
    const checks = await modelChecks({ folder, device: 'cpu' }, { progress: ({ done }) => told.push(done) });
    assert.ok(checks.length >= 2, 'the bundled one is checked too');
    assert.deepEqual(told.at(-1), checks.length);

    const stop = new AbortController();
    let done = 0;
    const stopped = modelChecks(
      { folder, device: 'cpu', signal: stop.signal },
      {
        progress: (progress) => {
          ({ done } = progress);
          if (done === 1) stop.abort();
        },
      },
    );
    await assert.rejects(
      stopped,
      (error) =>
        error instanceof Failure && error.kind === 'interrupted' && /not checked/.test(error.message),
    );
    assert.equal(done, 1);
  });
});
