/** The picture of a hover card: before and after, no larger than a card shows. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { sideBySide } from '../../../src/extension/side-by-side';

/** An image [R, R, 3] whose pixel at (x, y) is (x, y, 7). */
const ramp = (size: number): Uint8Array =>
  Uint8Array.from({ length: size * size * 3 }, (_, k) => {
    const pixel = Math.floor(k / 3);
    return [pixel % size, Math.floor(pixel / size), 7][k % 3];
  });

describe('before and after', () => {
  test('stand side by side, a grey gap between them', () => {
    const [before, after] = [ramp(4), new Uint8Array(48).fill(200)];
    const { width, height, data } = sideBySide(before, after, 4, 192);
    assert.deepEqual([width, height], [10, 4]);
    const pixel = (x: number, y: number): number[] => [...data.subarray((y * width + x) * 3).subarray(0, 3)];
    assert.deepEqual(pixel(3, 2), [3, 2, 7]);
    assert.deepEqual(pixel(4, 2), [128, 128, 128]);
    assert.deepEqual(pixel(5, 2), [128, 128, 128]);
    assert.deepEqual(pixel(6, 2), [200, 200, 200]);
  });

  test('of a large generator are shrunk, each pixel the mean of those it stands for', () => {
    const { width, height, data } = sideBySide(ramp(12), ramp(12), 12, 5);
    assert.deepEqual([width, height], [10, 4]);
    // Columns 3, 4, 5 and rows 0, 1, 2.
    assert.deepEqual([...data.subarray(3, 6)], [4, 1, 7]);
  });
});
