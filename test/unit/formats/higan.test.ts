/**
 * Files of the reference's kind. What is written here was loaded with numpy by formats_oracle.py; its answers and the
 * files' hashes lie in formats_checked.json, so a byte that changes has to be shown to numpy again:
 * HIGAN_WRITE_FORMATS=FOLDER npm test, then `python test/fixtures/formats_oracle.py check FOLDER`.
 */
import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../../src/engine/failure';
import {
  decodeBoundary,
  encodeNpy,
  encodeObjectNpy,
  exportedName,
  formatBoundaryList,
  HiganFolder,
  labelOfName,
  parseBoundaryList,
  readBoundaryFile,
  readBoundaryList,
  readNpy,
  type Picklable,
} from '../../../src/engine/formats';
import { readRescored, readScoreTable } from '../../fixtures/exported-scores';
import { encodeChunk } from '../../../src/engine/store/read/chunk';
import { formatLayerRanges, parseLayerRanges } from '../../../src/protocol/layers';
import { temporaryFolder } from '../store/folders';
import { bytesOf, fixture, formats } from './fixtures';

const saysSo = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error));
  assert.match(error.message, pattern);
  return true;
};

/** Writes one file of every kind. */
async function exportAll(folder: string): Promise<void> {
  const out = await HiganFolder.create(folder);
  const codes = await out.codes('wp', [2, 3]);
  await codes.append(Float32Array.from({ length: 12 }, (_, i) => i / 4));
  await codes.append(new Float32Array(6).fill(-1));
  await codes.close();
  const scores = await out.scores('attribute', ['natural light', 'attic/indoor'], 3);
  await scores.append(new Float32Array([0, 1, 2, 3]));
  await scores.append(new Float32Array([4, NaN]));
  await scores.close();
  await out.rescored('natural light', 'w', new Float32Array([1, 2, 3, 4, 5, 6]), 3);
  await out.boundaries([
    {
      label: 'natural light',
      space: 'w',
      direction: new Float32Array([0.6, 0.8]),
      dims: [1, 2],
      dictionary: { type: 'attribute', layers: [6, 7, 8, 9, 10, 11] },
    },
    { label: 'wood', space: 'z', direction: new Float32Array([0, -1]), dims: [1, 2] },
  ]);
  await writeFile(path.join(folder, 'chunk.npy'), encodeChunk(new Float32Array([0.5, 1, 2, 4]), [2, 2]));
}

describe('the layout of the reference', () => {
  test('is written byte for byte as numpy was shown it', async (t) => {
    const folder = await temporaryFolder(t);
    await exportAll(folder);
    const names = (await readdir(folder)).sort();
    assert.deepEqual(names, [
      'attribute.npy',
      'boundaries.txt',
      'chunk.npy',
      'natural_light_w_boundary.npy',
      'natural_light_w_scores.npy',
      'wood_z_boundary.npy',
      'wp.npy',
    ]);
    const show = process.env.HIGAN_WRITE_FORMATS;
    if (show) {
      await mkdir(show, { recursive: true });
      for (const name of names) await copyFile(path.join(folder, name), path.join(show, name));
    }
    const { files } = fixture<{ files: Record<string, { sha256: string; seen: unknown }> }>(
      'formats_checked.json',
    );
    for (const name of names.filter((each) => each.endsWith('.npy'))) {
      const hash = createHash('sha256')
        .update(await readFile(path.join(folder, name)))
        .digest('hex');
      assert.equal(hash, files[name].sha256, `${name}: numpy has not seen these bytes`);
    }
    assert.deepEqual(files['natural_light_w_boundary.npy'].seen, [
      ['boundary', { dtype: '<f8', shape: [1, 2], values: [Math.fround(0.6), Math.fround(0.8)] }],
      [
        'meta_data',
        [
          ['type', 'attribute'],
          ['manipulate_layers', '6-11'],
        ],
      ],
    ]);
    assert.deepEqual(files['wood_z_boundary.npy'].seen, { dtype: '<f4', shape: [1, 2], values: [0, -1] });
    assert.deepEqual((files['wp.npy'].seen as { shape: number[] }).shape, [3, 2, 3]);
    assert.deepEqual(files['chunk.npy'].seen, { dtype: '<f4', shape: [2, 2], values: [0.5, 1, 2, 4] });
    const table = new Map(files['attribute.npy'].seen as [string, unknown][]);
    assert.deepEqual(table.get('name_to_idx'), [
      ['natural_light', 0],
      ['attic__indoor', 1],
    ]);
    assert.deepEqual(table.get('idx_to_name'), [
      [0, 'natural_light'],
      [1, 'attic__indoor'],
    ]);
    // JSON has no NaN: the oracle writes null.
    assert.deepEqual(table.get('score'), { dtype: '<f4', shape: [3, 2], values: [0, 1, 2, 3, 4, null] });
  });

  test('reads back', async (t) => {
    const folder = await temporaryFolder(t);
    await exportAll(folder);
    const table = await readScoreTable(path.join(folder, 'attribute.npy'));
    assert.deepEqual(table, {
      scores: new Float32Array([0, 1, 2, 3, 4, NaN]),
      samples: 3,
      names: ['natural_light', 'attic__indoor'],
    });
    assert.deepEqual((await readNpy(path.join(folder, 'wp.npy'))).dims, [3, 2, 3]);
    assert.deepEqual(await readRescored(path.join(folder, 'natural_light_w_scores.npy')), {
      scores: new Float32Array([1, 2, 3, 4, 5, 6]),
      samples: 2,
      columns: 3,
    });
    const list = await readBoundaryList(path.join(folder, 'boundaries.txt'));
    assert.deepEqual(
      list.map(({ name, space }) => [name, space]),
      [
        ['natural_light', 'w'],
        ['wood', 'z'],
      ],
    );
    assert.deepEqual(await readBoundaryFile(list[0].path), {
      direction: Float64Array.of(Math.fround(0.6), Math.fround(0.8)),
      dims: [1, 2],
      type: 'attribute',
      layers: [6, 7, 8, 9, 10, 11],
    });
    assert.deepEqual(await readBoundaryFile(list[1].path), {
      direction: new Float32Array([0, -1]),
      dims: [1, 2],
      type: null,
      layers: null,
    });
  });

  test("numpy's own dictionaries read, whatever the protocol", async (t) => {
    const folder = await temporaryFolder(t);
    for (let protocol = 0; protocol <= 5; protocol++) {
      const boundary = decodeBoundary(bytesOf(formats().pickles[`boundary ${protocol}`]), 'b.npy');
      assert.equal(boundary.type, 'attribute');
      assert.deepEqual(boundary.layers, [6, 7, 8, 9, 10, 11]);
      assert.deepEqual(boundary.dims, [1, 8]);
      assert.equal(boundary.direction[7], 1);
      const file = path.join(folder, `${protocol}.npy`);
      await writeFile(file, bytesOf(formats().pickles[`table ${protocol}`]));
      assert.deepEqual(await readScoreTable(file), {
        scores: new Float32Array([0, 1, 2, 3, 4, 5]),
        samples: 3,
        names: ['natural_light', 'attic__indoor'],
      });
    }
  });

  test('what is no boundary is named with what it lacks', () => {
    const npy = (value: Picklable) => encodeObjectNpy(value);
    const refused = (bytes: Uint8Array, pattern: RegExp) =>
      assert.throws(() => decodeBoundary(bytes, 'b.npy'), saysSo(pattern));
    refused(npy(new Map([['x', 1]])), /b\.npy holds no array under the key 'boundary'/);
    refused(encodeNpy(new Float32Array(6), [2, 3]), /shape \[2, 3\]; a boundary is \[1, D\]/);
    refused(encodeNpy(new Int32Array(3), [1, 3]), /boundary of int32/);
    refused(encodeNpy(new Float32Array([1, NaN]), [1, 2]), /not numbers/);
    const odd = new Map<string, Picklable>([
      ['boundary', { array: new Float64Array([1]), dims: [1, 1] }],
      ['meta_data', new Map([['manipulate_layers', '9-2']])],
    ]);
    refused(npy(odd), /layers as '9-2'; inclusive ranges/);
  });
});

