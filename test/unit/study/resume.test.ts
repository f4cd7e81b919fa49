/** Killed at any instant, cut into any batches, on any number of threads: the same study, byte for byte. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { workerFile } from '../../../src/engine/worker-file';
import { openStore, prune } from '../../../src/engine/store';
import { namedExperiments } from '../../../src/engine/store/read';
import { Laboratory, prepareStudy, readStudy, runStudy, studyReport } from '../../../src/engine/study';
import type { Stage } from '../../../src/protocol/experiment';
import { writeLinearModel } from '../../fixtures/linear-model';
import { Stream } from '../../../src/engine/latent';
import { chunksIn, contents, temporaryFolder, timeless, writeExperiment } from './folders';
import { aroundScoring, inSingles } from './scoring-runs';

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

/** `higan run` in a process of its own. */
interface Run {
  child: ChildProcess;
  /** Its exit code; null where it was killed. */
  ended: Promise<number | null>;
}

function startRun(file: string, store: string): Run {
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

/** Waits until the store has so many chunks. @returns whether that came before the run ended */
async function reaches(store: string, chunks: number, { child }: Run): Promise<boolean> {
  for (const end = Date.now() + 120_000; (await chunksIn(store)) < chunks; await sleep(5)) {
    if (child.exitCode !== null) return false;
    if (Date.now() < end) continue;
    child.kill('SIGKILL');
    assert.fail('no chunk is written any more');
  }
  return true;
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
    const [dozen, all] = [12, await chunksIn(calm)];
    let kills = 0;
    for (; kills < dozen; kills++) {
      const run = startRun(file, store);
      // All along the study, at any instant, and never before it got further than those before.
      const next = Math.max((await chunksIn(store)) + 1, Math.ceil((all * kills) / dozen));
      if (await reaches(store, next, run)) {
        await sleep(stream.below(20));
        run.child.kill('SIGKILL');
      }
      const code = await run.ended;
      assert.ok(code === null || code === 0, `exit code ${code}`);
      if (code === 0) break;
    }
    context.diagnostic(`${kills} kills`);
    assert.ok(kills > dozen / 3, `only ${kills} kills hit`);
    assert.equal(await startRun(file, store).ended, 0);
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
    const run = startRun(file, store);
    assert.ok(await reaches(store, (await chunksIn(store)) + 3, run), 'it ended before it was killed');
    run.child.kill('SIGKILL');
    await run.ended;
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

  test('cancelled inside a chunk begins no more than a batch', async (context) => {
    const folder = await temporaryFolder(context);
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    const file = await writeExperiment(folder, experiment);
    const laboratory = await Laboratory.open({ device: 'cpu' }, []);
    context.after(() => laboratory.close());
    const cancel = new AbortController();
    // Counted once they are of one image.
    let batches = -Infinity;
    aroundScoring(context, laboratory, (run) => {
      if (++batches === 3) cancel.abort();
      return run();
    });
    await inSingles(laboratory, { file });
    batches = 0;
    await assert.rejects(
      runStudy({ file, device: 'cpu', signal: cancel.signal }, {}, () => Promise.resolve(laboratory)),
      { kind: 'interrupted' },
    );
    assert.ok(batches === 3 || batches === 4, `${batches} batches of one image`);
  });
});
