import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import test from 'node:test';
import { Turns } from '../../../src/extension/turns';

test('work is done in order, a piece a turn, what it asks for itself last', async () => {
  const turns = new Turns();
  const done: string[] = [];
  turns.take(() => {
    done.push('first');
    turns.take(() => done.push('third'));
  });
  turns.take(() => done.push('second'));
  assert.equal(done.length, 0);
  for (const so of [['first'], ['first', 'second'], ['first', 'second', 'third']]) {
    await turn();
    assert.deepEqual(done, so);
  }
  turns.take(() => done.push('fourth'));
  await turn();
  assert.equal(done.length, 4);
});
