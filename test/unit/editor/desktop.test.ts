import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callOf, findDesktop, open, windowArguments, type Place } from '../../editor/desktop';

const { platform } = process;
const windows = platform === 'win32';
const scratch = mkdtempSync(path.join(os.tmpdir(), 'higan desktop '));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** A `code` in a folder of its own that writes its arguments down; `exit` is what it ends with. */
function fakeCode(name: string, exit = 0): { folder: string; command: string; heard: () => string[] } {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  const record = path.join(folder, 'arguments.json');
  const script = path.join(folder, 'record.mjs');
  const source = `import { writeFileSync } from 'node:fs';
writeFileSync(${JSON.stringify(record)}, JSON.stringify(process.argv.slice(2)));
process.exitCode = ${exit};`;
  writeFileSync(script, source);
  const command = path.join(folder, windows ? 'code.cmd' : 'code');
  writeFileSync(
    command,
    windows
      ? `@"${process.execPath}" "${script}" %*\r\n`
      : `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`,
    { mode: 0o755 },
  );
  const heard = (): string[] =>
    existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as string[]) : [];
  return { folder, command, heard };
}

const place = (folder: string, more: NodeJS.ProcessEnv = {}, terminal = true): Place => ({
  ...{ platform, terminal },
  env: { PATH: folder, DISPLAY: ':7', ...more },
});

describe('a desktop VS Code', () => {
  const { folder, command, heard } = fakeCode('bin');

  test('is found on the PATH', () => {
    assert.deepEqual(findDesktop(place(folder)), { command });
  });

  test('is left alone in scripts, in CI, over ssh, in remote windows, without a display, and when told so', () => {
    const reasonOf = (where: Place): string => {
      const found = findDesktop(where);
      assert.ok('reason' in found, JSON.stringify(where));
      return found.reason;
    };
    assert.match(reasonOf(place(folder, {}, false)), /Nobody watches/);
    assert.match(reasonOf(place(folder, { CI: 'true' })), /Nobody watches/);
    assert.match(reasonOf(place(folder, { SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 22' })), /remote/);
    assert.match(reasonOf(place(folder, { VSCODE_IPC_HOOK_CLI: '/tmp/hook' })), /remote/);
    assert.match(reasonOf(place(folder, { HIGAN_EDITOR: '0' })), /HIGAN_EDITOR/);
    assert.match(reasonOf({ ...place(folder, { DISPLAY: '' }), platform: 'linux' }), /display/);
    assert.match(reasonOf(place(scratch)), /no code, code-insiders, codium on the PATH/);
  });

  test('is opened with the extension, the folder and the file, spaces and all', async () => {
    const wanted = windowArguments('/work/my & extension', '/work/the rooms', '/work/the rooms/a.higan.yaml');
    assert.equal(await open(command, wanted, { platform, env: process.env }), null);
    for (let waited = 0; heard().length === 0 && waited < 5000; waited += 50) await sleep(50);
    assert.deepEqual(heard(), [
      '--new-window',
      '--extensionDevelopmentPath=/work/my & extension',
      '/work/the rooms',
      '/work/the rooms/a.higan.yaml',
    ]);
  });

  test('that refuses to open says so', async () => {
    const refusing = fakeCode('refusing', 3);
    assert.equal(await open(refusing.command, [], { platform, env: process.env }), 'it ended with 3');
  });

  test('on Windows is called through a shell, every part in quotes', () => {
    const call = callOf('C:\\VS Code\\bin\\code.cmd', ['--new-window', 'C:\\a & (b)\\rooms'], 'win32');
    assert.deepEqual(call, {
      file: '"C:\\VS Code\\bin\\code.cmd" "--new-window" "C:\\a & (b)\\rooms"',
      args: [],
      options: { detached: false, stdio: 'ignore', shell: true },
    });
    const plain = callOf('C:\\VS Code\\Code.exe', ['C:\\a b'], 'win32');
    assert.deepEqual(plain.args, ['C:\\a b']);
    assert.equal(plain.options.shell, undefined);
  });
});
