import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, describe } from 'node:test';
import { decodeModel, encodeModel, GraphBuilder } from '../../../src/engine/graph';
import { openSessions } from '../../../src/engine/session';

const rooms = (file: string) => new Uint8Array(readFileSync(`models/rooms/${file}`));

/** n rows of the same numbers in every run: a small linear congruential generator. */
function codes(n: number, width: number): Float32Array {
  let state = 12345;
  return Float32Array.from({ length: n * width }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

describe('sessions on the CPU', async () => {
  const sessions = await openSessions('cpu', { threads: 2 });
  after(() => sessions.close());

  test('a model of the graph builder runs', async () => {
    const graph = new GraphBuilder('toy');
    const x = graph.input('x', ['B', 2]);
    graph.output('y', graph.op('Mul', [x, graph.floats([2, -1])]), ['B', 2]);
    const session = await sessions.open(graph.encode(), 'toy');
    const { y } = await session.run({ x: { data: Float32Array.of(1, 2, 3, 4), dims: [2, 2] } });
    assert.deepEqual(y, { data: Float32Array.of(2, -2, 6, -4), dims: [2, 2] });
    await session.close();
  });

  test('a model that was read and written computes what it did', async () => {
    const before = await sessions.open(rooms('mapping.onnx'), 'mapping.onnx');
    const bytes = encodeModel(decodeModel(rooms('mapping.onnx'), 'mapping.onnx'));
    const again = await sessions.open(bytes, 'mapping.onnx again');
    const z = { data: codes(3, 128), dims: [3, 128] };
    assert.deepEqual(await again.run({ z }), await before.run({ z }));
  });
});
