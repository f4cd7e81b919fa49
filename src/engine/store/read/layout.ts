/** Where things lie in a store's folder. `docs/store.md` shows it to people. */
import { lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../canonical';
import { realPath } from '../../real-path';

/** The format that this version writes, and the newest that it reads. */
export const storeFormat = 1;

/** Chunks carry six digits, so that a folder's listing is in order. */
export const chunkFile = (n: number): string => `${String(n).padStart(6, '0')}.npy`;

/** The number of a chunk from its file's name; null for any other file. */
export function chunkNumber(file: string): number | null {
  const digits = /^(\d{6,15})\.npy$/.exec(file)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * Names that a store gives, by what is named so. What has another name was put there by somebody else: it is neither
 * counted nor deleted.
 */
export const ownNames = {
  /** The folder `ab` of a series, and the series' own in it. */
  start: /^[0-9a-f]{2}$/,
  series: /^[0-9a-f]{64}$/,
  /** A result, the record of a run, a document. */
  record: /^[0-9a-f]{64}\.json$/,
  boundary: /^[0-9a-f]{64}\.(?:json|npy)$/,
  /** As `encodeURIComponent` writes a path, or a hash where that is long. */
  pointer: /^(?:[\w.!~*'()-]|%[0-9A-F]{2})+\.json$/,
  damaged: /^(?:[0-9a-f]{64}-\d+-[0-9a-f]{8}\.npy|(?:results|runs|experiments)-.+-[0-9a-f]{8}\.json)$/,
  kind: /^[a-z][a-z-]*$/,
} as const;

/** Paths of a store. Hashes are 64 hexadecimal digits. */
export class Layout {
  readonly root: string;
  /** Whether the store was named by a symbolic link. What counts then is where it really lies: it may have other names. */
  readonly #linked: boolean;

  constructor(root: string) {
    const named = path.resolve(root);
    this.#linked = isLink(named);
    this.root = this.#linked ? realpathSync(named) : named;
  }

  readonly at = (...parts: string[]): string => path.join(this.root, ...parts);
  get format(): string {
    return this.at('format.json');
  }
  get temporary(): string {
    return this.at('tmp');
  }
  get locks(): string {
    return this.at('locks');
  }
  get damaged(): string {
    return this.at('damaged');
  }
  series(hash: string): string {
    return this.at('chunks', hash.slice(0, 2), hash);
  }
  /** What a series is of; written before its first chunk. */
  seriesKey(hash: string): string {
    return `${this.series(hash)}/key.json`;
  }
  result(experiment: string): string {
    return this.at('results', `${experiment}.json`);
  }
  run(experiment: string): string {
    return this.at('runs', `${experiment}.json`);
  }
  document(kind: string, hash: string): string {
    return this.at('documents', kind, `${hash}.json`);
  }
  boundary(hash: string): { array: string; record: string } {
    return { array: this.at('boundaries', `${hash}.npy`), record: this.at('boundaries', `${hash}.json`) };
  }

  /** The pointer to an experiment file's latest result; named by the file's path from the store's own folder. */
  pointer(experimentFile: string): string {
    const name = encodeURIComponent(this.relative(experimentFile));
    return this.at('experiments', `${name.length > 180 ? sha256(name) : name}.json`);
  }

  /** An experiment file's path from the folder that holds the store, with `/` on every system. */
  relative(experimentFile: string): string {
    const named = path.resolve(experimentFile);
    const file = this.#linked ? path.join(realPath(path.dirname(named)), path.basename(named)) : named;
    return path.relative(path.dirname(this.root), file).split(path.sep).join('/');
  }

  /** The inverse of `relative`. */
  absolute(relative: string): string {
    return path.resolve(path.dirname(this.root), relative);
  }
}

/** Whether a path is a symbolic link that leads somewhere. */
function isLink(name: string): boolean {
  try {
    return lstatSync(name).isSymbolicLink() && realpathSync(name) !== name;
  } catch {
    return false;
  }
}

/** Lower-case SHA-256 only: hashes become file names. @throws Error for anything else */
export function checkHash(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`'${hash}' is not a SHA-256.`);
  return hash;
}
