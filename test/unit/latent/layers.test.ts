import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { describe } from 'node:test';
import { addMove, drawCodes, layerCodes, layerStrength } from '../../../src/engine/latent';

interface Case {
  psi: number;
  cutoff: number;
  strength: string[];
  codes: string[];
  moved: string[];
}
const { truncations } = JSON.parse(readFileSync('test/fixtures/data/latent.json', 'utf8')) as {
  truncations: Case[];
};
const hex32 = (codes: Float32Array) =>
  Array.from(new Uint32Array(codes.buffer), (v) => v.toString(16).padStart(8, '0'));

const [n, L, D] = [4, 5, 6];
const source = { seed: 3, purpose: 'toy', dim: D } as const;
const w = drawCodes(source, 0, n);
const mean = drawCodes(source, 100, 1);
const direction = drawCodes(source, 200, 1);

describe('truncation and moves', () => {
  for (const { psi, cutoff, strength, codes, moved } of truncations) {
    const name = `ψ ${psi} below layer ${cutoff} of ${L}`;
    test(`${name}: strength, codes and moved codes have NumPy's bits`, () => {
      const truncation = { psi, cutoff, mean };
      assert.deepEqual(hex32(layerStrength(truncation, L)), strength);
      const layered = layerCodes(w, n, D, L, truncation);
      assert.deepEqual(hex32(layered), codes);
      addMove(layered, n, L, D, direction, [0, 2, 4], layerStrength(truncation, L));
      assert.deepEqual(hex32(layered), moved);
    });
  }

  test('without truncation the code is broadcast and every layer has strength 1', () => {
    assert.deepEqual(layerStrength(null, 3), new Float32Array([1, 1, 1]));
    const layered = layerCodes(w, n, D, L, null);
    for (let l = 0; l < L; l++) {
      assert.deepEqual(layered.slice(l * D, (l + 1) * D), w.slice(0, D));
      assert.deepEqual(layered.slice(((n - 1) * L + l) * D, ((n - 1) * L + l + 1) * D), w.slice(-D));
    }
  });

  test('a move leaves the layers that are not named untouched, and a layer named twice moves once', () => {
    const layered = layerCodes(w, n, D, L, null);
    const before = layered.slice();
    addMove(layered, n, L, D, direction, [3, 3], new Float32Array(L).fill(2));
    for (let i = 0; i < layered.length; i++) {
      const inLayer = Math.floor(i / D) % L === 3;
      const expected = inLayer ? Math.fround(before[i] + Math.fround(2 * direction[i % D])) : before[i];
      assert.equal(layered[i], expected);
    }
  });

  test('shapes that do not fit are refused', () => {
    const layered = layerCodes(w, n, D, L, null);
    const lengths = new Float32Array(L);
    assert.throws(() => addMove(layered, n, L, D, direction, [L], lengths), RangeError);
    assert.throws(() => addMove(layered, n, L, D, direction.slice(1), [0], lengths), RangeError);
    assert.throws(() => layerCodes(w, n, D, L, { psi: 0.5, cutoff: 2, mean: mean.slice(1) }), RangeError);
    assert.throws(() => layerCodes(w, n + 1, D, L, null), RangeError);
  });
});
