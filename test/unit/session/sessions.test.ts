import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test, { after, describe } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import { composeScoring, decodeModel, encodeModel, GraphBuilder } from '../../../src/engine/graph';
import { autoDevices, isOutOfMemory, openSessions, type Session } from '../../../src/engine/session';
import { numbers, roomsFile, roomsGenerator, roomsPredictors } from '../graph/rooms';

const refusal = (message: RegExp) => (error: unknown) =>
  error instanceof Failure && message.test(error.message);

/** y = x · x, [B, n] → [B, n]. */
function squares(n: number): Uint8Array {
  const graph = new GraphBuilder('squares');
  const x = graph.input('x', ['B', n]);
  graph.output('y', graph.op('Mul', [x, x]), ['B', n]);
  return graph.encode();
}

/** Set for the child process of the last test. */
const exitsInside = 'HIGAN_TEST_EXITS_INSIDE';
if (process.env[exitsInside]) {
  const session = await (await openSessions('cpu')).open(roomsGenerator.synthesis, 'synthesis');
  const codes = (batch: number) => ({ codes: { data: numbers(batch * 1280), dims: [batch, 10, 128] } });
  await session.run(codes(1));
  void session.run(codes(64)).catch(() => undefined);
  setTimeout(() => process.exit(130), 100);
  // Nothing below belongs to the child.
  await new Promise(() => undefined);
}

describe('sessions on the CPU', async () => {
  const sessions = await openSessions('cpu', { threads: 2 });
  after(() => sessions.close());

  test('a model of the graph builder runs; feeds stay the caller’s', async () => {
    const session = await sessions.open(squares(2), 'squares');
    const all = Float32Array.of(9, 9, 1, 2, 3, 4);
    const x = { data: all.subarray(2), dims: [2, 2] };
    assert.deepEqual(await session.run({ x }), { y: { data: Float32Array.of(1, 4, 9, 16), dims: [2, 2] } });
    assert.deepEqual(all, Float32Array.of(9, 9, 1, 2, 3, 4));
    await session.close();
  });

  test('a model that was read and written computes what it did', async () => {
    const before = await sessions.open(roomsFile('mapping.onnx'), 'mapping.onnx');
    const bytes = encodeModel(decodeModel(roomsFile('mapping.onnx'), 'mapping.onnx'));
    const again = await sessions.open(bytes, 'mapping.onnx again');
    const z = { data: numbers(3 * 128), dims: [3, 128] };
    assert.deepEqual(await again.run({ z }), await before.run({ z }));
  });

  test('what is not a model, and feeds that do not fit, are answered by name', async () => {
    await assert.rejects(sessions.open(new Uint8Array(9), 'broken.onnx'), refusal(/^broken\.onnx: /));
    const session = await sessions.open(squares(2), 'squares.onnx');
    const wrong = { data: new Float32Array(3), dims: [1, 3] };
    await assert.rejects(session.run({ x: wrong }), refusal(/^squares\.onnx: the run on cpu failed/));
    await assert.rejects(session.run({ z: wrong }), refusal(/^squares\.onnx: /));
    const graph = new GraphBuilder('reshape');
    graph.output('y', graph.op('Reshape', [graph.input('x', ['B', 2]), graph.ints([-1, 3])]), ['B', 3]);
    const reshaping = decodeModel(graph.encode(), 'bedroom.onnx');
    for (const node of reshaping.graph.node) node.name = `predictor0/bedroom/${node.opType}`;
    const bedroom = await sessions.open(encodeModel(reshaping), 'bedroom.onnx');
    const two = { data: new Float32Array(2), dims: [1, 2] };
    await assert.rejects(
      bedroom.run({ x: two }),
      refusal(/the run on cpu failed .*predictor0\/bedroom\/Reshape/),
    );
    assert.equal(sessions.dead, null);
  });

  test('memory that is not there is answered with the remedy', async () => {
    const graph = new GraphBuilder('huge');
    const x = graph.input('x', ['B', 1]);
    graph.output('y', graph.op('Expand', [x, graph.ints([1_000_000_000, 1_000_000])]), ['C', 'D']);
    const session = await sessions.open(graph.encode(), 'huge.onnx');
    const feed = { data: Float32Array.of(1), dims: [1, 1] };
    await assert.rejects(session.run({ x: feed }), (error) => {
      // As tuning and studies know it, who do with smaller batches then.
      assert.ok(isOutOfMemory(error), String(error));
      return refusal(/^huge\.onnx: cpu ran out of memory .*Close other programs/)(error);
    });
  });

  test('an aborted run is given up', async () => {
    const session = await sessions.open(squares(2), 'squares');
    const controller = new AbortController();
    const x = { data: new Float32Array(2), dims: [1, 2] };
    const running = session.run({ x }, { signal: controller.signal });
    controller.abort();
    await assert.rejects(running, (error) => error instanceof Failure && error.kind === 'interrupted');
    assert.deepEqual((await session.run({ x }))['y'].dims, [1, 2]);
  });

  test('thousands of runs leave no memory behind', async () => {
    const session = await sessions.open(squares(25_000), 'squares');
    const x = { data: new Float32Array(25_000), dims: [1, 25_000] };
    for (let i = 0; i < 200; i++) await session.run({ x });
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 2000; i++) await session.run({ x });
    // 2,000 outputs of 100 kB each would be 200 MB.
    const grown = (process.memoryUsage().rss - before) / 1e6;
    assert.ok(grown < 100, `grew by ${grown.toFixed(0)} MB`);
  });
});

