import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { Stream } from '../../../src/engine/latent';
import { effectSchema } from '../../../src/protocol/results';
import { holm, judge, measure, nullBounds } from '../../../src/engine/statistics';

const normals = (n: number, mean: number, index = 0) => {
  const stream = new Stream(2, 'toy', index);
  return new Float32Array(n).map(() => mean + stream.normal());
};
const options = { std: 1, seed: 1 };
const nulls = (up: (number | null)[]) => ({ up, down: up.map(() => null) });

describe('Holm', () => {
  test('multiplies the smallest p by all, the next by one less, and never falls', () => {
    assert.deepEqual(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
  });
  test('stays at most 1, and leaves one p alone', () => {
    assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
    assert.deepEqual(holm([0.2]), [0.2]);
    assert.deepEqual(holm([]), []);
  });
});

describe('what moves', () => {
  const strong = measure(normals(200, 1), options);

  test('a rise that is certain and beats its null moves, and is a result as the protocol has it', () => {
    const [effect] = judge([strong], nulls([0.5]));
    assert.equal(effect.moves, true);
    assert.equal(effect.null, 0.5);
    assert.deepEqual(effectSchema.strict().parse(effect), effect);
  });

  test('not when a random direction may do as much', () => {
    assert.equal(judge([strong], nulls([strong.deltaLow]))[0].moves, false);
    assert.equal(judge([strong], nulls([strong.deltaLow - 1e-9]))[0].moves, true);
  });

  test('not when the score rises as often as it falls, however far', () => {
    const jitter = measure(
      normals(200, 0).map((d) => 10 * d),
      options,
    );
    assert.ok(jitter.deltaLow > 1);
    assert.equal(judge([jitter], nulls([1]))[0].moves, false);
  });

  test('not without a null, not with too few movers, not without a standard deviation', () => {
    assert.equal(judge([strong], nulls([null]))[0].moves, false);
    const few = measure(new Float32Array(500).fill(5, 0, 19), options);
    assert.equal(judge([few], nulls([0]))[0].moves, false);
    const flat = measure(normals(200, 1), { std: 0, seed: 1 });
    assert.equal(judge([flat], nulls([0]))[0].moves, false);
  });

  test('a middling rise moves alone, not as one of many', () => {
    const middling = measure(normals(100, 0.3, 7), options);
    assert.ok(middling.p < 0.025 && middling.p > 0.025 / 40, `p ${middling.p}`);
    assert.equal(judge([middling], nulls([0]))[0].moves, true);
    const others = Array.from({ length: 39 }, (_, i) => measure(normals(100, 0, 10 + i), options));
    assert.equal(judge([middling, ...others], nulls(new Array<number>(40).fill(0)))[0].moves, false);
  });

  test('a clear rise moves also as one of 365', () => {
    const clear = measure(normals(100, 0.6, 7), options);
    const family = [clear, ...new Array<typeof clear>(364).fill({ ...clear, p: 1 })];
    assert.equal(judge(family, nulls(new Array<number>(365).fill(0)))[0].moves, true);
  });

  test('each effect needs its own null', () => {
    assert.throws(() => judge([strong], nulls([])), RangeError);
  });
});

describe('the null', () => {
  test("is the largest of the random directions' upper bounds, concept by concept", () => {
    // Two concepts, three directions; the second direction raises the second concept most.
    const moves = [0, 1, 2].map((r) =>
      new Float32Array(200).map((_, at) => normals(1, at % 2 === 1 && r === 1 ? 2 : 0, 1000 * r + at)[0]),
    );
    const column = (move: Float32Array, c: number) => move.filter((_, at) => at % 2 === c);
    const { up, down } = nullBounds(moves, [1, 4], { seed: 1 });
    for (const c of [0, 1]) {
      const each = moves.map((move) => measure(column(move, c), { std: [1, 4][c], seed: 1 }));
      assert.equal(up[c], Math.max(...each.map(({ deltaHigh }) => deltaHigh)));
      assert.equal(down[c], Math.max(...each.map(({ downHigh }) => downHigh)));
    }
    assert.ok(up[1]! > 1.5 / 4 && up[0]! < 1 && down[1]! < 1 / 4);
  });

  test('is 0 where no random direction changes the score, and null where it has no score at all', () => {
    const moves = [new Float32Array([0, NaN, 0, NaN]), new Float32Array([0, NaN, 0, NaN])];
    assert.deepEqual(nullBounds(moves, [1, 1], { seed: 1 }), { up: [0, null], down: [0, null] });
  });
});
