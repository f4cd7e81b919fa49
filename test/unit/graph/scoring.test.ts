import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { after, describe } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import {
  colorLabels,
  composeImageScoring,
  composeScoring,
  composeSegmentation,
  composeSynthesis,
  decodeModel,
  encodeModel,
  extractStyles,
  finishScores,
  GraphBuilder,
  type PredictorInput,
} from '../../../src/engine/graph';
import { predictorSchema } from '../../../src/engine/manifest/schema';
import { openSessions, type Tensor } from '../../../src/engine/session';
import { numbers, roomsGenerator, roomsPredictors } from './rooms';
import { linearPredictor, oldPredictor, smallToy } from './toys';

const maxDifference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  assert.equal(a.length, b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
};

const refusal = (message: RegExp) => (error: unknown) =>
  error instanceof Failure && error.kind === 'bad-input' && message.test(error.message);

const column = { concept: 'attribute/a', level: 'attribute', head: null, label: 0, predictor: 'p' } as const;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('the scoring graph', async () => {
  const sessions = await openSessions('cpu', { threads: 1 });
  after(() => sessions.close());

  async function run(bytes: Uint8Array, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    const session = await sessions.open(bytes, 'test');
    try {
      return await session.run(feeds);
    } finally {
      await session.close();
    }
  }

  const roomCodes = { data: numbers(3 * 10 * 128), dims: [3, 10, 128] };
  const rooms = { generator: roomsGenerator, predictors: roomsPredictors };

  test('gives what generator and predictor give one after the other', async () => {
    const graph = composeScoring({ ...rooms, space: 'w', image: true });
    const { scores, image } = await run(graph.bytes, { codes: roomCodes });
    const synthesis = await run(roomsGenerator.synthesis, { codes: roomCodes });
    assert.deepEqual(image, synthesis['image']);

    const bytes = image.data.map((x) =>
      Math.trunc(Math.min(Math.max(Math.fround(Math.fround(x * 127.5) + 128), 0), 255)),
    );
    const given = await run(roomsPredictors[0].bytes, {
      image: { data: bytes.map((b) => b / 127.5 - 1), dims: image.dims },
    });
    assert.deepEqual(scores.dims, [3, graph.width]);
    for (let row = 0; row < 3; row++) {
      const at = (column: number) => scores.data[row * graph.width + column];
      const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-5, `${a} ≠ ${b}`);
      near(at(0), given['corner'].data[row * 2]);
      near(at(graph.confidences[0].column), sigmoid(given['corner'].data[row * 2 + 1]));
      const logits = Array.from(given['category'].data.subarray(row * 4, row * 4 + 4));
      const total = logits.reduce((sum, x) => sum + Math.exp(x), 0);
      logits.forEach((x, i) => near(at(1 + i), Math.exp(x) / total));
      for (let i = 0; i < 10; i++) near(at(5 + i), sigmoid(given['attributes'].data[row * 10 + i]));
    }
  });

  test('names every column, and masks scores without confidence', () => {
    const graph = composeScoring({ ...rooms, space: 'w' });
    assert.deepEqual(
      graph.columns.map(({ concept }) => concept),
      [
        'layout/corner',
        ...roomsPredictors[0].manifest.heads[1].labels.map((label) => `category/${label}`),
        ...roomsPredictors[0].manifest.heads[2].labels.map((label) => `attribute/${label}`),
        ...colorLabels.map((label) => `color/${label}`),
      ],
    );
    assert.deepEqual(graph.confidences, [{ column: 29, masks: [0], minimum: 0.5 }]);
    assert.equal(graph.width, 30);
    const raw = numbers(60);
    raw[29] = 0.5;
    raw[59] = 0.499;
    const finished = finishScores(graph, raw, 2);
    assert.deepEqual(finished.subarray(0, 29), raw.subarray(0, 29));
    assert.ok(Number.isNaN(finished[29]));
    assert.deepEqual(finished.subarray(30), raw.subarray(31, 59));
  });

  test('a score that is no finite number counts as missing', () => {
    const raw = Float32Array.of(-Infinity, 0.5, Infinity, NaN);
    const finished = finishScores({ columns: [column, column], confidences: [] }, raw, 2);
    assert.deepEqual(finished, Float32Array.of(NaN, 0.5, NaN, NaN));
  });

  test('the same parts give the same bytes', () => {
    const [a, b] = [composeScoring({ ...rooms, space: 'w' }), composeScoring({ ...rooms, space: 'w' })];
    assert.deepEqual(a.bytes, b.bytes);
    assert.equal(a.hash, b.hash);
    assert.notEqual(a.hash, composeScoring({ ...rooms, space: 'y' }).hash);
  });

  test('keeps only heads that the concepts read, and none of segmentation', () => {
    const compose = (concepts: string[]) => composeScoring({ ...rooms, space: 'w', concepts });
    const whole = composeScoring({ ...rooms, space: 'w' });
    const inputs = (bytes: Uint8Array) =>
      decodeModel(bytes, 'g').graph.initializer.map((tensor) => tensor.name ?? '');
    const layout = compose(['layout/corner']);
    assert.deepEqual(
      layout.columns.map(({ concept }) => concept),
      ['layout/corner'],
    );
    assert.ok(!inputs(layout.bytes).some((name) => /category|attributes|cat\.|att\./.test(name)));
    const color = compose(['color/hue_3']);
    assert.equal(color.columns.length, 14);
    assert.ok(!inputs(color.bytes).some((name) => name.startsWith('predictor')));
    assert.ok(color.bytes.length < whole.bytes.length - 0.9 * rooms.predictors[0].bytes.length);
    // A pair of categories reads its head; labels may be written with underscores.
    assert.equal(compose(['category/living_room~bedroom']).columns.length, 4);
    assert.throws(() => compose(['attribute/nothing']), refusal(/No predictor scores/));
    // The second predictor of rooms has a segmentation only.
    assert.ok(!inputs(whole.bytes).some((name) => name.startsWith('predictor1/')));
  });

  test('space y: styles in the place of codes, with the same scores', async () => {
    for (const parts of [
      rooms,
      {
        generator: smallToy(),
        predictors: [linearPredictor('p', [{ level: 'attribute', labels: ['a'] }])],
      },
    ]) {
      const { layers } = parts.generator.manifest;
      const dim = parts.generator.manifest.z.dim;
      const codes = { data: numbers(2 * layers.length * dim), dims: [2, layers.length, dim] };
      const styles = extractStyles(parts.generator);
      const graph = composeScoring({ ...parts, space: 'y', image: true });
      assert.deepEqual(graph.styleWidths, styles.widths);
      assert.equal(styles.widths.length, layers.length);
      assert.deepEqual(graph.input, { name: 'styles', dims: [styles.widths.reduce((a, b) => a + b)] });
      const y = (await run(styles.bytes, { codes }))['styles'];
      const fromStyles = await run(graph.bytes, { styles: y });
      const fromCodes = await run(composeScoring({ ...parts, space: 'w', image: true }).bytes, { codes });
      assert.ok(maxDifference(fromStyles['image'].data, fromCodes['image'].data) < 1e-5);
      assert.ok(maxDifference(fromStyles['scores'].data, fromCodes['scores'].data) < 1e-5);
      // What only made the styles is gone.
      const readsCodes = decodeModel(graph.bytes, 'g').graph.node.filter(({ input }) =>
        input.includes('codes'),
      );
      assert.deepEqual(readsCodes, []);
    }
  });

  test('moving w by n moves every y(l) by A(l) n, and gives the same image', async () => {
    const styles = extractStyles(roomsGenerator);
    const total = styles.widths.reduce((a, b) => a + b);
    const L = 10;
    const D = 128;
    const w = numbers(D, 1, 3);
    const n = numbers(D, 0.4, 4);
    const broadcast = (code: ArrayLike<number>) =>
      Float32Array.from({ length: L * D }, (_, i) => code[i % D]);
    const dims = [1, L, D];
    const y = async (code: ArrayLike<number>) =>
      (await run(styles.bytes, { codes: { data: broadcast(code), dims } }))['styles'].data;
    const zero = await y(new Float32Array(D));
    const affine = (await y(n)).map((value, i) => value - zero[i]); // A(l) n
    const moved = Float32Array.from(await y(w), (value, i) => value + affine[i]);
    const direct = w.map((value, i) => value + n[i]);
    assert.ok(maxDifference(moved, await y(direct)) < 1e-5);

    const fromStyles = composeSynthesis(roomsGenerator, 'y');
    const fromCodes = composeSynthesis(roomsGenerator, 'w');
    const a = (await run(fromStyles.bytes, { styles: { data: moved, dims: [1, total] } }))['image'];
    const b = (await run(fromCodes.bytes, { codes: { data: broadcast(direct), dims } }))['image'];
    assert.ok(maxDifference(a.data, b.data) < 1e-5);
  });

  test('space y is refused where the styles do not carry everything', () => {
    const toy = smallToy();
    const without = (change: (layers: { resolution: number; styles: string[] }[]) => void) => {
      const layers = structuredClone(toy.manifest.layers);
      change(layers);
      return () => composeSynthesis({ ...toy, manifest: { ...toy.manifest, layers } }, 'y');
    };
    assert.throws(
      without((layers) => (layers[1].styles = [])),
      refusal(/layer 1 names no style tensors/),
    );
    assert.throws(
      without((layers) => (layers[1].styles = ['nothing'])),
      refusal(/'nothing' \(layer 1\) cannot be read/),
    );
    assert.throws(
      without((layers) => (layers[1].styles = ['style_0'])),
      refusal(/named twice/),
    );
    assert.throws(
      without((layers) => {
        layers.pop();
        layers[1].styles = ['style_1'];
      }),
      refusal(/where \[batch, 2, 4\] is expected/),
    );
    const graph = new GraphBuilder('skips');
    const codes = graph.input('codes', ['B', 1, 2]);
    const flat = graph.op('Reshape', [codes, graph.ints([-1, 2])]);
    const style = graph.op('MatMul', [flat, graph.floats([1, 2, 3, 4], [2, 2])], {}, 'style');
    const both = graph.op('Concat', [style, flat], { axis: { int: 1 } });
    graph.output('image', graph.op('Slice', [both, graph.ints([0]), graph.ints([3]), graph.ints([1])]), []);
    delete graph.graph.output[0].type;
    const manifest = { ...toy.manifest, resolution: 1, layers: [{ resolution: 1, styles: ['style'] }] };
    const skips = {
      name: 'skips.onnx',
      synthesis: graph.encode(),
      manifest: { ...manifest, z: { ...manifest.z, dim: 2 }, w: { dim: 2 } },
    };
    assert.throws(
      () => composeSynthesis(skips, 'y'),
      refusal(/skips\.onnx: the image depends on the codes other/),
    );
  });

  test('given images are scored as generated ones are', async () => {
    const generated = composeScoring({ ...rooms, space: 'w', image: true });
    const { scores, image } = await run(generated.bytes, { codes: roomCodes });
    const data = image.data.map((x) =>
      Math.floor(Math.min(Math.max(Math.fround(Math.fround(x * 127.5) + 128), 0), 255)),
    );
    const graph = composeImageScoring({ predictors: roomsPredictors, height: 64, width: 64 });
    assert.deepEqual(graph.columns, generated.columns);
    const found = await run(graph.bytes, { bytes: { data, dims: image.dims } });
    assert.ok(maxDifference(found['scores'].data, scores.data) < 1e-5);
  });

  test('two predictors of the same file keep their names apart; the same concept twice is refused', async () => {
    const attribute = (label: string) => linearPredictor('p', [{ level: 'attribute', labels: [label] }]);
    const generator = smallToy();
    const graph = composeScoring({ generator, predictors: [attribute('a'), attribute('b')], space: 'w' });
    const codes = { data: numbers(2 * 12), dims: [2, 3, 4] };
    const { scores } = await run(graph.bytes, { codes });
    assert.equal(scores.data[0], scores.data[1]);
    assert.throws(
      () => composeScoring({ generator, predictors: [attribute('a'), attribute('a')], space: 'w' }),
      refusal(/'attribute\/a' is scored by p\.onnx and by p\.onnx/),
    );
  });

  test('files that do not fit their manifest are refused by name', () => {
    const generator = smallToy();
    const good = linearPredictor('p', [{ level: 'attribute', labels: ['a', 'b'] }]);
    const compose = (predictor: PredictorInput) => () =>
      composeScoring({ generator, predictors: [predictor], space: 'w' });
    const changed = (change: (manifest: PredictorInput['manifest']) => void) => {
      const manifest = structuredClone(good.manifest);
      change(manifest);
      return compose({ ...good, manifest });
    };
    assert.throws(
      changed((m) => m.heads[0].labels.push('c')),
      refusal(/p\.onnx: 'out0' is \[N, 2\] where \[batch, 3\] is expected/),
    );
    assert.throws(
      changed((m) => (m.heads[0].output = 'logits')),
      refusal(/names the output 'logits'; the file has 'out0'/),
    );
    assert.throws(
      changed((m) => (m.input.name = 'x')),
      refusal(/expects the one input 'x'; the file has 'image'/),
    );
    assert.throws(
      changed((m) => (m.input.size = 16)),
      refusal(/'image' is \[N, 3, 8, 8\] where \[batch, 3, 16, 16\]/),
    );
    const model = decodeModel(good.bytes, 'p');
    model.graph.input[0].type = {
      tensorType: { elemType: 1, shape: { dim: [1, 3, 8, 8].map((dimValue) => ({ dimValue })) } },
    };
    assert.throws(compose({ ...good, bytes: encodeModel(model) }), refusal(/with a free batch axis/));
    const smaller = { ...generator, manifest: { ...generator.manifest, resolution: 16 } };
    assert.throws(
      () => composeScoring({ generator: smaller, predictors: [good], space: 'w' }),
      refusal(/toy\.onnx: 'image' is \[B, 3, 8, 8\] where \[batch, 3, 16, 16\]/),
    );
  });

  test('operator sets are raised where nothing changed its meaning, and refused with both versions else', async () => {
    const generator = smallToy();
    const means = { axes: { ints: [2, 3] }, keepdims: { int: 0 } };
    const old = oldPredictor(13, 'ReduceMean', means);
    const graph = composeScoring({ generator, predictors: [old], color: false, space: 'w', image: true });
    assert.deepEqual(decodeModel(graph.bytes, 'g').opsetImport, [{ domain: '', version: 18 }]);
    const { scores, image } = await run(graph.bytes, { codes: { data: numbers(12), dims: [1, 3, 4] } });
    const channel = image.data
      .subarray(0, 64)
      .map((x) => Math.floor(Math.min(Math.max(127.5 * x + 128, 0), 255)));
    assert.ok(Math.abs(scores.data[0] - channel.reduce((a, b) => a + b, 0) / 64 / 255) < 1e-5);

    const refuses = (predictor: PredictorInput, message: RegExp) =>
      assert.throws(
        () => composeScoring({ generator, predictors: [predictor], space: 'w' }),
        refusal(message),
      );
    refuses(oldPredictor(11, 'ReduceMean', means), /old\.onnx uses operator set 11, .* needs 18/);
    refuses(
      oldPredictor(16, 'Split', {}),
      /uses operator set 16, .* needs 18, and 'Split' .* changed its meaning/,
    );
    refuses(oldPredictor(30, 'Flatten', {}), /toy\.onnx uses operator set 18, old\.onnx needs 30/);
  });

  test('softmax and sigmoid agree with NumPy', async () => {
    const { heads } = JSON.parse(readFileSync('test/fixtures/data/graph-images.json', 'utf8')) as {
      heads: { logits: string; softmax: number[]; sigmoid: number[] };
    };
    const logits = new Float32Array(Uint8Array.from(Buffer.from(heads.logits, 'base64')).buffer);
    const rows = logits.length / 4;
    const pixels = new Float32Array(rows * 3 * 2 * 2);
    for (let row = 0; row < rows; row++) pixels.set(logits.subarray(row * 4, row * 4 + 4), row * 12);
    for (const activation of ['softmax', 'sigmoid'] as const) {
      const graph = new GraphBuilder('first pixels');
      const flat = graph.op('Flatten', [graph.input('image', ['B', 3, 2, 2])]);
      graph.output('out', graph.op('Slice', [flat, graph.ints([0]), graph.ints([4]), graph.ints([1])]), [
        'B',
        4,
      ]);
      const manifest = predictorSchema.parse({
        file: 'p.onnx',
        sha256: '0'.repeat(64),
        input: { name: 'image', size: 2, range: [0, 255], quantise: false },
        heads: [{ output: 'out', level: 'category', labels: ['a', 'b', 'c', 'd'], activation }],
      });
      const predictors = [{ manifest, bytes: graph.encode(), name: 'p.onnx' }];
      const composed = composeImageScoring({ predictors, color: false, height: 2, width: 2 });
      const { scores } = await run(composed.bytes, { bytes: { data: pixels, dims: [rows, 3, 2, 2] } });
      assert.ok(maxDifference(scores.data, heads[activation]) < 1e-6);
    }
  });

  test('the segmentation gives the number of the highest class, at a tie the lowest', async () => {
    const graph = composeSegmentation({
      generator: roomsGenerator,
      predictor: roomsPredictors[1],
      space: 'w',
      image: true,
    });
    const { labels, image } = await run(graph.bytes, { codes: roomCodes });
    assert.deepEqual(labels.dims, [3, 64, 64]);
    const bytes = image.data.map((x) =>
      Math.floor(Math.min(Math.max(Math.fround(Math.fround(x * 127.5) + 128), 0), 255)),
    );
    const given = await run(roomsPredictors[1].bytes, {
      image: { data: bytes.map((b) => b / 127.5 - 1), dims: image.dims },
    });
    const logits = given['segmentation'].data;
    const classes = graph.labels.length;
    let different = 0;
    for (let i = 0; i < 3 * 4096; i++) {
      const at = (c: number) => logits[(Math.floor(i / 4096) * classes + c) * 4096 + (i % 4096)];
      let best = 0;
      for (let c = 1; c < classes; c++) if (at(c) > at(best)) best = c;
      if (best !== labels.data[i]) different++;
    }
    // The two runs round differently; only near-ties may part.
    assert.ok(different <= 3, `${different} pixels`);

    const tie = new GraphBuilder('tie');
    const x = tie.input('image', ['B', 3, 8, 8]);
    tie.output('map', tie.op('Concat', [x, x], { axis: { int: 1 } }), ['B', 6, 8, 8]);
    const manifest = predictorSchema.parse({
      file: 'tie.onnx',
      sha256: '0'.repeat(64),
      input: { name: 'image', size: 8 },
      heads: [{ output: 'map', level: 'segmentation', labels: ['a', 'b', 'c', 'd', 'e', 'f'] }],
    });
    const predictor = { manifest, bytes: tie.encode(), name: 'tie.onnx' };
    const tied = composeSegmentation({ generator: smallToy(), predictor, space: 'w' });
    const map = await run(tied.bytes, { codes: { data: numbers(12), dims: [1, 3, 4] } });
    assert.ok(map['labels'].data.every((label) => label < 3));
    assert.ok(new Set(map['labels'].data).size > 1);
    assert.throws(
      () => composeSegmentation({ generator: smallToy(), predictor: roomsPredictors[0], space: 'w' }),
      refusal(/has no segmentation head/),
    );
  });

  test("compat higan: negative category weights count as 0, Pillow's resize, raw attribute scores", async () => {
    const predictor = linearPredictor('p', [
      { level: 'category', labels: ['a', 'b'], activation: 'softmax' },
      { level: 'attribute', labels: ['c'], activation: 'sigmoid', threshold: 0.5 },
    ]);
    const generator = smallToy();
    const compose = (compat?: 'higan') =>
      composeScoring({ generator, predictors: [predictor], color: false, space: 'w', image: true, compat });
    const codes = { data: numbers(12), dims: [1, 3, 4] };
    const reference = compose('higan');
    const { scores, image } = await run(reference.bytes, { codes });
    const unit = image.data.map(
      (x) => Math.floor(Math.min(Math.max(Math.fround(Math.fround(x * 127.5) + 128), 0), 255)) / 255,
    );
    const weights = (seed: number, width: number) => numbers(192 * width, 0.2, seed);
    const logit = (column: number) =>
      unit.reduce((sum, x, i) => sum + x * Math.max(0, weights(100, 2)[i * 2 + column]), 0);
    assert.ok(Math.abs(scores.data[0] - sigmoid(logit(0) - logit(1))) < 1e-5);
    const raw = unit.reduce((sum, x, i) => sum + x * weights(101, 1)[i], 0);
    assert.ok(Math.abs(scores.data[2] - raw) < 1e-5);
    assert.equal(reference.columns[2].head?.threshold, 0);
    const plain = (await run(compose().bytes, { codes }))['scores'].data;
    assert.ok(Math.abs(plain[2] - sigmoid(raw)) < 1e-5);
    assert.ok(Math.abs(plain[0] - scores.data[0]) > 1e-3);
  });

  test('compat higan: a threshold of probabilities calls the same raw scores positive', () => {
    const raw = (threshold: number | 'none') => {
      const head = { level: 'attribute' as const, labels: ['c'], activation: 'sigmoid' as const, threshold };
      const predictor = linearPredictor('p', [head]);
      const parts = { generator: smallToy(), predictors: [predictor], color: false, space: 'w' } as const;
      return composeScoring({ ...parts, compat: 'higan' }).columns[0].head!.threshold as number;
    };
    for (const t of [0.2, 0.5, 0.9]) assert.ok(Math.abs(sigmoid(raw(t)) - t) < 1e-12, `${t}`);
    for (const t of [-1, 0]) assert.ok(raw(t) < -1e300 && Number.isFinite(raw(t)), `${t}`);
    for (const t of [1, 2]) assert.ok(raw(t) > 1e300 && Number.isFinite(raw(t)), `${t}`);
    assert.equal(raw('none'), 'none');
  });
});
