/** A file's history in git, as Compare and the command line read it. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { before, describe } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import {
  findLatest,
  findRevision,
  isHashOf,
  listRevisions,
  readRevision,
  textHash,
} from '../../../src/engine/revisions';
import { revisionLine } from '../../../src/protocol/revision';
import { scratch } from '../experiment/models';
import { commit, git } from './repositories';

const says =
  (pattern: RegExp, kind = 'failed') =>
  (error: unknown) =>
    error instanceof Failure && error.kind === kind && pattern.test(error.message);

describe('the revisions of a file', () => {
  const folder = scratch();
  const file = path.join(folder, 'rooms', 'evening.higan.yaml');
  const hashes: string[] = [];

  before(() => {
    git(folder, 'init', '--quiet', '--initial-branch=main');
    hashes.push(commit(folder, 'rooms/morning.higan.yaml', 'generator: rooms\n', 'A first study'));
    commit(folder, 'README.md', 'Unrelated.\n', 'Something else');
    git(folder, 'mv', 'rooms/morning.higan.yaml', 'rooms/evening.higan.yaml');
    git(folder, 'commit', '--quiet', '--message', 'Evening, rather');
    hashes.push(git(folder, 'rev-parse', 'HEAD').trim());
    hashes.push(
      commit(folder, 'rooms/evening.higan.yaml', 'generator: rooms\nseed: 8\n', 'Another "seed" — 8'),
    );
  });

  test('are the commits that changed it, newest first, under whatever name it had', async () => {
    const found = await listRevisions(file);
    assert.deepEqual(
      found.map(({ hash }) => hash),
      [...hashes].reverse(),
    );
    assert.deepEqual(
      found.map(({ path: then }) => then),
      ['rooms/evening.higan.yaml', 'rooms/evening.higan.yaml', 'rooms/morning.higan.yaml'],
    );
    assert.equal(found[0].subject, 'Another "seed" — 8');
    assert.equal(revisionLine(found[0]), `${hashes[2].slice(0, 7)} · 2026-03-04 · Another "seed" — 8`);
    assert.equal((await findLatest(file))?.hash, hashes[2]);
    assert.equal((await listRevisions(file, { limit: 2 })).length, 2);
  });

  test('say what the file said then, also under its old name', async () => {
    const [newest, , oldest] = await listRevisions(file);
    assert.equal(await readRevision(file, newest), 'generator: rooms\nseed: 8\n');
    assert.equal(await readRevision(file, oldest), 'generator: rooms\n');
  });

  test('can be named as git does', async () => {
    for (const name of ['HEAD~1', 'main~1', hashes[1], hashes[1].slice(0, 8)]) {
      const found = await findRevision(file, name);
      assert.equal(found.hash, hashes[1], name);
      assert.equal(await readRevision(file, found), 'generator: rooms\n');
    }
  });

  test('that are none are told, and an option is not taken for one', async () => {
    await assert.rejects(findRevision(file, 'nowhere'), says(/git knows no revision 'nowhere'/, 'bad-input'));
    const target = path.join(folder, 'written');
    await assert.rejects(findRevision(file, `--output=${target}`), Failure);
    assert.equal(existsSync(target), false);
    const first = await findRevision(file, hashes[0]);
    await assert.rejects(readRevision(file, first), says(/cannot be read in the revision/));
    await assert.rejects(
      readRevision(file, { ...first, hash: '--help' }),
      says(/not the hash of a commit/, 'bad-input'),
    );
  });

  test('of a file that was never committed are none', async () => {
    assert.deepEqual(await listRevisions(path.join(folder, 'new.higan.yaml')), []);
    assert.equal(await findLatest(path.join(folder, 'new.higan.yaml')), null);
  });

  test('need a repository and git, and say so', async () => {
    await assert.rejects(
      listRevisions(path.join(scratch(), 'a.higan.yaml')),
      says(/no history in git: not a git repository/),
    );
    await assert.rejects(listRevisions(file, { git: '/nowhere/git' }), says(/git was not found: install it/));
    const nowhere = path.join(path.dirname(file), 'nowhere', 'a.higan.yaml');
    await assert.rejects(listRevisions(nowhere), says(/nowhere: there is no such folder/, 'bad-input'));
  });

  test('start nothing that the repository names', { skip: process.platform === 'win32' }, async () => {
    const trap = path.join(folder, 'trap.sh');
    const sprung = path.join(folder, 'sprung');
    writeFileSync(trap, `#!/bin/sh\ntouch ${sprung}\n`);
    chmodSync(trap, 0o755);
    writeFileSync(path.join(folder, '.gitattributes'), '*.yaml diff=trap\n');
    for (const [key, value] of [
      ...[
        ['core.fsmonitor', trap],
        ['core.pager', trap],
        ['diff.external', trap],
      ],
      ...[
        ['diff.trap.textconv', trap],
        ['gpg.program', trap],
        ['log.showSignature', 'true'],
      ],
    ])
      git(folder, 'config', key, value);
    const [newest] = await listRevisions(file);
    await readRevision(file, newest);
    await findRevision(file, 'HEAD');
    assert.equal(existsSync(sprung), false);
  });
});

test('a text is that of a revision with whichever line breaks it was checked out', () => {
  const [lf, crlf, mixed] = ['a\nb\n', 'a\r\nb\r\n', 'a\r\nb\n'];
  for (const committed of [lf, crlf, mixed])
    assert.deepEqual(
      [lf, crlf, 'a\nb', committed].map((text) => isHashOf(committed, textHash(text))),
      [true, true, false, true],
    );
});
