/** Measuring takes resamples without end: others have their turns meanwhile, and nothing is measured twice. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { describe, type TestContext } from 'node:test';
import { Stream } from '../../../src/engine/latent';
import { readStudy, runStudy } from '../../../src/engine/study';
import { Differences } from '../../../src/engine/study/effects';
import { judgingPass, Measures } from '../../../src/engine/study/ranking';
import { atOnce, inTurns } from '../../../src/engine/turns';
import type { StudyResult } from '../../../src/protocol/results';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, timeless, writeExperiment } from './folders';

const settings = { confidence: 0.95, seed: 1, raw: false };

/** Differences of a concept, of which so many samples are there. */
function differences(index: number, filled: number): Differences {
  const found = new Differences(60);
  const stream = new Stream(2, 'toy', index);
  found.values.forEach((_, i) => (found.values[i] = 0.5 + stream.normal()));
  found.filled = filled;
  return found;
}

/** A pass over three concepts and two random directions. */
function pass(filled = 60): Parameters<typeof judgingPass>[0] {
  const concepts = ['a', 'b', 'c'].map((label) => `attribute/${label}`);
  return {
    own: new Map(concepts.map((concept, i) => [concept, differences(i, filled)])),
    nulls: new Map(concepts.map((concept, i) => [concept, [10, 20].map((r) => differences(r + i, filled))])),
  };
}
const stdOf = new Map([['attribute/a', 1]]);

/** A study of three concepts. @returns its file */
async function study(context: TestContext, rescore: string): Promise<string> {
  const folder = await temporaryFolder(context);
  const planted = ['one', 'two', 'three'].map((label, k) => ({ label, layers: [k], scale: 1 }));
  await writeLinearModel(path.join(folder, 'models'), planted);
  return writeExperiment(
    folder,
    `
generator: toy
predictors: [toy]
probe: { samples: 400, positives: 60 }
rescore: ${rescore}
`,
  );
}

describe('measures', () => {
  test('are kept until samples are added', () => {
    const measures = new Measures(settings);
    const some = differences(1, 40);
    const first = measures.of(some, 2);
    assert.equal(measures.of(some, 2), first);
    some.filled = 60;
    const second = measures.of(some, 2);
    assert.equal(second.samples, 60);
    assert.deepEqual(second, new Measures(settings).of(some, 2));
  });

  test('of a pass leave others a turn each, and end when they are told to', async (context) => {
    const whole = atOnce(judgingPass(pass(), stdOf, new Measures(settings)));
    let clock = 0;
    // Every look at the clock finds that others have waited long enough.
    context.mock.method(performance, 'now', () => (clock += 100));
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    assert.deepEqual(await inTurns(judgingPass(pass(), stdOf, new Measures(settings))), whole);
    counting = false;
    assert.ok(turns >= 3 * (1 + 2), `${turns} turns for as many measures`);

    const cancel = new AbortController();
    setImmediate(() => cancel.abort());
    const measures = new Measures(settings);
    const { mock } = context.mock.method(measures, 'of');
    await assert.rejects(inTurns(judgingPass(pass(), stdOf, measures), cancel.signal), {
      kind: 'interrupted',
    });
    assert.ok(mock.callCount() < 9, `${mock.callCount()} measures`);
  });
});

describe('a study', () => {
  test('that is cancelled while it ranks ends at once, and keeps what it found', async (context) => {
    const file = await study(context, '{ samples: 600, nulls: 8 }');
    const cancel = new AbortController();
    await assert.rejects(
      runStudy(
        { file, device: 'cpu', until: 'rank', signal: cancel.signal },
        {
          progress: ({ stage, done, total }) => {
            // From here on only statistics are left: whoever cancels then has to be given a turn.
            if (stage === 'rescore' && done === total) setImmediate(() => cancel.abort());
          },
        },
      ),
      { kind: 'interrupted' },
    );
    const kept = await readStudy({ file });
    assert.ok(kept?.result.concepts.every(({ effect }) => effect !== null));
  });

  test('ranks alike whether or not it told what it found on the way', async (context) => {
    const file = await study(context, '{ samples: 200, nulls: 2, layers: ["0", "1-3"] }');
    const told: StudyResult[] = [];
    const asTold: StudyResult[] = [];
    const partial = (result: StudyResult): void => {
      told.push(result);
      asTold.push(structuredClone(result));
    };
    const watched = await runStudy({ file, device: 'cpu' }, { partial });
    const alone = await runStudy({ file, device: 'cpu', store: path.join(path.dirname(file), 'alone') });
    assert.ok(told.length > 4);
    assert.equal(JSON.stringify(timeless(watched.result)), JSON.stringify(timeless(alone.result)));
    assert.deepEqual(timeless(told[told.length - 1]), timeless(watched.result));
    // What changed is told to those who have the last one: it has to stay what it was.
    assert.deepEqual(told, asTold);
  });
});