describe('results do not depend on how they are computed', () => {
  const graph = composeScoring({ generator: roomsGenerator, predictors: roomsPredictors, space: 'w' });
  const models = [
    { name: 'scoring graph', bytes: graph.bytes, input: 'codes', dims: graph.input.dims, output: 'scores' },
    { name: 'mapping.onnx', bytes: roomsFile('mapping.onnx'), input: 'z', dims: [128], output: 'w' },
  ];
  for (const { name, bytes, input, dims, output } of models) {
    test(`${name}: the same bytes for any batch size and number of threads`, async () => {
      const size = dims.reduce((a, b) => a * b);
      const rows = 12;
      const codes = numbers(rows * size);
      const run = async (session: Session, batch: number) => {
        const parts: number[] = [];
        for (let first = 0; first < rows; first += batch) {
          const count = Math.min(batch, rows - first);
          const data = codes.subarray(first * size, (first + count) * size);
          const results = await session.run({ [input]: { data, dims: [count, ...dims] } });
          parts.push(...results[output].data);
        }
        return Buffer.from(Float32Array.from(parts).buffer);
      };
      let expected: Buffer | null = null;
      for (const threads of [1, 2, 3]) {
        const sessions = await openSessions('cpu', { threads });
        const session = await sessions.open(bytes, name);
        for (const batch of [rows, 1, 2, 5]) {
          const found = await run(session, batch);
          expected ??= found;
          assert.ok(found.equals(expected), `${threads} threads, batches of ${batch}`);
        }
        await sessions.close();
      }
    });
  }
});

describe('devices', () => {
  test('auto ends with the CPU, and tries CUDA only in a runtime of the user’s', () => {
    assert.equal(autoDevices(null).at(-1), 'cpu');
    assert.ok(!autoDevices(null).includes('cuda'));
    assert.equal(autoDevices('/somewhere')[0], 'cuda');
  });

  test('auto passes over what is not accepted, and says why; why the last was not is the failure', async () => {
    const rejected: string[] = [];
    await assert.rejects(
      openSessions('auto', {
        accept: () => Promise.reject(new Error('self-test failed')),
        onRejected: (device) => rejected.push(device),
      }),
      { message: 'self-test failed' },
    );
    assert.deepEqual(rejected, autoDevices(null).slice(0, -1));
  });

  test('auto blames no device for what is wrong with the input', async () => {
    const rejected: string[] = [];
    await assert.rejects(
      openSessions('auto', { runtime: '/nowhere', onRejected: (device) => rejected.push(device) }),
      refusal(/^\/nowhere: .* could not be loaded/),
    );
    assert.deepEqual(rejected, []);
  });

  test('a device that is not there is answered with what to install', async () => {
    await assert.rejects(openSessions('dml'), refusal(/no session could be opened on dml .* DirectX 12/));
    await assert.rejects(openSessions('cuda'), refusal(/on cuda .* higan\.onnxruntime/));
  });

  test('a runtime may come from a folder', async () => {
    const sessions = await openSessions('cpu', { runtime: process.cwd() });
    assert.match(sessions.version, /^1\.\d+/);
    await sessions.close();
    await assert.rejects(
      openSessions('cpu', { runtime: '/nowhere' }),
      refusal(/^\/nowhere: .* could not be loaded/),
    );
  });
});

describe('a worker thread that dies', () => {
  test('answers all that waits for it, and everything after', async () => {
    const sessions = await openSessions('cpu', { threads: 1 });
    const session = await sessions.open(roomsGenerator.synthesis, 'synthesis');
    const codes = { data: numbers(64 * 1280), dims: [64, 10, 128] };
    // Ended between two runs: inside one, ONNX Runtime would take the whole process with it.
    const { worker } = sessions as unknown as { worker: { terminate(): Promise<number> } };
    const ended = worker.terminate();
    const waiting = [session.run({ codes }), session.run({ codes }), sessions.open(squares(2), 'squares')];
    const answers = Promise.allSettled(waiting);
    await ended;
    for (const answer of await answers) {
      assert.equal(answer.status, 'rejected');
      assert.ok(refusal(/worker thread ended unexpectedly/)(answer.reason));
    }
    assert.ok(sessions.dead instanceof Failure);
    await assert.rejects(session.run({ codes }), refusal(/ended unexpectedly/));
    await session.close();
    await sessions.close();
  });
});

describe('a process that exits while a model runs', () => {
  test('keeps its own exit code', async () => {
    // The child runs this file's own bundle of the engine on a batch that takes a while, and exits inside it.
    const child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, [exitsInside]: '1' } });
    const code = await new Promise((resolve) =>
      child.on('exit', (status, signal) => resolve(signal ?? status)),
    );
    assert.equal(code, 130);
  });
});
