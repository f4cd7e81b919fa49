import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { describe } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import { decodeModel, encodeModel, GraphBuilder, signature } from '../../../src/engine/graph';
import { floatTensor, intTensor, readFloats, readInts } from '../../../src/engine/graph/tensor';
import { roomsFile } from './rooms';

const everyField = new Uint8Array(readFileSync('test/fixtures/data/graph-every-field.onnx'));

const refuses = (bytes: Uint8Array, message: RegExp) =>
  assert.throws(
    () => decodeModel(bytes, 'some.onnx'),
    (error) =>
      error instanceof Failure &&
      error.kind === 'bad-input' &&
      error.message.startsWith('some.onnx:') &&
      message.test(error.message),
  );

describe('reading and writing ONNX', () => {
  test('a model with every kind of field is written back byte for byte', () => {
    const model = decodeModel(everyField, 'every');
    assert.deepEqual(Buffer.from(encodeModel(model)), Buffer.from(everyField));
  });

  test('the bundled models are written back byte for byte', () => {
    for (const file of ['mapping.onnx', 'synthesis.onnx', 'predictors.onnx', 'segmentation.onnx']) {
      const bytes = roomsFile(file);
      assert.ok(Buffer.from(encodeModel(decodeModel(bytes, file))).equals(Buffer.from(bytes)), file);
    }
  });

  test('64-bit integers are exact', () => {
    const attributes = new Map(
      decodeModel(everyField, 'every').graph.node[0].attribute.map((attribute) => [
        attribute.name,
        attribute,
      ]),
    );
    assert.equal(attributes.get('i')?.i, -(2n ** 63n));
    assert.deepEqual(attributes.get('ints')?.ints, [2n ** 63n - 1n, -1n, 2n ** 53n + 1n]);
    const [raw, typed] = attributes.get('tensors')?.tensors ?? [];
    assert.deepEqual(readInts(raw, ''), [-(2n ** 62n), -(2n ** 62n) + 1n, -(2n ** 62n) + 2n]);
    assert.deepEqual(readInts(typed, ''), [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n]);
    assert.deepEqual(readInts(intTensor('t', [2n ** 60n + 1n, -3]), ''), [2n ** 60n + 1n, -3n]);
  });

  test('floats are read from both of their forms', () => {
    const { initializer } = decodeModel(everyField, 'every').graph;
    assert.deepEqual(readFloats(initializer[0], ''), Float32Array.of(1.5, -2.5));
    assert.deepEqual(readFloats(floatTensor('t', [0.1, -3], [2]), ''), Float32Array.of(0.1, -3));
  });

  test('the signature names inputs, outputs and open dimensions', () => {
    assert.deepEqual(signature(decodeModel(roomsFile('mapping.onnx'), 'mapping')), {
      inputs: [{ name: 'z', dims: ['B', 128] }],
      outputs: [{ name: 'w', dims: ['B', 128] }],
    });
  });

  test('a file cut off anywhere is refused by name', () => {
    const whole = roomsFile('mapping.onnx');
    for (let part = 0; part < 40; part++)
      refuses(whole.subarray(0, Math.floor((whole.length * part) / 40)), /whole ONNX/);
    // The last bytes hold the operator sets: without them every field before is whole.
    for (let missing = 1; missing < 12; missing++)
      refuses(whole.subarray(0, whole.length - missing), /whole ONNX/);
  });

  test('files of other formats are refused', () => {
    refuses(new TextEncoder().encode('{"not": "onnx"}'), /whole ONNX/);
    refuses(new Uint8Array(64), /whole ONNX/);
    refuses(Uint8Array.of(0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc), /whole ONNX/);
  });

  test('weights in another file, and graphs with a gap, are refused with the remedy', () => {
    const model = decodeModel(roomsFile('mapping.onnx'), 'mapping');
    model.graph.initializer[0].dataLocation = 1;
    refuses(encodeModel(model), /weights '.+' lie in another file\. Save the model as one file/);
    const gap = decodeModel(roomsFile('mapping.onnx'), 'mapping');
    gap.graph.initializer.shift();
    refuses(encodeModel(gap), /which nothing makes/);
  });

  test('the builder gives the same bytes for the same calls, and shares equal constants', () => {
    const build = () => {
      const graph = new GraphBuilder('g');
      const x = graph.input('x', ['B', 2]);
      const sum = graph.op('Add', [x, graph.floats(1)]);
      graph.output('y', graph.op('Mul', [sum, graph.floats(1)]), ['B', 2]);
      return graph;
    };
    assert.deepEqual(build().encode(), build().encode());
    assert.equal(build().graph.initializer.length, 1);
  });
});
