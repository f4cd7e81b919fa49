/** Runs the built command line as a user would. */
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';

/** Tests run in the project's root, after the build. */
const entry = path.resolve('dist/higan.mjs');

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

export interface Running {
  process: ChildProcess;
  done: Promise<Ran>;
}

/** Starts `higan …` in a folder. */
export function start(folder: string, args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', HIGAN_DEBUG: '', ...env },
  });
  return ranBy(child);
}

function ranBy(child: ChildProcessWithoutNullStreams): Running {
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const done = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return { process: child, done };
}

/** Runs `higan …` by a shell, for what becomes of its streams: `$HIGAN rank a | true`. */
export function byShell(folder: string, line: string): Promise<Ran> {
  const HIGAN = `${process.execPath} ${entry}`;
  const child = spawn('bash', ['-c', `set -o pipefail\n${line}`], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', HIGAN_DEBUG: '', HIGAN },
  });
  return ranBy(child).done;
}

export const higan = (folder: string, ...args: string[]): Promise<Ran> => start(folder, args).done;
