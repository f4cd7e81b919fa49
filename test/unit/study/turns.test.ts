/** Who has the device next: a study, or somebody who waits or is about to. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { Turns } from '../../../src/engine/study/turns';

/** Asks for a study's turn. @returns whether it has come, and a clock that only the test moves */
function waitingStudy(context: TestContext): { turns: Turns; begin: () => () => boolean } {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const turns = new Turns();
  return {
    turns,
    begin: () => {
      let begun = false;
      void turns.studyTurn().then(() => (begun = true));
      return () => begun;
    },
  };
}

test('a study waits for a preview that was announced until that is done', async (context) => {
  const { turns, begin } = waitingStudy(context);
  turns.expect();
  const begun = begin();
  await settled();
  assert.equal(begun(), false);
  let done = (): void => undefined;
  const preview = turns.now(() => new Promise<void>((resolve) => (done = resolve)));
  context.mock.timers.tick(10_000);
  await settled();
  assert.equal(begun(), false, 'the preview is being drawn, however long that takes');
  done();
  await preview;
  await settled();
  assert.equal(begun(), true);
});

test('a study does not wait for long where the preview does not come', async (context) => {
  const { turns, begin } = waitingStudy(context);
  turns.expect();
  const begun = begin();
  context.mock.timers.tick(200);
  await settled();
  assert.equal(begun(), false);
  // Another keystroke begins the wait anew.
  turns.expect();
  context.mock.timers.tick(200);
  await settled();
  assert.equal(begun(), false);
  context.mock.timers.tick(100);
  await settled();
  assert.equal(begun(), true);
});

test('an announcement that was met leaves nothing behind', async (context) => {
  const { turns, begin } = waitingStudy(context);
  turns.expect();
  await turns.now(() => Promise.resolve());
  const first = begin();
  await settled();
  assert.equal(first(), true);
  const release = turns.hold();
  context.mock.timers.tick(10_000);
  const second = begin();
  await settled();
  assert.equal(second(), false, 'an old timer does not end another wait');
  release();
  await settled();
  assert.equal(second(), true);
});

test('a study begins no batch while anybody waits', async (context) => {
  const { turns, begin } = waitingStudy(context);
  const [first, second] = [turns.hold(), turns.hold()];
  const begun = begin();
  first();
  first();
  await settled();
  assert.equal(begun(), false, 'the second still waits');
  second();
  await settled();
  assert.equal(begun(), true);
});

test('a study goes on when what somebody waited for fails', async (context) => {
  const { turns, begin } = waitingStudy(context);
  await assert.rejects(
    turns.now(() => Promise.reject(new Error('no'))),
    /no/,
  );
  const begun = begin();
  await settled();
  assert.equal(begun(), true);
});
