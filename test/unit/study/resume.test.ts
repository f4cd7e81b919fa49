/** Killed at any instant, cut into any batches, on any number of threads: the same study, byte for byte. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { describe } from 'node:test';
import { workerFile } from '../../../src/engine/worker-file';
import { openStore, prune } from '../../../src/engine/store';
import { namedExperiments } from '../../../src/engine/store/read';
import { prepareStudy, readStudy, runStudy, studyReport } from '../../../src/engine/study';
import type { Stage } from '../../../src/protocol/experiment';
import { writeLinearModel } from '../../fixtures/linear-model';
import { Stream } from '../../../src/engine/latent';
import { contents, temporaryFolder, timeless, writeExperiment } from './folders';

const experiment = `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 3000, positives: 300 }
rescore: { samples: 150, layers: groups, top: all, nulls: 2 }
`;
const planted = [
  { label: 'one', layers: [0], scale: 1 },
  { label: 'two', layers: [2], scale: 1 },
];

/** Runs `higan run` in a process of its own and kills it after `milliseconds`; null lets it end. */
function runProcess(file: string, store: string, milliseconds: number | null): Promise<number | null> {
  const { child, ended } = startRun(file, store);
  const timer = milliseconds === null ? null : setTimeout(() => child.kill('SIGKILL'), milliseconds);
  return ended.finally(() => timer && clearTimeout(timer));
}

