import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../../src/engine/failure';
import { asFloat32, decodeNpy, encodeNpy, NpyRows, NpyWriter, readNpy } from '../../../src/engine/formats';
import { temporaryFolder } from '../store/folders';
import { bytesOf, formats, randomInteger } from './fixtures';

const saysSo = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error));
  assert.match(error.message, pattern);
  return true;
};

describe('.npy files', () => {
  for (const [name, base64] of Object.entries(formats().arrays)) {
    test(`numpy's ${name} reads as numpy sees it`, () => {
      const { data, dims, dtype } = decodeNpy(bytesOf(base64), name);
      assert.deepEqual(dims, [2, 3, 4]);
      const expected = Array.from({ length: 24 }, (_, i) => (name === 'bool' ? Number(i % 2 === 0) : i));
      assert.deepEqual(Array.from(data, Number), expected);
      if (name === 'bool') assert.equal(dtype, 'bool');
    });
  }

  for (const [name, base64] of Object.entries(formats().refused)) {
    test(`${name} is refused with a sentence`, () => {
      assert.throws(() => decodeNpy(bytesOf(base64), 'x.npy'), saysSo(/^x\.npy /));
    });
  }

  test('half-precision numbers are widened, whole and by parts', async (t) => {
    const like = encodeNpy(new Uint8Array(14), [14]);
    const text = Buffer.from(like).toString('latin1');
    const halves = [0x3e00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0x7e00];
    const data = Buffer.alloc(14);
    const expected = [1.5, -2, 65504, 2 ** -24, -0, Infinity, NaN];
    for (const [order, write] of [
      ['<', (half: number, i: number) => data.writeUInt16LE(half, 2 * i)],
      ['>', (half: number, i: number) => data.writeUInt16BE(half, 2 * i)],
    ] as const) {
      halves.forEach(write);
      const file = Buffer.concat([
        Buffer.from(
          text
            .slice(0, like.length - 14)
            .replace('|u1', `${order}f2`)
            .replace('(14,)', '(7,) '),
          'latin1',
        ),
        data,
      ]);
      const array = decodeNpy(file, 'x.npy');
      assert.deepEqual([array.dtype, [...array.data]], ['float32', expected]);
      assert.throws(() => decodeNpy(file.subarray(0, -1), 'x.npy'), saysSo(/is cut off/));
      const place = path.join(await temporaryFolder(t), 'x.npy');
      await writeFile(place, file);
      const rows = await NpyRows.open(place);
      assert.deepEqual([...(await rows.rows(1, 2)).data], [-2, 65504]);
      await rows.close();
    }
  });

  test('what is written reads back, of every type and shape', () => {
    const arrays = [
      [new Float32Array([1.5, NaN, -0]), [3]],
      [new Float64Array([0.1]), []],
      [new BigInt64Array([2n ** 60n, -1n]), [2, 1]],
      [new Int32Array([-5, 6]), [1, 2]],
      [new Uint8Array(0), [0, 7]],
    ] as const;
    for (const [data, dims] of arrays) {
      const back = decodeNpy(encodeNpy(data, dims), 'x');
      assert.deepEqual(back.data, data);
      assert.deepEqual(back.dims, dims);
    }
    assert.equal(decodeNpy(encodeNpy(new Uint8Array([1, 0]), [2], { dtype: 'bool' }), 'x').dtype, 'bool');
    assert.throws(() => encodeNpy(new Float32Array(3), [2]), /do not have the shape/);
  });

  test('data begins at a multiple of 64 bytes, as numpy has it', () => {
    const bytes = encodeNpy(new Float32Array(1), [1]);
    assert.equal((bytes.length - 4) % 64, 0);
  });

  test('cut off anywhere, the file is named with what it has and needs', () => {
    const bytes = encodeNpy(new Float32Array(24), [4, 6]);
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => decodeNpy(bytes.subarray(0, length), 'cut.npy'), saysSo(/^cut\.npy /));
    }
    assert.throws(
      () => decodeNpy(bytes.subarray(0, 200), 'cut.npy'),
      saysSo(new RegExp(`\\[4, 6\\] needs ${bytes.length} bytes, it has 200`)),
    );
  });

  test('with any bytes changed it is an array or a sentence', () => {
    const random = randomInteger(1);
    const whole = encodeNpy(new Float32Array(24), [4, 6]);
    for (let round = 0; round < 5000; round++) {
      const bytes = whole.slice();
      for (let i = 0; i <= random(4); i++) bytes[random(140)] = random(256);
      try {
        decodeNpy(bytes, 'x');
      } catch (error) {
        assert.ok(error instanceof Failure, String(error));
      }
    }
  });

  test('numbers of any type become float32', () => {
    assert.deepEqual(asFloat32({ data: new BigInt64Array([3n]) }), new Float32Array([3]));
    assert.deepEqual(asFloat32({ data: new Float64Array([0.5]) }), new Float32Array([0.5]));
  });

  test('a missing file and a folder are sentences', async (t) => {
    const folder = await temporaryFolder(t);
    await assert.rejects(readNpy(path.join(folder, 'none.npy')), saysSo(/none\.npy does not exist/));
    await assert.rejects(readNpy(folder), saysSo(/is a folder/));
  });
});

describe('.npy files by parts', () => {
  test('rows that are appended make the file that would be written at once, and appear only at the end', async (t) => {
    const file = path.join(await temporaryFolder(t), 'w.npy');
    const writer = await NpyWriter.create(file, 'float32', [2, 3]);
    const all = Float32Array.from({ length: 60 }, (_, i) => i);
    await writer.append(all.subarray(0, 6));
    await writer.append(all.subarray(6, 60));
    assert.deepEqual(
      (await readdir(path.dirname(file))).filter((name) => name === 'w.npy'),
      [],
    );
    await writer.close();
    assert.deepEqual(await readdir(path.dirname(file)), ['w.npy']);
    assert.deepEqual(await readNpy(file), { dtype: 'float32', data: all, dims: [10, 2, 3] });
  });

  test('no rows make an empty array; giving up leaves nothing', async (t) => {
    const folder = await temporaryFolder(t);
    const empty = await NpyWriter.create(path.join(folder, 'empty.npy'), 'float64', [4]);
    await empty.close();
    assert.deepEqual((await readNpy(path.join(folder, 'empty.npy'))).dims, [0, 4]);
    const given = await NpyWriter.create(path.join(folder, 'given.npy'), 'float64', [4]);
    await given.append(new Float64Array(4));
    await given.abandon();
    assert.deepEqual(await readdir(folder), ['empty.npy']);
  });

  test('rows are read without the rest', async (t) => {
    const file = path.join(await temporaryFolder(t), 'x.npy');
    await writeFile(
      file,
      encodeNpy(
        Float32Array.from({ length: 20 }, (_, i) => i),
        [10, 2],
      ),
    );
    const rows = await NpyRows.open(file);
    assert.deepEqual(rows.dims, [10, 2]);
    assert.deepEqual(await rows.rows(3, 2), {
      dtype: 'float32',
      data: new Float32Array([6, 7, 8, 9]),
      dims: [2, 2],
    });
    assert.deepEqual((await rows.rows(9, 5)).dims, [1, 2]);
    await rows.close();
    await writeFile(file, (await readFile(file)).subarray(0, 150));
    await assert.rejects(NpyRows.open(file), saysSo(/cut off.*needs 208 bytes, it has 150/));
    await writeFile(file, bytesOf(formats().arrays.fortran));
    await assert.rejects(NpyRows.open(file), saysSo(/Fortran order.*ascontiguousarray/));
  });
});
