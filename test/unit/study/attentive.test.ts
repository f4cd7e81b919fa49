/** While somebody looks at a preview, a study's batches are as large as was measured to fit in 60 ms, and no larger. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { loadModel } from '../../../src/engine/manifest';
import { runStudy } from '../../../src/engine/study';
import { WarmLaboratory } from '../../../src/inference/warm-laboratory';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';
import { aroundScoring } from './scoring-runs';

/** Milliseconds that a run of n images takes on the device of this test: 8 images fit in 60 ms, 16 do not. */
const cost = (n: number): number => 25 + 4 * n;

/** Scores this many samples. @returns the sizes of the batches that it took, without those of tuning */
type Probe = (samples: number, onBatch?: (count: number) => void) => Promise<number[]>;

/** The real engine on a clock that only runs of the scoring graph move. */
async function probeOn(context: TestContext, warm: WarmLaboratory): Promise<Probe> {
  const folder = await temporaryFolder(context);
  const models = path.join(folder, 'models');
  const planted = [{ label: 'one', layers: [0], scale: 1 }];
  const model = await loadModel((await writeLinearModel(models, planted)).folder);
  const laboratory = await warm.open({ device: 'cpu' }, [model]);
  context.after(() => warm.close());

  let clock = 0;
  let batches: number[] = [];
  let told: (count: number) => void = () => undefined;
  context.mock.method(performance, 'now', () => clock);
  aroundScoring(context, laboratory, (run, _scorer, rows) => {
    clock += cost(rows);
    batches.push(rows);
    told(batches.length);
    return run();
  });

  return async (samples, onBatch = () => undefined) => {
    const text = `generator: toy\npredictors: [toy]\nprobe: { samples: ${samples}, positives: 20, negatives: 20 }\n`;
    const file = await writeExperiment(folder, text);
    let started = false;
    told = (count) => started && onBatch(count);
    const log = (line: string): void => {
      // Said after tuning.
      if (!line.startsWith('Running on')) return;
      started = true;
      batches = [];
    };
    await runStudy({ file, device: 'cpu', until: 'probe' }, { log }, () => Promise.resolve(laboratory));
    assert.ok(started);
    return batches;
  };
}

const newWarm = (): WarmLaboratory =>
  new WarmLaboratory(
    () => undefined,
    () => 1,
  );
const sizes = (batches: number[]): number[] => [...new Set(batches)].sort((a, b) => a - b);

test('a study takes the fastest batches until somebody looks, short ones while, and the fastest again after', async (context) => {
  const warm = newWarm();
  const probe = await probeOn(context, warm);
  assert.deepEqual(sizes(await probe(128 * 2)), [64]);
  warm.attend(true);
  const short = await probe(128 * 4);
  assert.deepEqual(sizes(short), [8], 'the largest size that fits');
  assert.ok(short.every((rows) => cost(rows) <= 60));
  warm.attend(false);
  assert.deepEqual(sizes(await probe(128 * 6)), [64]);
});

test('a study that is under way shortens its batches when a preview appears', async (context) => {
  const warm = newWarm();
  const probe = await probeOn(context, warm);
  const batches = await probe(128 * 8, (count) => count === 5 && warm.attend(true));
  const [before, after] = [batches.slice(0, 5), batches.slice(5)];
  assert.deepEqual(sizes(before), [64]);
  // One more may have been on its way.
  assert.deepEqual(sizes(after.slice(1)), [8]);
});

test('a device that is opened while somebody looks begins with short batches', async (context) => {
  const warm = newWarm();
  warm.attend(true);
  const probe = await probeOn(context, warm);
  assert.deepEqual(sizes(await probe(128 * 2)), [8]);
});
