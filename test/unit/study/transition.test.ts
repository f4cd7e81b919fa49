/** Walks between categories on the bundled model, against the label maps that they were counted from. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { before, describe, after } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { readExperiment } from '../../../src/engine/experiment';
import { Failure } from '../../../src/engine/failure';
import { openStoreForReading, SeriesReader, studyHash, transitionHash } from '../../../src/engine/store/read';
import {
  readTransition,
  runStudy,
  runTransition,
  storeFolder,
  transitionExamples,
} from '../../../src/engine/study';
import type { Transition, WorkProgress } from '../../../src/protocol/results';
import { onAnotherMachine } from './another-machine';
import { writeExperiment } from './folders';

const experiment = (step: number, samples = 20): string => `
generator: rooms
seed: 5
probe: { samples: 800, positives: 80 }
rescore: { samples: 20, layers: none }
concepts: [category/bedroom]
transitions:
  - { path: [living room, bedroom, kitchen], samples: ${samples}, step: ${step}, layers: bottom }
`;

const total = (rows: readonly (readonly number[])[]): number => rows.flat().reduce((a, b) => a + b, 0);

/** Label maps of one stage of the walk, sample after sample. */
async function maps(file: string, series: string, samples: number): Promise<Uint8Array> {
  const store = await openStoreForReading(storeFolder(file));
  const chunk = await new SeriesReader(store.layout, series, 'uint8').read(0);
  assert.ok(chunk && chunk.dims[0] >= samples);
  return chunk.data.subarray(0, samples * chunk.dims[1] * chunk.dims[2]);
}

