/** The revisions of one file in git: which there are, and what it said then. Executes git: never in an untrusted workspace. */
import path from 'node:path';
import type { Revision } from '../../protocol/revision';
import { sha256 } from '../canonical';
import { badInput, failed } from '../failure';
import { git, GitRefusal, type GitOptions } from './git';

export type { GitOptions } from './git';

/** The newest so many are listed. */
const mostRevisions = 200;

const [record, field] = ['\x1e', '\x1f'];
const format = `--format=${record}%H${field}%h${field}%cI${field}%s${field}`;

/**
 * The commits that changed a file, newest first, under whatever name it had; at most `limit`.
 * @throws Failure where the file is in no repository, or git cannot be run
 */
export async function listRevisions(
  file: string,
  { limit = mostRevisions, ...options }: GitOptions & { limit?: number } = {},
): Promise<Revision[]> {
  const [folder, name] = [path.dirname(file), path.basename(file)];
  const args = [
    'log',
    '--follow',
    '--no-ext-diff',
    '--no-textconv',
    '--diff-filter=ACMRT',
    '--name-only',
    '-z',
  ];
  try {
    return parseLog(await git(folder, [...args, format, `--max-count=${limit}`, '--', name], options));
  } catch (error) {
    throw told(error, `${file} has no history in git`);
  }
}

/** The newest commit that changed a file; null where none did. @throws as `listRevisions` */
export const findLatest = async (file: string, options: GitOptions = {}): Promise<Revision | null> =>
  (await listRevisions(file, { ...options, limit: 1 })).at(0) ?? null;

/**
 * The revision that somebody names as git does (`HEAD~1`, a tag, a hash), of a file that had its present name then.
 * @throws Failure 'bad-input' where there is no such revision, or the file lies in no repository
 */
export async function findRevision(file: string, name: string, options: GitOptions = {}): Promise<Revision> {
  const folder = path.dirname(file);
  try {
    const commit = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    const hash = (await git(folder, commit, options)).trim();
    const prefix = (await git(folder, ['rev-parse', '--show-prefix'], options)).trim();
    const shown = await git(folder, ['show', '--no-patch', '-z', format, hash, '--'], options);
    return { ...parseRecord(shown.slice(1)), path: prefix + path.basename(file) };
  } catch (error) {
    if (error instanceof GitRefusal && error.message === 'no reason given')
      throw badInput(`git knows no revision '${name}' here: give a commit, a tag or a branch.`, error);
    if (error instanceof GitRefusal && /not a git repository/i.test(error.message)) {
      throw badInput(
        `${file} lies in no git repository, so it has no revision '${name}': commit it to one first, or name the file itself.`,
        error,
      );
    }
    throw told(error, `The revision '${name}' cannot be read`);
  }
}

/** What the file said in a revision. @throws Failure where it was not there, or git cannot be run */
export async function readRevision(
  file: string,
  { hash, short, path: then }: Revision,
  options: GitOptions = {},
): Promise<string> {
  if (!/^[0-9a-f]{40,64}$/.test(hash)) throw badInput(`'${hash}' is not the hash of a commit.`);
  try {
    return await git(path.dirname(file), ['show', '--no-textconv', `${hash}:${then}`, '--'], options);
  } catch (error) {
    throw told(error, `${path.basename(file)} cannot be read in the revision ${short}`);
  }
}

/** The hash that a result's provenance has of the text it was computed from. */
export const textHash = (text: string): string => sha256(text);

/** Whether a hash is that of a committed text, with whichever line breaks git checks it out (`core.autocrlf`). */
export function isHashOf(committed: string, hash: string): boolean {
  const lines = committed.split(/\r?\n/);
  return [committed, lines.join('\n'), lines.join('\r\n')].some((text) => textHash(text) === hash);
}

/** `-z` ends the commit's line and each name with NUL; the name is relative to the repository's root. */
function parseLog(text: string): Revision[] {
  return text
    .split(record)
    .slice(1)
    .map(parseRecord)
    .filter(({ path: then }) => then !== '');
}

function parseRecord(text: string): Revision {
  const [hash, short, date, subject, rest = ''] = text.split(field);
  const names = rest.split(/[\0\n]/).filter((name) => name !== '');
  return { hash, short, date, subject, path: names.at(-1) ?? '' };
}

/** A refusal of git's as a sentence of ours. */
const told = (error: unknown, sentence: string): unknown =>
  error instanceof GitRefusal ? failed(`${sentence}: ${error.message}.`, error) : error;
