/** A device that holds few images, or fails, or is asked for much the same again and again. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readExperiment } from '../../../src/engine/experiment';
import { failed, Failure } from '../../../src/engine/failure';
import { outOfMemory } from '../../../src/engine/session/memory';
import { Laboratory } from '../../../src/engine/study';
import { apparatusSettings } from '../../../src/engine/study/run';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';

/** A laboratory whose scoring graph is run by `instead`, which may hand the rows on. */
async function laboratoryWith(context: TestContext, instead: (rows: number) => void) {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }]);
  const file = await writeExperiment(folder, 'generator: toy\npredictors: [toy]\nprobe: { samples: 256 }\n');
  const laboratory = await Laboratory.open({ device: 'cpu', threads: 1 }, []);
  context.after(() => laboratory.close());
  const opened: string[] = [];
  const open = laboratory.sessions.open.bind(laboratory.sessions);
  context.mock.method(laboratory.sessions, 'open', async (bytes: Uint8Array, name: string) => {
    opened.push(name);
    const session = await open(bytes, name);
    if (name !== 'scoring graph') return session;
    const run: typeof session.run = async (feeds, options) => {
      instead(Object.values(feeds)[0].dims[0]);
      return session.run(feeds, options);
    };
    return { ...session, run };
  });
  const settings = apparatusSettings((await readExperiment(file)).resolved);
  return { laboratory, settings, opened };
}

test('a device that holds few images gets few at a time, and the scores are the same', async (context) => {
  let most = Infinity;
  let largest = 0;
  const { laboratory, settings } = await laboratoryWith(context, (rows) => {
    if (rows > most) throw outOfMemory('scoring graph: cpu', '', null);
    largest = Math.max(largest, rows);
  });
  const apparatus = await laboratory.apparatus(settings);
  const codes = await apparatus.space.draw('probe', 0, 100);
  apparatus.batch = 64;
  const expected = await apparatus.scoreCodes(codes, 100, []);
  assert.equal(largest, 64);
  [most, largest] = [5, 0];
  assert.deepEqual(await apparatus.scoreCodes(codes, 100, []), expected);
  assert.ok(largest <= 5);
  assert.ok(apparatus.batch <= 5, 'and so do the batches that follow');
});

test('tuning ends at what memory holds', async (context) => {
  const { laboratory, settings } = await laboratoryWith(context, (rows) => {
    if (rows > 4) throw outOfMemory('scoring graph: cpu', '', null);
  });
  const apparatus = await laboratory.apparatus(settings);
  assert.ok((await apparatus.tune()) > 0);
  assert.ok(apparatus.batch <= 4);
});

test('a device that holds not even one image says so, and is measured again when asked again', async (context) => {
  let full = true;
  const { laboratory, settings } = await laboratoryWith(context, () => {
    if (full) throw outOfMemory('scoring graph: cpu', ' (bad_alloc)', null);
  });
  const apparatus = await laboratory.apparatus(settings);
  await assert.rejects(apparatus.tune(), /scoring graph: cpu ran out of memory \(bad_alloc\)\. Close other/);
  full = false;
  assert.ok((await apparatus.tune()) > 0);
});

test('a run that fails while the next codes are made is told to who waits, and to nobody else', async (context) => {
  const { laboratory, settings } = await laboratoryWith(context, () => {
    throw failed('the device is gone');
  });
  const apparatus = await laboratory.apparatus(settings);
  apparatus.batch = 4;
  const codes = await apparatus.space.draw('probe', 0, 8);
  const scoring = apparatus.score(8, async (first, count) => {
    // The first run has failed by then; unhandled, that would end the process.
    if (first > 0) await sleep(20);
    return apparatus.space.feed(codes.subarray(0, count * apparatus.space.width), count, []);
  });
  await assert.rejects(
    scoring,
    (error) => error instanceof Failure && error.message === 'the device is gone',
  );
});

test('experiments that differ in their seed share what computes them', async (context) => {
  const { laboratory, settings, opened } = await laboratoryWith(context, () => undefined);
  const first = await laboratory.apparatus(settings);
  const second = await laboratory.apparatus({ ...settings, seed: 12 });
  assert.notDeepEqual(await first.space.draw('probe', 0, 1), await second.space.draw('probe', 0, 1));
  await laboratory.apparatus({ ...settings, seed: 123, image: true });
  assert.equal(opened.filter((name) => name === 'scoring graph').length, 2, 'one with images, one without');
});
