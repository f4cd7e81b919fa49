/** Repositories of git in temporary folders, with commits whose dates are known. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org'];

/** Runs git in a folder. The machine's own configuration does not reach it. */
export function git(folder: string, ...args: string[]): string {
  const env = {
    ...process.env,
    ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    ...{ GIT_AUTHOR_DATE: '2026-03-04T12:00:00Z', GIT_COMMITTER_DATE: '2026-03-04T12:00:00Z' },
  };
  return execFileSync('git', [...identity, ...args], { cwd: folder, env, encoding: 'utf8' });
}

/** Writes a file and commits everything. @returns the commit's hash */
export function commit(folder: string, file: string, text: string, subject: string): string {
  const full = path.join(folder, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', subject);
  return git(folder, 'rev-parse', 'HEAD').trim();
}
