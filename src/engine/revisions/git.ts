/** Runs git, for reading only: nothing that a repository's configuration names is started, nothing is fetched. */
import { execFile, type ExecFileException } from 'node:child_process';
import { existsSync } from 'node:fs';
import { badInput, failed, type Failure } from '../failure';

export interface GitOptions {
  /** The program; default `git` on the PATH. */
  git?: string;
  signal?: AbortSignal;
}

/** Long enough for a history on a slow disk, short enough that nobody thinks the editor hangs. */
const patience = 20_000;
/** Bytes; a history of 200 commits has some 40 kB. */
const most = 8 * 2 ** 20;

/** What a repository's configuration could start or rewrite. */
const harmless = [
  'core.fsmonitor=false',
  'log.showSignature=false',
  'log.mailmap=false',
  'core.quotePath=false',
];

/** git said no: its first line, for whoever knows what it means here. */
export class GitRefusal extends Error {}

/**
 * What git prints for these arguments, run in a folder.
 * @throws GitRefusal when it ends with an error, Failure when it cannot be started
 */
export function git(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  const all = ['--no-pager', '--no-optional-locks', ...harmless.flatMap((each) => ['-c', each]), ...args];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...{ LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1' },
  };
  // Whoever was started by a hook has these; they name another repository than the folder's.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX']) delete env[name];
  return new Promise((resolve, reject) => {
    execFile(
      options.git ?? 'git',
      all,
      { cwd: folder, env, encoding: 'utf8', maxBuffer: most, timeout: patience, signal: options.signal },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if (typeof error.code === 'number') reject(new GitRefusal(firstLine(stderr)));
        else reject(cannotStart(error, folder));
      },
    );
  });
}

function cannotStart(error: ExecFileException, folder: string): Failure {
  // A folder that is missing is told with the same code as a program that is.
  if (error.code === 'ENOENT' && !existsSync(folder))
    return badInput(`${folder}: there is no such folder.`, error);
  if (error.code === 'ENOENT')
    return failed('git was not found: install it, or let the setting git.path name it.', error);
  if (error.killed === true) return failed('git took longer than 20 seconds to answer: try again.', error);
  return failed(`git could not be run: ${error.message}`, error);
}

const firstLine = (text: string): string =>
  (text.trim().split('\n')[0] ?? '').replace(/^(fatal|error): /, '') || 'no reason given';
