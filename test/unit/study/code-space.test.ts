/** What the scoring graph is fed with, row by row: codes of a space, truncated, and moved on the layers that are named. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { drawCodes, pixelNormalise } from '../../../src/engine/latent';
import { CodeSpace, type Move } from '../../../src/engine/study/code-space';
import { toyApparatus } from './toy-laboratory';

const truncation = { psi: 0.7, cutoff: 2 };
/** More rows than one run of the mapping or of the styles takes. */
const n = 300;

describe('the rows that codes become under moves', () => {
  for (const space of ['z', 'w', 'y'] as const) {
    test(`in ${space}: each layer by its own length, together, and no layer that is not named`, async (context) => {
      const { toy, apparatus } = await toyApparatus(context, { styles: true, truncation }, { space });
      const { D, L, mean } = toy;
      const { width } = apparatus.space;
      assert.equal(width, space === 'y' ? L * D : D);
      // Lengths of 99 stand on layers that the move does not name.
      const moves = [
        { layers: [0, 2, 3], lengths: [0.5, 99, 1.5, -0.5] },
        { layers: [2, 3], lengths: [99, 99, -1, 2] },
      ].map(({ layers, lengths }, m): Move => {
        const direction = drawCodes({ seed: 5, purpose: 'toy', dim: width }, m, 1);
        return { layers, direction, lengths: Float32Array.from(lengths) };
      });
      const z = drawCodes({ seed: 1, purpose: 'probe', dim: D }, 0, n);

      const truncated = (w: Float64Array, l: number): Float64Array =>
        l < truncation.cutoff ? w.map((x, j) => mean[j] + truncation.psi * (x - mean[j])) : w;
      const moved = (code: ArrayLike<number>, l: number, by: readonly Move[]): Float64Array =>
        Float64Array.from(code, (x, j) => {
          const acting = by.filter(({ layers }) => layers.includes(l));
          const at = space === 'y' ? l * D + j : j;
          return acting.reduce((sum, { direction, lengths }) => sum + lengths[l] * direction[at], x);
        });
      const expected = (i: number, l: number, by: readonly Move[]): Float64Array => {
        const code = z.subarray(i * D, (i + 1) * D);
        if (space === 'z') return truncated(toy.mapped(moved(code, l, by)), l);
        const own = truncated(toy.mapped(code), l);
        return moved(space === 'w' ? own : toy.styleOf(own, l), l, by);
      };

      const codes = await apparatus.space.draw('probe', 0, n);
      for (const by of [[], moves]) {
        const feed = await apparatus.space.feed(codes, n, by);
        assert.equal(feed.length, n * L * D);
        for (let i = 0; i < n; i++) {
          for (let l = 0; l < L; l++) {
            const at = (i * L + l) * D;
            expected(i, l, by).forEach((x, j) =>
              assert.ok(Math.abs(feed[at + j] - x) < 1e-4, `row ${i}, layer ${l}: ${feed[at + j]} for ${x}`),
            );
          }
        }
      }
      const [still, after] = [
        await apparatus.space.feed(codes, n, []),
        await apparatus.space.feed(codes, n, moves),
      ];
      const unnamed = (feed: Float32Array): Float32Array[] =>
        Array.from({ length: n }, (_, i) => feed.slice((i * L + 1) * D, (i * L + 2) * D));
      assert.deepEqual(unnamed(after), unnamed(still), 'to the bit');
    });
  }
});

/** Of a model without a mapping, what the network gets is z itself. */
for (const normalize of ['pixel', 'none'] as const) {
  test(`z under a move is ${normalize === 'pixel' ? 'normalised again, as any z is' : 'left as it is'} before use`, async () => {
    const [D, L] = [16, 2];
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
