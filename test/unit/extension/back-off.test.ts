/** When a crashed process is started again. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { BackOff } from '../../../src/extension/inference/back-off';

test('a process that crashes is started after 0.5 s and after 1 s, and the third time not at all', () => {
  const backOff = new BackOff();
  assert.deepEqual([backOff.crashed(), backOff.crashed(), backOff.crashed()], [500, 1000, null]);
});

test('once work was finished, it is started after 0.5 s again, and given up after as many crashes as before', () => {
  const backOff = new BackOff();
  backOff.crashed();
  backOff.crashed();
  backOff.progressed();
  assert.deepEqual([backOff.crashed(), backOff.crashed(), backOff.crashed()], [500, 1000, null]);
});
