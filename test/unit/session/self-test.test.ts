import assert from 'node:assert/strict';
import test, { describe, mock } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import { batchWithin, checkThumbnail, thumbnail, tuneBatch, type Session } from '../../../src/engine/session';

describe('the self-test', () => {
  test('a thumbnail is the mean of each cell of an 8 × 8 grid', () => {
    const R = 16;
    const image = Float32Array.from({ length: 3 * R * R }, (_, i) => {
      const [c, y, x] = [Math.floor(i / R / R), Math.floor(i / R) % R, i % R];
      // Within a cell values differ by ±0.1; its mean is c + row / 10 + column / 100.
      return c + (y >> 1) / 10 + (x >> 1) / 100 + ((x + y) % 2 ? 0.1 : -0.1);
    });
    const cells = thumbnail(image, R);
    assert.equal(cells.length, 192);
    cells.forEach((cell, i) => {
      const expected = Math.floor(i / 64) + (Math.floor(i / 8) % 8) / 10 + (i % 8) / 100;
      assert.ok(Math.abs(cell - expected) < 1e-6);
    });
  });

  test('images smaller than the grid repeat their pixels', () => {
    const image = Float32Array.from({ length: 12 }, (_, i) => i);
    const cells = thumbnail(image, 2);
    assert.deepEqual(cells.slice(0, 8), [0, 0, 0, 0, 1, 1, 1, 1]);
    assert.equal(cells[191], 11);
  });

  test('a thumbnail that differs is a Failure naming device, model and difference', () => {
    const expected = new Array<number>(192).fill(0.25);
    const changed = (value: number) => expected.map((cell, i) => (i === 100 ? value : cell));
    checkThumbnail(changed(0.26), expected, 'webgpu', 'rooms');
    assert.throws(
      () => checkThumbnail(changed(0.45), expected, 'webgpu', 'rooms'),
      (error) => error instanceof Failure && /^rooms: .* on webgpu: .* differs by 0\.200/.test(error.message),
    );
    const refuses = (device: 'cpu' | 'webgpu', message: RegExp) =>
      assert.throws(() => checkThumbnail(changed(0.45), expected, device, 'rooms'), { message });
    refuses('webgpu', /choose another device \(--device cpu\), or, if/);
    refuses('cpu', /\. Choose another device, or, if/);
    assert.throws(() => checkThumbnail(changed(NaN), expected, 'webgpu', 'rooms'), Failure);
    assert.throws(() => checkThumbnail([], expected, 'webgpu', 'rooms'), Failure);
  });
});

describe('tuning the batch size', () => {
  /** A session on a clock of its own, on which a run of n images takes `cost(n)` milliseconds. */
  async function tune(
    cost: (batch: number) => number,
  ): Promise<{ batch: number; tried: Set<number>; within: (milliseconds: number) => number }> {
    let clock = 0;
    const tried = new Set<number>();
    const now = mock.method(performance, 'now', () => clock);
    const session = {
      run: (feeds: Parameters<Session['run']>[0]) => {
        const batch = feeds['x'].dims[0];
        tried.add(batch);
        clock += cost(batch);
        return Promise.resolve({});
      },
    } as unknown as Session;
    try {
      const makeFeed = (batch: number) => ({ x: { data: new Float32Array(batch), dims: [batch, 1] } });
      const tuned = await tuneBatch(session, makeFeed);
      const { batch, rate } = tuned;
      assert.ok(Math.abs(rate - (1000 * batch) / cost(batch)) < 1e-6);
      assert.ok(clock <= 1500 || tried.size === 1, `${clock} ms were spent`);
      return { batch, tried, within: (milliseconds) => batchWithin(tuned, milliseconds) };
    } finally {
      now.mock.restore();
    }
  }

  test('takes the size with the most images a second', async () => {
    // A fixed cost a run makes large batches better, until memory makes them worse.
    assert.equal((await tune((n) => 2 + n * (n > 16 ? 3 : 1))).batch, 16);
  });

  test('takes the smaller of sizes that are as good as each other', async () => {
    assert.equal((await tune((n) => 5 * n)).batch, 1);
  });

  test('knows the largest size whose run was short enough, a run’s own cost included', async () => {
    const { batch, within } = await tune((n) => 25 + 4 * n);
    assert.equal(batch, 64);
    // Sixty milliseconds' share of what 64 images take would be 13 images, and those take 77 ms.
    assert.deepEqual([60, 57, 56, 1].map(within), [8, 8, 4, 1]);
    assert.equal(within(10_000), 64, 'never more than the chosen size');
  });

  test('does not try sizes that its time does not allow', async () => {
    const { batch, tried } = await tune((n) => 400 * n);
    assert.equal(batch, 1);
    assert.deepEqual([...tried], [1]);
  });
});
