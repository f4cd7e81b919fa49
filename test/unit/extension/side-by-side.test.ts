/** Several requests of one window in the one inference process: nothing of one is mixed into another. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { describe } from 'node:test';
import { runStudy } from '../../../src/engine/study';
import type { StudyResult } from '../../../src/protocol/results';
import { writeLinearModel } from '../../fixtures/linear-model';
import { contents, temporaryFolder, timeless, writeExperiment } from '../study/folders';
import { ears, never, owner, textOf, toyStudy } from './owner';

describe('two studies of one folder', () => {
  test('run at once, in one store, and each is what it is alone', async (context) => {
    const { folder, file } = await toyStudy(context, textOf(20_000, 300));
    const other = await writeExperiment(
      folder,
      textOf(12_000, 200).replace('seed: 3', 'seed: 4'),
      'b.higan.yaml',
    );
    const files = [file, other];
    const { client } = owner(context);
    const totals = files.map(() => new Set<number>());
    const order: number[] = [];
    const outcomes = await Promise.all(
      files.map((one, k) =>
        client.run(
          { file: one, device: 'cpu' },
          ears(({ stage, total, done }) => {
            if (stage === 'probe') totals[k].add(total);
            if (done > 0) order.push(k);
          }),
          never,
        ),
      ),
    );
    assert.deepEqual(totals, [new Set([20_000]), new Set([12_000])], 'each is told of its own progress');
    assert.ok(
      order.lastIndexOf(0) > order.indexOf(1) && order.lastIndexOf(1) > order.indexOf(0),
      'side by side',
    );
    const alone = path.join(folder, 'alone');
    for (const [k, one] of files.entries()) {
      const { result } = await runStudy({ file: one, store: alone, device: 'cpu' });
      assert.deepEqual(timeless(outcomes[k].result), timeless(result));
    }
    assert.deepEqual(await contents(path.join(folder, '.higan')), await contents(alone));
  });
});

describe('a study', () => {
  test('of more concepts than are told at once is what it is without anybody listening', async (context) => {
    const folder = await temporaryFolder(context);
    const planted = Array.from({ length: 450 }, (_, k) => ({
      label: `number ${k}`,
      scale: 1,
      layers: [k % 4],
    }));
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const text = textOf(1000, 24).replace('top: all', 'top: 2').replace('positives: 300', 'positives: 60');
    const file = await writeExperiment(folder, text);
    const told: StudyResult[] = [];
    const { client } = owner(context);
    const { result } = await client.run(
      { file, device: 'cpu' },
      { progress: () => undefined, partial: (soFar) => told.push(soFar) },
      never,
    );
    assert.deepEqual(told.at(-1), result);
    const alone = await runStudy({ file, store: path.join(folder, 'alone'), device: 'cpu' });
    assert.deepEqual(timeless(result), timeless(alone.result));
    assert.ok(
      told.every(({ concepts }) => concepts.length === planted.length),
      'a result is told once all its pieces are there',
    );
  });

  test('can be run again while the run that was cancelled still stops', async (context) => {
    const { file } = await toyStudy(context, textOf(20_000, 200));
    const { client } = owner(context);
    const cancel = new AbortController();
    const first = client.run(
      { file, device: 'cpu' },
      ears(({ done }) => done > 0 && cancel.abort()),
      cancel.signal,
    );
    await assert.rejects(first, { name: 'CancelledError' });
    const { result } = await client.run({ file, device: 'cpu' }, ears(), never);
    assert.equal(result.probed, 20_000);
  });

  test('keeps its device when something else is asked for on another', async (context) => {
    const { file } = await toyStudy(context, textOf(40_000, 200));
    const { client } = owner(context);
    const elsewhere: Promise<unknown>[] = [];
    const { result } = await client.run(
      { file, device: 'cpu' },
      ears(({ done }) => {
        if (done > 0 && elsewhere.length === 0)
          elsewhere.push(client.call('plan', { file, device: 'webgpu' }).catch((error: unknown) => error));
      }),
      never,
    );
    assert.equal(result.probed, 40_000);
    assert.match(String(await elsewhere[0]), /A study is running on cpu/);
  });
});
