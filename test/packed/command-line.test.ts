/** The tarball on a machine without npm: unpacked anywhere, it says its version and runs a study. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before, describe } from 'node:test';
import { promisify } from 'node:util';
import { projectRoot } from '../editor/project';
import { packed } from './archives';

const here = `${process.platform}-${process.arch}`;

describe('the tarball of the command line', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'higan-tarball-'));
  let program = '';
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

  /** Runs it from where it was unpacked, with nothing of this project in reach. */
  async function higan(...args: string[]): Promise<string> {
    const { NODE_PATH: _ours, HIGAN_NODE: _editors, ...env } = process.env;
    void [_ours, _editors];
    const run = promisify(execFile);
    const { stdout } = await run(program, args, { cwd: folder, env, shell: process.platform === 'win32' });
    return stdout;
  }

  before(async () => {
    const archive = packed('.tgz').find(({ target }) => target === here);
    assert.ok(archive, `a tarball for ${here}`);
    await promisify(execFile)('tar', ['-xzf', archive.file, '-C', folder]);
    program = path.join(folder, `higan-${here}`, 'bin', process.platform === 'win32' ? 'higan.cmd' : 'higan');
  });

  test('says its version', async () => {
    const { version } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    assert.equal((await higan('--version')).trim(), version);
  });

  test('runs a small study of the bundled model', async () => {
    const file = path.join(folder, 'small.higan.yaml');
    cpSync(path.join(projectRoot, 'test', 'host', 'workspace', 'other', 'kitchen.higan.yaml'), file);
    await higan('run', file, '--device', 'cpu');
    assert.match(await higan('rank', file), /warm/);
  });
});
