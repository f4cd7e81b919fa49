/** How the transition panel tells one hop of the file from another. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { experimentSchema } from '../../../src/protocol/experiment';
import { hopsIn } from '../../../src/extension/panels/hops';

const names = (...transitions: object[]): string[] =>
  hopsIn(experimentSchema.parse({ generator: 'rooms', transitions })).map(({ name }) => name);

test('a hop keeps its name wherever its transition stands, and has another once its walk is another', () => {
  const there = { path: ['bedroom', 'kitchen', 'living room'] };
  const back = { path: ['kitchen', 'bedroom'], samples: 50 };
  const [first, second, third] = names(there, back);
  assert.deepEqual(names(back, there), [third, first, second]);
  const others = [{ samples: 51 }, { step: 3 }, { layers: 'upper' }, { path: ['kitchen', 'living room'] }];
  const changed = others.map((change) => names({ ...back, ...change })[0]);
  assert.equal(new Set([first, second, third, ...changed]).size, 3 + others.length);
  assert.deepEqual(hopsIn(null), []);
});

test('a hop is titled by its ends, and by the way there', () => {
  const path = ['bedroom', 'category/kitchen', 'living room'];
  assert.deepEqual(
    hopsIn(experimentSchema.parse({ generator: 'rooms', transitions: [{ path }] })).map(({ title }) => title),
    ['bedroom → kitchen', 'kitchen → living room (after bedroom)'],
  );
});
