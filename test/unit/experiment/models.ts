/** Small model folders for tests: manifests with files that only their hashes are asked of. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

const folders: string[] = [];
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone when the process ends. */
export function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'higan-test-'));
  folders.push(folder);
  return folder;
}

/** float32 [n] as .npy bytes. */
export function npy(values: number[]): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},), }`;
  const header = text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 10 - 1) + '\n';
  const size = Buffer.alloc(2);
  size.writeUInt16LE(header.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    size,
    Buffer.from(header, 'latin1'),
    Buffer.from(Float32Array.from(values).buffer),
  ]);
}

const files: Record<string, Buffer> = {
  'mapping.onnx': Buffer.from('mapping'),
  'synthesis.onnx': Buffer.from('synthesis'),
  'predictors.onnx': Buffer.from('predictors'),
  'mean.npy': npy([0, 0, 0, 0]),
};

/** Manifest of a generator with 6 layers and predictors, `edit`ed as text. */
export function manifestText(name = 'toy'): string {
  const hash = (file: string): string => sha256(files[file]);
  return `manifest: 1
name: ${name}
generator:
  mapping: { file: mapping.onnx, sha256: ${hash('mapping.onnx')}, input: z, output: w }
  synthesis: { file: synthesis.onnx, sha256: ${hash('synthesis.onnx')}, input: codes, output: image }
  resolution: 16
  z: { dim: 4 }
  w: { dim: 4 }
  truncation: { psi: 0.7, cutoff: 4, mean: { file: mean.npy, sha256: ${hash('mean.npy')} } }
  layers:
    - { resolution: 4, styles: [s0] }
    - { resolution: 4, styles: [s1] }
    - { resolution: 8, styles: [s2] }
    - { resolution: 8, styles: [s3] }
    - { resolution: 16, styles: [s4] }
    - { resolution: 16, styles: [s5, rgb5] }
  groups: { bottom: [0, 2], upper: [2, 6] }
predictors:
  - file: predictors.onnx
    sha256: ${hash('predictors.onnx')}
    input: { name: image, size: 8, resize: average }
    heads:
      - { output: corner, level: layout, labels: [corner], error: { mae: [0.1] } }
      - { output: category, level: category, labels: [bedroom, living room, bar/indoor], activation: softmax, threshold: argmax }
      - { output: attributes, level: attribute, labels: [indoor lighting, wood], activation: sigmoid, threshold: 0.5 }
      - { output: parts, level: segmentation, labels: [wall, floor], threshold: argmax }
`;
}

/** Writes a model folder. */
export function writeModel(folder: string, manifest = manifestText()): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'manifest.yaml'), manifest);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
  return folder;
}

/** A project folder with `models/toy`; experiments in it name the generator `toy`. */
export function project(manifest = manifestText()): { folder: string; experimentFile: string } {
  const folder = scratch();
  writeModel(path.join(folder, 'models', 'toy'), manifest);
  return { folder, experimentFile: path.join(folder, 'study', 'a.higan.yaml') };
}