describe('boundary lists', () => {
  test('skip what is disabled, and keep the colons of paths', () => {
    const text = [
      '(natural_light, w): boundaries/light.npy',
      'DISABLE(view, w): view.npy',
      '',
      '(wood, WP): C:\\boundaries\\wood.npy',
      '(sofa, big, z) : /a:b/c d.npy\r',
    ].join('\n');
    assert.deepEqual(parseBoundaryList(text, 'list.txt'), [
      { name: 'natural_light', space: 'w', path: 'boundaries/light.npy' },
      { name: 'wood', space: 'wp', path: 'C:\\boundaries\\wood.npy' },
      { name: 'sofa, big', space: 'z', path: '/a:b/c d.npy' },
    ]);
  });

  test('say which line is wrong', () => {
    assert.throws(
      () => parseBoundaryList('(a, w): b\nc: d', 'l.txt'),
      saysSo(/^l\.txt:2: 'c: d' is not of the form/),
    );
    assert.throws(() => parseBoundaryList('(a, q): b', 'l.txt'), saysSo(/^l\.txt:1: 'q' is not a space/));
  });

  test('read back as written', () => {
    const entries = [{ name: 'a', space: 'z', path: 'C:\\x.npy' }] as const;
    assert.deepEqual(parseBoundaryList(formatBoundaryList(entries), 'l'), entries);
  });
});

describe('layer ranges', () => {
  test('are inclusive, and read and written alike', () => {
    assert.deepEqual(parseLayerRanges('6-11'), [6, 7, 8, 9, 10, 11]);
    assert.deepEqual(parseLayerRanges('7, 0-4,3 - 5'), [0, 1, 2, 3, 4, 5, 7]);
    assert.equal(formatLayerRanges([7, 0, 1, 2, 3, 4, 4]), '0-4,7');
    assert.equal(formatLayerRanges([]), '');
    for (const text of ['', 'upper', '4-', '-1', '5-4', '1.5', '0-99999', '1,,2']) {
      assert.equal(parseLayerRanges(text), null, text);
    }
  });
});

describe('exported names', () => {
  test('lose spaces and slashes, and are found again among the labels', () => {
    assert.equal(exportedName('attic/indoor space'), 'attic__indoor_space');
    assert.equal(labelOfName('attic__indoor_space', ['attic/indoor space', 'attic']), 'attic/indoor space');
    assert.equal(labelOfName('natural light', ['natural light']), 'natural light');
    assert.equal(labelOfName('nothing', ['attic']), null);
  });
});
