/** What the networks get of codes and moves, without any network: of a model without a mapping, z itself. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { pixelNormalise } from '../../../src/engine/latent';
import { CodeSpace } from '../../../src/engine/study/code-space';

const [D, L] = [16, 2];

for (const normalize of ['pixel', 'none'] as const) {
  test(`z under a move is ${normalize === 'pixel' ? 'normalised again, as any z is' : 'left as it is'} before use`, async () => {
    const source = { seed: 1, zDim: D, normalize, L, D, truncation: null, mapping: null, styles: null };
    const space = CodeSpace.create('z', source);
    const z = await space.draw('rescore', 0, 1);
    const direction = new Float32Array(D).fill(0.25);
    const feed = await space.feed(z, 1, [{ layers: [1], direction, lengths: Float32Array.of(8, 8) }]);
    const moved = z.map((x) => x + 2);
    assert.deepEqual(feed.subarray(0, D), z, 'a layer that is not moved');
    assert.deepEqual(feed.subarray(D), normalize === 'pixel' ? pixelNormalise(moved, D) : moved);
  });
}