describe('a transition', () => {
  let folder = '';
  let file = '';
  let found: Transition;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'higan-transition-'));
    file = await writeExperiment(folder, experiment(2));
    await runStudy({ file, device: 'cpu', until: 'boundary' });
    const told: WorkProgress[] = [];
    found = await runTransition({ file, index: 0, device: 'cpu' }, { progress: (step) => told.push(step) });
    assert.deepEqual(
      [...new Set(told.map(({ doing }) => doing))],
      ['looking for samples of living room', 'following the pixels'],
    );
    for (const part of new Set(told.map(({ doing }) => doing))) {
      const { done, total: all } = told.findLast(({ doing }) => doing === part) as WorkProgress;
      assert.equal(done, all, `${part}: progress ends at the whole`);
    }
    assert.equal(
      told.at(-1)?.total,
      20 * (3 + 2),
      'label maps of every stage, and the scores after each hop',
    );
    assert.ok(told.at(-1)!.rate > 0);
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

  test('follows every pixel: its flows are the counts over the label maps', async () => {
    assert.deepEqual(found.path, ['category/living room', 'category/bedroom', 'category/kitchen']);
    assert.equal(found.samples.length, 20);
    assert.equal(found.hops.length, 2);
    const n = found.labels.length;
    for (const [hop, { flow }] of found.hops.entries()) {
      assert.ok(Math.abs(total(flow) - 1) < 1e-9);
      const [from, to] = await Promise.all(
        [0, 1].map((step) => maps(file, found.series[hop + step], found.samples.length)),
      );
      const counts = new Float64Array(n * n);
      from.forEach((label, p) => counts[label * n + to[p]]++);
      assert.deepEqual(
        flow.flat(),
        Array.from(counts, (count) => count / from.length),
      );
    }
    const marginal = (rows: readonly (readonly number[])[], axis: 0 | 1): number[] =>
      found.labels.map((_, i) =>
        rows.reduce((sum, row, r) => sum + (axis === 0 ? row[i] : r === i ? total([row]) : 0), 0),
      );
    const [arrived, left] = [marginal(found.hops[0].flow, 0), marginal(found.hops[1].flow, 1)];
    arrived.forEach((share, i) =>
      assert.ok(Math.abs(share - left[i]) < 1e-9, 'a hop starts where the last one ended'),
    );
  });

  test('makes beds of sofas: what the category means happens to the objects', () => {
    const bed = found.labels.indexOf('bed');
    const share = (hop: number, after: boolean): number =>
      after
        ? found.hops[hop].flow.reduce((sum, row) => sum + row[bed], 0)
        : found.hops[hop].flow[bed].reduce((a, b) => a + b, 0);
    assert.ok(share(0, true) > 3 * share(0, false), `beds: ${share(0, false)} → ${share(0, true)}`);
    assert.ok(found.hops[0].reached > 0.5);
  });

  test('is kept, and shows the pixels of a flow', async () => {
    assert.deepEqual(await readTransition({ file, index: 0 }), found);
    assert.deepEqual(await runTransition({ file, index: 0, device: 'cpu' }), found);
    // The editor's tree knows by its name that it is there, without reading it.
    const { resolved } = await readExperiment(file);
    const times = await (await openStoreForReading(storeFolder(file))).documentTimes('transition');
    const name = transitionHash(studyHash(resolved.hash), resolved.transitions[0]);
    assert.deepEqual([...times.keys()], [name]);
    const labels = found.labels;
    const [sofa, bed] = [labels.indexOf('sofa'), labels.indexOf('bed')];
    const examples = await transitionExamples({
      ...{ file, index: 0, device: 'cpu', hop: 0, from: 'sofa', to: 'bed', count: 3 },
    });
    assert.ok(examples.length > 0 && examples.length <= 3);
    const [from, to] = await Promise.all(
      [0, 1].map((s) => maps(file, found.series[s], found.samples.length)),
    );
    const pixels = 64 * 64;
    let before = Infinity;
    for (const { sample, mask } of examples) {
      const at = found.samples.indexOf(sample) * pixels;
      const expected = mask.map((_, p) => (from[at + p] === sofa && to[at + p] === bed ? 255 : 0));
      assert.deepEqual(mask, expected);
      const inside = mask.filter((value) => value > 0).length;
      assert.ok(inside > 0 && inside <= before, 'those with most such pixels come first');
      before = inside;
    }
  });

  test('of step 0 changes no pixel', async () => {
    const still = await writeExperiment(folder, experiment(0, 6), 'still.higan.yaml');
    const nothing = await runTransition({ file: still, index: 0, device: 'cpu' });
    assert.ok(
      nothing.hops.every(({ flow }) =>
        flow.every((row, i) => row.every((share, j) => i === j || share === 0)),
      ),
    );
    assert.deepEqual(
      nothing.samples,
      found.samples.slice(0, 6),
      'the same codes, however many are asked for',
    );
  });

  test('goes along the directions of a study that was computed on another machine', async (context) => {
    onAnotherMachine(context);
    // A walk of another length, which is not in the store.
    const other = await writeExperiment(folder, experiment(2, 6), 'machine.higan.yaml');
    assert.ok((await runStudy({ file: other, device: 'cpu', until: 'boundary' })).cached);
    const walk = await runTransition({ file: other, index: 0, device: 'cpu' });
    assert.deepEqual(walk.samples, found.samples.slice(0, 6));
    const [here, there] = await Promise.all(
      [found, walk].map(({ series }) => maps(file, series[2], walk.samples.length)),
    );
    assert.deepEqual(there, here, 'to the same pixels');
  });

  test('says what is missing', async () => {
    const other = await writeExperiment(
      folder,
      experiment(2).replace('seed: 5', 'seed: 6'),
      'other.higan.yaml',
    );
    await assert.rejects(
      runTransition({ file: other, index: 0, device: 'cpu' }),
      (error: unknown) =>
        error instanceof Failure && /run the study \(higan run .*--until boundary\)/.test(error.message),
    );
    await assert.rejects(runTransition({ file, index: 3 }), {
      kind: 'bad-input',
      message: /has 1 transition, the number 1; there is none with the number 4\.$/,
    });
    assert.equal(await readTransition({ file: other, index: 0 }), null);
  });
});
