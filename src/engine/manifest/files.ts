/** The files of a model: which there are, and that they are the ones that its manifest describes. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { badInput, interrupted } from '../failure';
import { cannotRead } from '../formats/file-failure';
import { sha256 } from '../canonical';
import type { Manifest } from './schema';

/** One file of a model as its manifest names it, with what it is for. */
export interface ModelFile {
  file: string;
  sha256: string;
}

/** What files are found and judged by; every `Model` is one. */
interface Described {
  manifest: Manifest;
  manifestFile: string;
  file: (name: string) => string;
}

/** Every file that a manifest names, once. */
export function modelFiles({ generator, predictors }: Manifest): ModelFile[] {
  const named = [
    generator?.mapping,
    generator?.synthesis,
    generator?.truncation?.mean,
    ...(predictors ?? []),
  ].filter((entry) => entry !== undefined);
  return [...new Map(named.map(({ file, sha256: hash }) => [file, { file, sha256: hash }])).values()];
}

/**
 * The stamp of each file when its bytes last had the SHA-256 that was wanted. A preview asks for its models at every
 * keystroke: as long as a file's stamp stays, its bytes are not read again.
 */
const verified = new Map<string, string>();

/**
 * Compares every file with the SHA-256 in the manifest.
 * @throws Failure 'bad-input' naming the file, both hashes and the remedy.
 */
export async function verifyModel(model: Described, signal?: AbortSignal): Promise<void> {
  for (const entry of modelFiles(model.manifest)) {
    const file = model.file(entry.file);
    const stamp = await stampOf(file, entry);
    if (verified.get(file) !== stamp) judge(model, entry, await sha256Of(file, signal), stamp);
  }
}

/**
 * The bytes of a file that a manifest names, compared with the SHA-256 there.
 * @throws Failure as `verifyModel`, or where the file cannot be read
 */
export async function readModelFile(model: Described, entry: ModelFile): Promise<Uint8Array> {
  const file = model.file(entry.file);
  const stamp = await stampOf(file, entry);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw cannotRead(file, error);
  });
  if (verified.get(file) !== stamp) judge(model, entry, sha256(bytes), stamp);
  return bytes;
}

/** @param stamp taken before the bytes were read: a change meanwhile has another stamp the next time */
function judge(model: Described, wanted: ModelFile, found: string, stamp: string): void {
  const file = model.file(wanted.file);
  if (found !== wanted.sha256) {
    throw badInput(
      `${file} is not the file that its manifest describes: its SHA-256 is ${short(found)}, ` +
        `${path.basename(model.manifestFile)} says ${short(wanted.sha256)}. Copy the model again; if you changed the ` +
        `file on purpose, write sha256: ${found} into ${model.manifestFile}.`,
    );
  }
  verified.set(file, stamp);
}

/** Size and times of a file; ctime too, since copying tools set mtime to what it was elsewhere. */
async function stampOf(file: string, wanted: ModelFile): Promise<string> {
  const { size, mtimeNs, ctimeNs } = await stat(file, { bigint: true }).catch((error: unknown) => {
    throw cannotRead(file, error);
  });
  return [size, mtimeNs, ctimeNs, wanted.sha256].join();
}

const short = (hash: string): string => `${hash.slice(0, 8)}…${hash.slice(-4)}`;

async function sha256Of(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(file, { highWaterMark: 1 << 20, signal })) {
      hash.update(part as Uint8Array);
    }
  } catch (error) {
    // What the stream throws then says nothing of who stopped it: the run would count as failed.
    if (signal?.aborted) throw interrupted();
    throw cannotRead(file, error);
  }
  return hash.digest('hex');
}
