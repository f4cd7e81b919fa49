import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../../src/engine/failure';
import {
  bytesOfImage,
  contactSheet,
  decodeImage,
  encodeRgb,
  readImageFolder,
  writePng,
} from '../../../src/engine/formats';
import { temporaryFolder } from '../store/folders';
import { bytesOf, formats, randomInteger } from './fixtures';

const saysSo = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error));
  assert.match(error.message, pattern);
  return true;
};
const image = (width: number, height: number, value: number) => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
});

describe('images', () => {
  for (const [mode, { png, rgb }] of Object.entries(formats().images)) {
    test(`${mode}, as Pillow wrote it, has the pixels that Pillow sees`, () => {
      const { data } = decodeImage(bytesOf(png), mode);
      assert.equal(data.length, rgb.length);
      // JPEG decoders may round differently.
      const tolerance = mode === 'JPEG' ? 3 : 0;
      for (const [i, value] of data.entries())
        assert.ok(Math.abs(value - rgb[i]) <= tolerance, `${mode} at ${i}`);
    });
  }

  test('of a folder come in the order of their numbers, as [N, H, W, 3]', async (t) => {
    const folder = await temporaryFolder(t);
    await writePng(path.join(folder, '10.png'), image(3, 2, 10));
    await writePng(path.join(folder, '9.png'), image(3, 2, 9));
    await writeFile(path.join(folder, 'notes.txt'), 'x');
    const { data, dims, files } = await readImageFolder(folder);
    assert.deepEqual(dims, [2, 2, 3, 3]);
    assert.deepEqual(files, ['9.png', '10.png']);
    assert.deepEqual([data[0], data[18]], [9, 10]);
  });

  test('of different sizes, damaged, missing: each is named', async (t) => {
    const folder = await temporaryFolder(t);
    await assert.rejects(readImageFolder(folder), saysSo(/holds no PNG or JPEG images/));
    await writePng(path.join(folder, 'a.png'), image(3, 2, 1));
    await writePng(path.join(folder, 'b.png'), image(2, 2, 1));
    await assert.rejects(readImageFolder(folder), saysSo(/b\.png is 2 × 2, but a\.png is 3 × 2/));
    await writeFile(path.join(folder, 'b.png'), 'no image');
    await assert.rejects(readImageFolder(folder), saysSo(/b\.png is neither a PNG nor a JPEG/));
    await mkdir(path.join(folder, 'sub'));
    await assert.rejects(readImageFolder(path.join(folder, 'none')), saysSo(/none does not exist/));
  });

  test('that would unpack to more than a screen wall are refused before they are unpacked', () => {
    const png = Uint8Array.from(encodeRgb(image(1, 1, 0)));
    new DataView(png.buffer).setUint32(16, 100_000);
    new DataView(png.buffer).setUint32(20, 100_000);
    assert.throws(() => decodeImage(png, 'bomb.png'), saysSo(/bomb\.png is too large \(100000 × 100000\)/));
    const jpeg = bytesOf(formats().images.JPEG.png);
    const frame = Buffer.from(jpeg.buffer).indexOf(Buffer.from([0xff, 0xc0]));
    new DataView(jpeg.buffer).setUint16(frame + 5, 65_000);
    new DataView(jpeg.buffer).setUint16(frame + 7, 65_000);
    assert.throws(() => decodeImage(jpeg, 'bomb.jpg'), saysSo(/bomb\.jpg is too large/));
  });

  test('that are damaged anywhere are images or sentences', () => {
    for (const { png } of Object.values(formats().images)) {
      const random = randomInteger(png.length);
      const whole = bytesOf(png);
      for (let round = 0; round < 300; round++) {
        const bytes = whole.slice(0, round % 3 === 0 ? random(whole.length) : whole.length);
        if (bytes.length > 30) bytes[24 + random(bytes.length - 24)] = random(256);
        try {
          decodeImage(bytes, 'x');
        } catch (error) {
          assert.ok(error instanceof Failure, String(error));
        }
      }
    }
  });

  test("of a generator become bytes as the reference's do: clipped, half up, NaN black", () => {
    const { data } = bytesOfImage(new Float32Array([-1, 1, 2, -3, 0, NaN]), 2, 1);
    assert.deepEqual(Array.from(data), [0, 255, 128, 255, 0, 0]);
  });
});

describe('a contact sheet', () => {
  test('lays images out row by row, with gaps, scaled, and leaves empty places', () => {
    const sheet = contactSheet([image(1, 1, 10), null, image(1, 1, 30)], {
      columns: 2,
      gap: 1,
      scale: 2,
      background: [1, 2, 3],
    });
    assert.deepEqual([sheet.width, sheet.height], [7, 7]);
    const at = (x: number, y: number) =>
      Array.from(sheet.data.subarray(3 * (y * 7 + x), 3 * (y * 7 + x) + 3));
    assert.deepEqual(at(0, 0), [1, 2, 3]);
    for (const [x, y] of [
      [1, 1],
      [2, 2],
    ])
      assert.deepEqual(at(x, y), [10, 10, 10]);
    assert.deepEqual(at(4, 1), [1, 2, 3]);
    assert.deepEqual(at(2, 5), [30, 30, 30]);
    assert.throws(() => contactSheet([image(1, 1, 0), image(2, 1, 0)], { columns: 1 }), /need one size/);
    assert.deepEqual(decodeImage(encodeRgb(sheet), 'sheet').data, sheet.data);
  });
});
