/** The nodes between generator and predictors against NumPy, Pillow and exact arithmetic (test/fixtures/graph_images.py). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, describe } from 'node:test';
import { colorScores } from '../../../src/engine/graph/color';
import { GraphBuilder } from '../../../src/engine/graph';
import { bilinearWeights, exactDigits, ImageSource } from '../../../src/engine/graph/image';
import type { PredictorManifest } from '../../../src/engine/manifest/schema';
import { openSessions } from '../../../src/engine/session';

interface Fixture {
  resize: { height: number; width: number; size: number; step: number; rows: string }[];
  color: { image: string; scores: number[] }[];
  quantise: { values: string; bytes: string };
  average: number[];
  normalised: number[];
}
const fixture = JSON.parse(readFileSync('test/fixtures/data/graph-images.json', 'utf8')) as Fixture;
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));

/** The image that the fixture's script makes by the same formula: [3, H, W]. */
function pattern(height: number, width: number): Float32Array {
  const image = new Float32Array(3 * height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const edge = (Math.floor(x / 5) + Math.floor(y / 9)) % 2;
      [(x * 7 + y * 3) % 256, (x * y + 11 * x) % 251, edge ? 250 : (3 * x) % 256].forEach(
        (value, c) => (image[(c * height + y) * width + x] = value),
      );
    }
  }
  return image;
}

const input = (changes: Partial<PredictorManifest['input']>): PredictorManifest['input'] => ({
  name: 'image',
  size: 12,
  resize: 'none',
  // Bytes as they are, so that levels can be compared.
  range: [0, 255],
  mean: [0, 0, 0],
  std: [1, 1, 1],
  quantise: true,
  ...changes,
});

const maxDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe('from the image to the predictors', async () => {
  const sessions = await openSessions('cpu', { threads: 1 });
  after(() => sessions.close());

  /** Runs what `build` makes of a value `x` [B, …dims]. */
  async function compute(
    build: (graph: GraphBuilder, x: string) => string,
    dims: number[],
    data: Float32Array,
  ): Promise<Float32Array> {
    const graph = new GraphBuilder('test');
    const x = graph.input('x', ['B', ...dims]);
    graph.output('y', build(graph, x), []);
    // The shape of the output is left to the runtime.
    delete graph.graph.output[0].type?.tensorType?.shape;
    const session = await sessions.open(graph.encode(), 'test');
    const batch = data.length / dims.reduce((a, b) => a * b, 1);
    const { y } = await session.run({ x: { data, dims: [batch, ...dims] } });
    await session.close();
    return y.data;
  }

  test("the generator's image is cut to bytes as the reference does, at every edge", async () => {
    const raw = bytesOf(fixture.quantise.values);
    const values = new Float32Array(raw.buffer);
    const padded = new Float32Array(3 * Math.ceil(values.length / 3));
    padded.set(values);
    const levels = await compute(
      (graph, x) => ImageSource.generated(graph, x, 1).bytes.value,
      [3, 1, 1],
      padded,
    );
    assert.deepEqual(
      Array.from(levels.subarray(0, values.length)),
      Array.from(bytesOf(fixture.quantise.bytes)),
    );
  });

  for (const { height, width, size, step, rows } of fixture.resize) {
    test(`${height} × ${width} → ${size} × ${size} is Pillow's bilinear resize to the byte`, async () => {
      const resized = await compute(
        (graph, x) =>
          ImageSource.bytes(graph, x, height, width).prepared(input({ size, resize: 'bilinear' }), 'p'),
        [3, height, width],
        pattern(height, width),
      );
      const expected = bytesOf(rows);
      const kept = Math.ceil(size / step);
      for (let c = 0; c < 3; c++) {
        for (let row = 0; row < kept; row++) {
          const found = (c * size + row * step) * size;
          const wanted = (c * kept + row) * size;
          assert.deepEqual(
            Array.from(resized.subarray(found, found + size)),
            Array.from(expected.subarray(wanted, wanted + size)),
            `channel ${c}, row ${row * step}`,
          );
        }
      }
    });
  }

  test('images made many times smaller are summed exactly too, in digits that float32 holds', async () => {
    for (const [from, to, count] of [
      [256, 224, 2],
      [1024, 224, 2],
      [2048, 32, 3],
      [2048, 48, 3],
      [8192, 224, 3],
    ]) {
      const weights = bilinearWeights(from, to, true);
      const { bits, digits } = exactDigits(weights, from);
      assert.equal(digits.length, count, `${from} → ${to}`);
      const whole = weights.map((_, i) =>
        digits.reduce((sum, d, place) => sum + d[i] * 2 ** (bits * place), 0),
      );
      assert.deepEqual(
        whole,
        weights.map((weight) => weight * 2 ** 22),
      );
      for (const digit of digits) {
        for (let row = 0; row < to; row++) {
          const sum = digit.subarray(row * from, (row + 1) * from).reduce((a, b) => a + b, 0);
          assert.ok(255 * sum < 2 ** 24, `${from} → ${to}, row ${row}: ${255 * sum}`);
        }
      }
    }
    const image = pattern(32, 2048).map((byte) => 255 - (byte >> 3));
    const resized = await compute(
      (graph, x) =>
        ImageSource.bytes(graph, x, 32, 2048).prepared(input({ size: 32, resize: 'bilinear' }), 'p'),
      [3, 32, 2048],
      image,
    );
    const weights = bilinearWeights(2048, 32, true);
    const exact = resized.map((_, at) => {
      const [row, column] = [Math.floor(at / 32), at % 32];
      let sum = 2 ** 21;
      for (let j = 0; j < 2048; j++) sum += image[row * 2048 + j] * weights[column * 2048 + j] * 2 ** 22;
      return Math.floor(sum / 2 ** 22);
    });
    assert.deepEqual(resized, exact);
  });

  test('weights of the bilinear filter sum to 1 in each row', () => {
    for (const [from, to] of [
      [256, 224],
      [64, 224],
      [7, 3],
    ]) {
      const weights = bilinearWeights(from, to, false);
      for (let row = 0; row < to; row++) {
        const sum = weights.subarray(row * from, (row + 1) * from).reduce((a, b) => a + b, 0);
        assert.ok(Math.abs(sum - 1) < 1e-12);
      }
    }
  });

  test('average is the mean of whole blocks', async () => {
    const means = await compute(
      (graph, x) => ImageSource.bytes(graph, x, 12, 12).prepared(input({ size: 4, resize: 'average' }), 'p'),
      [3, 12, 12],
      pattern(12, 12),
    );
    assert.ok(maxDifference(means, fixture.average) < 1e-4);
  });

  test('sizes that a rule cannot serve are refused with the remedy', () => {
    const made = ImageSource.generated(new GraphBuilder('g'), 'x', 12);
    const given = ImageSource.bytes(new GraphBuilder('g'), 'x', 12, 12);
    const refuse = (source: ImageSource, resize: 'average' | 'none', size: number) => () =>
      source.prepared(input({ resize, size }), 'some.onnx');
    assert.throws(refuse(made, 'average', 5), /some\.onnx: images of 12 × 12 do not fit .*resize: bilinear/);
    assert.throws(refuse(made, 'average', 24), /whole number of pixels/);
    assert.throws(refuse(made, 'none', 24), /images of its own size only/);
    // A manifest is the maker's; who gives images can give others.
    assert.throws(refuse(given, 'average', 5), /12 × 12 do not fit .* sides that are multiples of 5 px\.$/);
    assert.throws(refuse(given, 'none', 24), /12 × 12 do not fit .*Resize the images to sides of 24 px\.$/);
  });

  test('mean and standard deviation are taken per channel', async () => {
    const values = await compute(
      (graph, x) =>
        ImageSource.bytes(graph, x, 12, 12).prepared(
          input({ range: [0, 1], mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }),
          'p',
        ),
      [3, 12, 12],
      pattern(12, 12),
    );
    assert.ok(maxDifference(values, fixture.normalised) < 1e-5);
  });

  test('a normalisation that changes nothing leaves no node behind', () => {
    const graph = new GraphBuilder('g');
    const source = ImageSource.generated(graph, 'x', 12);
    assert.equal(source.prepared(input({ range: [-1, 1], quantise: false }), 'p'), 'x');
    assert.equal(graph.graph.node.length, 0);
  });

  test('hue histogram, brightness and saturation agree with exact arithmetic', async () => {
    for (const { image, scores } of fixture.color) {
      const found = await compute(
        (graph, x) => colorScores(graph, ImageSource.bytes(graph, x, 12, 12).bytes),
        [3, 12, 12],
        Float32Array.from(bytesOf(image)),
      );
      assert.ok(maxDifference(found, scores) < 1e-6, `${Array.from(found).join()} ≠ ${scores.join()}`);
    }
  });
});