/** Starts `higan run` in a process of its own. */
function startRun(file: string, store: string): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(
    process.execPath,
    [workerFile('higan'), 'run', file, '--store', store, '--device', 'cpu'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  return { child, ended };
}

describe('a study', () => {
  test('killed a dozen times and run again is the study left alone, byte for byte', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, experiment);
    const calm = path.join(folder, 'calm');
    const { result } = await runStudy({ file, store: calm, device: 'cpu' });

    const store = path.join(folder, 'killed');
    const stream = new Stream(5, 'toy', 0);
    let finished = 0;
    for (let kill = 0; kill < 12; kill++) {
      if ((await runProcess(file, store, 250 + stream.below(1500))) === 0) finished++;
    }
    assert.ok(finished < 12, 'at least one kill has to hit');
    assert.equal(await runProcess(file, store, null), 0);
    const again = await runStudy({ file, store, device: 'cpu' });
    assert.ok(again.cached, 'everything is in the store now');
    assert.deepEqual(timeless(again.result), timeless(result));
    assert.deepEqual(await contents(store), await contents(calm));
  });

  test('killed in the middle keeps what it did through a prune, beside the result of an earlier text', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const first = experiment.replace('samples: 3000, positives: 300', 'samples: 300, positives: 60');
    const file = await writeExperiment(folder, first);
    const { result } = await runStudy({ file, device: 'cpu' });
    // Larger than can be probed before it is killed.
    await writeExperiment(
      folder,
      experiment.replace('seed: 3', 'seed: 4').replace('samples: 3000', 'samples: 300000'),
    );
    const store = path.join(folder, '.higan');
    const before = (await contents(store)).size;
    const { child, ended } = startRun(file, store);
    while ((await contents(store)).size < before + 3) await new Promise((next) => setTimeout(next, 20));
    child.kill('SIGKILL');
    await ended;
    const left = await contents(store);
    const kept = await openStore(store, { write: true });
    await prune(kept, () => namedExperiments(kept));
    assert.deepEqual(await contents(store), left);
    const latest = await kept.readLatest(file);
    assert.deepEqual(
      latest && timeless(latest.result),
      timeless(result),
      'the last result can still be seen',
    );
    // Once the file means something else again, the unfinished run is nobody's.
    await writeExperiment(folder, first.replace('seed: 3', 'seed: 5'));
    await runStudy({ file, device: 'cpu', until: 'probe' });
    await prune(kept, () => namedExperiments(kept));
    for (const chunk of [...left.keys()].filter((name) => name.startsWith('chunks'))) {
      assert.ok(!(await contents(store)).has(chunk), chunk);
    }
  });

  /** Runs a study and stops it, as Ctrl-C does, at the first word of a stage. */
  async function stoppedAt(wanted: Stage, file: string): Promise<void> {
    const cancel = new AbortController();
    await assert.rejects(
      runStudy(
        { file, device: 'cpu', signal: cancel.signal },
        { progress: ({ stage }) => stage === wanted && cancel.abort() },
      ),
      { kind: 'interrupted' },
    );
  }

  const small = experiment.replace('samples: 3000, positives: 300', 'samples: 300, positives: 60');

  test('of a changed text, stopped before it ranks, leaves the earlier ranking the latest', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, small);
    const { result } = await runStudy({ file, device: 'cpu', until: 'rank' });
    await writeExperiment(folder, small.replace('seed: 3', 'seed: 4'));
    const { hash } = await prepareStudy({ file });
    const store = await openStore(path.join(folder, '.higan'), { write: true });
    for (const stage of ['probe', 'boundary', 'rescore'] as const) {
      await stoppedAt(stage, file);
      const left = await contents(store.folder);
      await prune(store, () => namedExperiments(store));
      assert.deepEqual(await contents(store.folder), left, `${stage}: both are named`);
      const latest = await store.readLatest(file);
      assert.deepEqual(latest && timeless(latest.result), timeless(result), stage);
      assert.equal(latest?.pointer.unfinished, hash, stage);
    }
    await runStudy({ file, device: 'cpu', until: 'rank' });
    const pointer = await store.readPointer(file);
    assert.deepEqual([pointer?.experiment, pointer?.unfinished], [hash, undefined]);
  });

  test('of a changed text, stopped once it has a ranking, is the latest', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, small);
    await runStudy({ file, device: 'cpu', until: 'rank' });
    await writeExperiment(folder, small.replace('seed: 3', 'seed: 4'));
    await stoppedAt('layers', file);
    const latest = await readStudy({ file });
    assert.ok(latest?.sameMeaning);
    assert.deepEqual(latest.result.stages, ['probe', 'boundary', 'rescore', 'rank']);
  });

  test('stopped early is the latest of a file that had no result, or one that says no more', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, small);
    await stoppedAt('boundary', file);
    assert.deepEqual((await readStudy({ file }))?.result.stages, ['probe']);
    await writeExperiment(folder, small.replace('seed: 3', 'seed: 4'));
    await stoppedAt('boundary', file);
    assert.ok((await readStudy({ file }))?.sameMeaning);
  });

  test('stopped again does not lose what of its ranking the first stop left', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, small);
    await stoppedAt('layers', file);
    const before = (await readStudy({ file }))?.result;
    await stoppedAt('rescore', file);
    assert.deepEqual((await readStudy({ file }))?.result, before);
  });

  test('runs again where its result is damaged, and sets the damaged file aside', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, experiment);
    const { result, path: stored } = await runStudy({ file, device: 'cpu' });
    const store = path.join(folder, '.higan');
    const records = [stored, ...['runs', 'experiments'].map((part) => path.join(store, part))];
    for (const record of records) {
      const name = record === stored ? record : path.join(record, (await readdir(record))[0]);
      await writeFile(name, '{"torn');
    }
    const again = await runStudy({ file, device: 'cpu' });
    assert.deepEqual(timeless(again.result), timeless(result));
    assert.equal((await readdir(path.join(store, 'damaged'))).length, 3);
    assert.ok((await runStudy({ file, device: 'cpu' })).cached);
  });

  test('does not depend on the number of threads', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, experiment);
    const stores = ['one', 'two'].map((name) => path.join(folder, name));
    const [one, two] = [
      await runStudy({ file, store: stores[0], device: 'cpu', threads: 1 }),
      await runStudy({ file, store: stores[1], device: 'cpu', threads: 2 }),
    ];
    assert.deepEqual(timeless(two.result), timeless(one.result));
    assert.deepEqual(await contents(stores[1]), await contents(stores[0]));
  });

  test('with more samples keeps what was computed, and equals one that was run with them at once', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, experiment);
    const grown = path.join(folder, 'grown');
    const fresh = path.join(folder, 'fresh');
    await runStudy({ file, store: grown, device: 'cpu' });
    const text = experiment.replace('samples: 150', 'samples: 200');
    let cached = 0;
    let computed = 0;
    const more = await runStudy(
      { file, text, store: grown, device: 'cpu' },
      {
        progress: ({ stage, done, total, cached: had }) => {
          if (stage === 'rescore' && done === total) [cached, computed] = [had, total - had];
        },
      },
    );
    assert.equal(computed, 50 * 5, 'fifty new samples: two concepts, two random directions, the originals');
    assert.equal(cached, 150 * 5);
    const once = await runStudy({ file, text, store: fresh, device: 'cpu' });
    assert.deepEqual(timeless(more.result), timeless(once.result));
  });

  test('that another machine began says so in its provenance and its report', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, experiment);
    const begun = await runStudy({ file, device: 'cpu', until: 'probe' });
    assert.equal(begun.result.provenance.makers, undefined);
    const store = path.join(folder, '.higan');
    const lists = (await readdir(path.join(store, 'chunks'), { recursive: true })).filter((name) =>
      name.endsWith('made-by.json'),
    );
    assert.equal(lists.length, 1);
    await writeFile(path.join(store, 'chunks', lists[0]), '["cpu, ONNX Runtime 1.0, another machine"]\n');
    const { provenance } = (await runStudy({ file, device: 'cpu' })).result;
    assert.equal(provenance.makers?.length, 2);
    assert.match(provenance.makers?.join('; ') ?? '', /another machine; cpu, ONNX Runtime/);
    assert.match(
      await studyReport({ file }),
      /scores computed by *\| *cpu, ONNX Runtime 1\.0, another machine; cpu/,
    );
  });

  test('cancelled stops within a batch and goes on from there', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, experiment);
    const cancel = new AbortController();
    await assert.rejects(
      runStudy(
        { file, device: 'cpu', signal: cancel.signal },
        { progress: ({ stage, done }) => stage === 'rescore' && done > 0 && cancel.abort() },
      ),
      { kind: 'interrupted' },
    );
    let cachedProbe = 0;
    await runStudy(
      { file, device: 'cpu' },
      { progress: ({ stage, cached }) => stage === 'probe' && (cachedProbe = cached) },
    );
    assert.equal(cachedProbe, 3000);
  });
});
