/**
 * What the engine composes runs on WebGPU with the CPU ruled out for any node, and agrees with the CPU within 1e-3, the
 * design's promise for GPUs. `test/run.mjs` points Vulkan at SwiftShader where the machine has no GPU.
 */
import assert from 'node:assert/strict';
import test, { after, describe } from 'node:test';
import {
  composeImageScoring,
  composeScoring,
  composeSegmentation,
  extractStyles,
  GraphBuilder,
} from '../../src/engine/graph';
import { drawCodes, layerCodes } from '../../src/engine/latent';
import {
  openSessions,
  thumbnail,
  checkThumbnail,
  type Sessions,
  type Tensor,
} from '../../src/engine/session';
import { numbers, roomsFile, roomsGenerator, roomsPredictors } from '../unit/graph/rooms';
import { linearPredictor } from '../unit/graph/toys';

const tolerance = 1e-3;

/** One run of a model on a device. */
async function runOn(
  sessions: Sessions,
  model: Uint8Array,
  feeds: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  const session = await sessions.open(model, 'composed graph');
  const results = await session.run(feeds);
  await session.close();
  return results;
}

describe('WebGPU, with CPU fallback disabled, against the CPU', async () => {
  const gpu = await openSessions('webgpu', { strict: true });
  const cpu = await openSessions('cpu', { threads: 1 });
  after(() => Promise.all([gpu.close(), cpu.close()]));

  /** Does the same on both devices and compares every output; at least `share` of its values have to agree. */
  async function agreeOn(
    work: (sessions: Sessions) => Promise<Record<string, Tensor>>,
    share = 1,
  ): Promise<Record<string, Tensor>> {
    const [expected, found] = [await work(cpu), await work(gpu)];
    assert.deepEqual(Object.keys(found), Object.keys(expected));
    for (const [name, { data, dims }] of Object.entries(expected)) {
      assert.deepEqual(found[name].dims, dims);
      const differences = data.map((value, i) => Math.abs(value - found[name].data[i]));
      const near = differences.filter((difference) => difference <= tolerance).length;
      assert.ok(
        near >= share * data.length,
        `${name}: ${data.length - near} of ${data.length} differ, by up to ${Math.max(...differences)}`,
      );
      assert.ok(
        data.some((value) => value !== data[0]),
        `${name} is constant: nothing was compared`,
      );
    }
    return found;
  }

  /** The same for one model. */
  const agree = (model: Uint8Array, feeds: Record<string, Tensor>, share?: number) =>
    agreeOn((sessions) => runOn(sessions, model, feeds), share);

  const rooms = { generator: roomsGenerator, predictors: roomsPredictors };
  const codes = { data: numbers(10 * 128, 1.5), dims: [1, 10, 128] };

  test('the scoring graph of rooms, with its image', async () => {
    const graph = composeScoring({ ...rooms, space: 'w', image: true });
    const { image } = await agree(graph.bytes, { codes });
    const onCpu = await (await cpu.open(graph.bytes, 'cpu')).run({ codes });
    checkThumbnail(thumbnail(image.data, 64), thumbnail(onCpu['image'].data, 64), 'webgpu', 'rooms');
  });

  test('the mapping of rooms, and many codes at once from z to scores, each device by its own w', async () => {
    const n = 64;
    const { layers } = roomsGenerator.manifest;
    const { dim } = roomsGenerator.manifest.z;
    const z = drawCodes({ seed: 1, purpose: 'probe', dim }, 0, n);
    const feeds = { z: { data: z, dims: [n, dim] } };
    const mapping = roomsFile(roomsGenerator.manifest.mapping?.file ?? '');
    await agree(mapping, feeds);

    const rows = 16;
    const { bytes } = composeScoring({ ...rooms, space: 'w' });
    await agreeOn(async (sessions) => {
      const { w } = await runOn(sessions, mapping, feeds);
      const data = layerCodes(w.data, rows, dim, layers.length, null);
      return runOn(sessions, bytes, { codes: { data, dims: [rows, layers.length, dim] } });
    });
  });

  test('the scoring graph of rooms in space y, fed by its styles', async () => {
    const styles = await agree(extractStyles(roomsGenerator).bytes, { codes });
    await agree(composeScoring({ ...rooms, space: 'y' }).bytes, { styles: styles['styles'] });
  });

  test('the segmentation of rooms', async () => {
    const request = { generator: roomsGenerator, predictor: roomsPredictors[1], space: 'w' as const };
    // Labels are whole numbers: where two classes are level to the last bits, the devices may choose differently.
    await agree(composeSegmentation(request).bytes, { codes }, 0.999);
  });

  test("Pillow's resize, exact on both, and every kind of head", async () => {
    const head = { labels: ['a', 'b', 'c'] };
    const predictor = linearPredictor('p', [
      { ...head, level: 'category', activation: 'softmax' },
      { ...head, level: 'attribute', activation: 'sigmoid' },
      { ...head, level: 'layout', confidence: { activation: 'sigmoid', minimum: 0.5 } },
    ]);
    const graph = composeImageScoring({ predictors: [predictor], height: 20, width: 28 });
    const data = numbers(2 * 3 * 20 * 28, 127.5).map((value) => Math.floor(value + 127.5));
    await agree(graph.bytes, { bytes: { data, dims: [2, 3, 20, 28] } });
  });

  test('a node that WebGPU lacks is refused, naming the model', async () => {
    const graph = new GraphBuilder('rounds');
    const x = graph.input('x', ['B', 4]);
    graph.output('y', graph.op('Round', [x]), ['B', 4]);
    await assert.rejects(
      gpu.open(graph.encode(), 'rounds.onnx'),
      /rounds\.onnx: a node .* cannot run on webgpu/,
    );
  });
});
