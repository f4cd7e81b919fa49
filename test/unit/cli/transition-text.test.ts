/** What `higan transition` prints of a walk. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { transitionText } from '../../../src/cli/print/transition';
import type { Transition } from '../../../src/protocol/results';

const transition: Transition = {
  path: ['category/living room', 'category/bedroom'],
  ...{ layers: 'bottom', step: 2, unit: 'sigma', wanted: 4, samples: [1, 5, 6], looked: 128 },
  labels: ['wall', 'sofa', 'bed', 'decor'],
  hops: [
    {
      ...{ from: 'category/living room', to: 'category/bedroom', reached: 2 / 3 },
      flow: [
        [0.6, 0, 0.04, 0],
        [0.06, 0.05, 0.241, 0],
        [0, 0, 0.008, 0],
        [0, 0, 0, 0.001],
      ],
    },
  ],
  series: [],
};

test('a transition prints what became what, largest first, and what is too little to matter not at all', () => {
  const text = transitionText(transition, { width: 100, color: false });
  assert.match(text, /^living room → bedroom/);
  assert.match(text, /3 samples \(4 were asked for\) that start as living room, out of 128 codes/);
  assert.match(text, /each hop is 2 σ along the\s+boundary\s+on\s+the\s+layers bottom/);
  assert.match(text, /67 % end as bedroom/);
  const lines = text.split('\n');
  assert.match(
    lines.find((line) => line.startsWith('sofa')) ?? '',
    /35\.1 % +5\.0 % +14 % +24\.1 % bed, 6\.0 % wall$/,
  );
  assert.ok(!lines.some((line) => line.startsWith('decor')));
  assert.ok(
    lines.findIndex((line) => line.startsWith('wall')) < lines.findIndex((line) => line.startsWith('sofa')),
  );
});
