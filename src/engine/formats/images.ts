/** Folders of PNG and JPEG images as arrays of bytes, and PNG files out of arrays. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { convertIndexedToRgb, decode as decodePng, encode as encodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { badInput } from '../failure';
import { cannotRead } from './file-failure';
import { writeWhole } from './replace';

/** An image of three bytes a pixel, [height, width, 3]. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Beyond this an image is taken for a decompression bomb: 64 megapixels, far above what generators make. */
const mostPixels = 64 * 1024 * 1024;
const mostFileBytes = 256 * 1024 * 1024;

/** File names that `readImageFolder` takes. */
export const isImageName = (name: string): boolean => /\.(png|jpe?g)$/i.test(name) && !name.startsWith('.');

/**
 * Reads one PNG or JPEG (told apart by contents). Grey becomes three equal channels; 16 bits are cut to 8; alpha is
 * dropped.
 * @throws Failure when it is missing, damaged, or too large
 */
export async function readImage(file: string): Promise<RgbImage> {
  const bytes = await stat(file)
    .then((found) => {
      if (found.size > mostFileBytes) throw tooLarge(file, `${found.size} bytes`);
      return readFile(file);
    })
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === 'Failure') throw error;
      throw cannotRead(file, error);
    });
  return decodeImage(bytes, file);
}

const tooLarge = (name: string, size: string) =>
  badInput(`${name} is too large (${size}); images up to ${mostPixels / 1024 / 1024} megapixels are read.`);

/** `readImage`, of bytes. */
export function decodeImage(bytes: Uint8Array, name: string): RgbImage {
  const png = bytes[0] === 0x89 && bytes[1] === 0x50;
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!png && !jpeg) throw badInput(`${name} is neither a PNG nor a JPEG image. Convert it to one of them.`);
  if (png && bytes.length >= 24) {
    // The size stands in the first block, before anything is unpacked.
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const [width, height] = [view.getUint32(16), view.getUint32(20)];
    if (width * height > mostPixels) throw tooLarge(name, `${width} × ${height}`);
  }
  try {
    return png ? rgbOfPng(bytes) : rgbOfJpeg(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/maxResolutionInMP|maxMemoryUsageInMB/.test(reason)) throw tooLarge(name, 'JPEG');
    throw badInput(`${name} is a damaged image (${reason}). Copy or make it again.`, error);
  }
}

function rgbOfPng(bytes: Uint8Array): RgbImage {
  const png = decodePng(bytes);
  const { width, height } = png;
  const indexed = png.palette !== undefined;
  const source = indexed ? convertIndexedToRgb(png) : png.data;
  const channels = indexed ? source.length / (width * height) : png.channels;
  // Below 8 bits, grey values are packed several to a byte.
  if (!indexed && png.depth < 8)
    return { width, height, data: unpackGrey(png.data as Uint8Array, width, height, png.depth) };
  const shift = !indexed && png.depth === 16 ? 8 : 0;
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++)
      data[3 * pixel + c] = source[channels * pixel + (channels >= 3 ? c : 0)] >> shift;
  }
  return { width, height, data };
}

function unpackGrey(packed: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const largest = 2 ** depth - 1;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const value = (packed[y * rowBytes + (bit >> 3)] >> (8 - depth - (bit & 7))) & largest;
      data.fill((value * 255) / largest, 3 * (y * width + x), 3 * (y * width + x) + 3);
    }
  }
  return data;
}

function rgbOfJpeg(bytes: Uint8Array): RgbImage {
  const { width, height, data } = decodeJpeg(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: mostPixels / 1e6,
    maxMemoryUsageInMB: 1024,
  });
  return { width, height, data };
}

/** Images of one size: `data` [N, H, W, 3], with the files' names in the same order. */
export interface ImageFolder {
  data: Uint8Array;
  dims: [number, number, number, number];
  files: string[];
}

/**
 * Reads the PNG and JPEG files of a folder in the order of their names (`2.png` before `10.png`).
 * @throws Failure when there are none, or naming one whose size differs
 */
export async function readImageFolder(folder: string): Promise<ImageFolder> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw cannotRead(folder, error);
  });
  const order = new Intl.Collator('en', { numeric: true });
  const files = names.filter(isImageName).sort((a, b) => order.compare(a, b) || (a < b ? -1 : 1));
  if (files.length === 0) throw badInput(`${folder} holds no PNG or JPEG images.`);
  const first = await readImage(path.join(folder, files[0]));
  const { width, height } = first;
  const size = first.data.length;
  if (size * files.length > 2 ** 31) {
    throw badInput(
      `${folder} holds ${files.length} images of ${width} × ${height}, more than 2 GiB. Score them in parts.`,
    );
  }
  const data = new Uint8Array(size * files.length);
  data.set(first.data);
  for (let i = 1; i < files.length; i++) {
    const image = await readImage(path.join(folder, files[i]));
    if (image.width !== width || image.height !== height) {
      throw badInput(
        `${path.join(folder, files[i])} is ${image.width} × ${image.height}, but ${files[0]} is ${width} × ${height}. All images of a folder need one size.`,
      );
    }
    data.set(image.data, i * size);
  }
  return { data, dims: [files.length, height, width, 3], files };
}

/** A PNG file of an image. */
export const encodeRgb = (image: RgbImage): Uint8Array => encodePng({ ...image, channels: 3, depth: 8 });

/** @throws Failure when the file cannot be written; nothing is left of it then */
export const writePng = (file: string, image: RgbImage): Promise<void> => writeWhole(file, encodeRgb(image));

/**
 * What a generator returns as bytes: clip((x + 1) · 127.5 + 0.5, 0, 255), cut off, as the reference does.
 * @param image [3, H, W] in [−1, 1]
 * @returns [H, W, 3]
 */
export function bytesOfImage(image: Float32Array, width: number, height: number): RgbImage {
  const pixels = width * height;
  const data = new Uint8Array(3 * pixels);
  for (let c = 0; c < 3; c++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = Math.min(255, Math.max(0, (image[c * pixels + pixel] + 1) * 127.5 + 0.5));
      // A typed array cuts off; what is not a number becomes black.
      data[3 * pixel + c] = value;
    }
  }
  return { width, height, data };
}
