/** What `npm run package` made, and what lies in it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { projectRoot } from '../editor/project';

export const packedFolder = path.join(projectRoot, 'out', 'package');

export interface Archive {
  file: string;
  /** `linux-x64` */
  target: string;
}

/** The packed files of a kind, one a platform. */
export function packed(ending: '.vsix' | '.tgz'): Archive[] {
  return readdirSync(packedFolder)
    .filter((name) => name.endsWith(ending))
    .map((name) => ({
      file: path.join(packedFolder, name),
      target: /((?:linux|darwin|win32)-\w+)\.\w+$/.exec(name)?.[1] ?? '',
    }));
}

/** The files of a zip archive, each with a way to read it; from the list at the archive's end. */
export function zipFiles(file: string): Map<string, () => string> {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const files = new Map<string, () => string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const local = bytes.readUInt32LE(at + 42);
    const data = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const stored = bytes.subarray(data, data + size);
    files.set(bytes.toString('utf8', at + 46, at + 46 + name), () =>
      (method === 0 ? stored : inflateRawSync(stored)).toString('utf8'),
    );
    at += 46 + name + extra + comment;
  }
  return files;
}

/** The files of a tarball, without the folder that all of them lie in. */
export function tarFiles(file: string): string[] {
  const listed = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).split('\n');
  return listed
    .filter((name) => name !== '' && !name.endsWith('/'))
    .map((name) => name.slice(name.indexOf('/') + 1));
}
