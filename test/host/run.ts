/**
 * Runs `test/host/*.test.ts` inside a real VS Code: the desktop build where `VSCODE_EXECUTABLE` names one or a display
 * and a download exist, else the served one behind `out/editor/code.mjs`. The exit code of an extension host is not to
 * be trusted (a killed one reports 0), so the run counts only with a fresh result file that lists every planned test.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { projectRoot } from '../editor/project';
import type { HostResult } from './result';

const out = path.join(projectRoot, 'out');
const served = path.join(out, 'editor', 'code.mjs');

/** The executable that will show the extension, and whether it is the desktop's. */
async function findExecutable(): Promise<{ path: string; desktop: boolean }> {
  const named = process.env.VSCODE_EXECUTABLE;
  if (named) return { path: named, desktop: true };
  const display = process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY ?? process.platform !== 'linux';
  if (display && process.env.HIGAN_TEST_SERVED !== '1') {
    try {
      return { path: await downloadAndUnzipVSCode('stable'), desktop: true };
    } catch (error) {
      process.stderr.write(`No desktop VS Code could be fetched (${String(error)}); using the served one.\n`);
    }
  }
  chmodSync(served, 0o755);
  return { path: served, desktop: false };
}

const executable = await findExecutable();
const scratch = mkdtempSync(path.join(os.tmpdir(), 'higan-host-'));
const workspace = path.join(scratch, 'workspace');
cpSync(path.join(projectRoot, 'test', 'host', 'workspace'), workspace, { recursive: true });
const resultFile = process.env.HIGAN_TEST_RESULT ?? path.join(out, 'host', 'result.json');
mkdirSync(path.dirname(resultFile), { recursive: true });
rmSync(resultFile, { force: true });

let problem: string | null = null;
try {
  await runTests({
    vscodeExecutablePath: executable.path,
    extensionDevelopmentPath: projectRoot,
    extensionTestsPath: path.join(out, 'host', 'index.cjs'),
    extensionTestsEnv: {
      HIGAN_TEST_RESULT: resultFile,
      HIGAN_TEST_FOLDER: path.join(out, 'host'),
      HIGAN_TEST_ROOT: projectRoot,
      ...(process.env.HIGAN_TEST_ONLY ? { HIGAN_TEST_ONLY: process.env.HIGAN_TEST_ONLY } : {}),
    },
    launchArgs: [
      workspace,
      ...(executable.desktop
        ? [
            '--disable-extensions',
            `--user-data-dir=${path.join(scratch, 'user')}`,
            '--disable-workspace-trust',
          ]
        : []),
    ],
  });
} catch (error) {
  problem = error instanceof Error ? error.message : String(error);
}

/** What the extension host wrote; a test run that died leaves it unfinished, or absent. */
const result = existsSync(resultFile) ? (JSON.parse(readFileSync(resultFile, 'utf8')) as HostResult) : null;
for (const test of result?.tests ?? []) {
  const mark = { passed: '✔', failed: '✖', skipped: '﹣' }[test.state];
  process.stdout.write(
    `${mark} ${test.title}${test.seconds >= 1 ? ` (${test.seconds.toFixed(1)} s)` : ''}\n`,
  );
  if (test.message) process.stdout.write(`    ${test.message.replaceAll('\n', '\n    ')}\n`);
}
const count = (state: string): number => result?.tests.filter((test) => test.state === state).length ?? 0;
const missing = result ? result.planned - result.tests.length : 0;
if (!result) problem = `The extension host wrote no result. ${problem ?? ''}`;
else if (missing > 0)
  problem = `${missing} of ${result.planned} tests did not finish; the extension host went away or hung. ${problem ?? ''}`;
else if (result.planned === 0) problem = 'No tests were planned.';
process.stdout.write(
  `ℹ pass ${count('passed')}\nℹ fail ${count('failed') + missing}\nℹ skipped ${count('skipped')}\n`,
);
if (problem) process.stderr.write(`${problem}\n`);
if (process.env.HIGAN_TEST_KEEP === '1') process.stderr.write(`Kept ${workspace}\n`);
else rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
process.exit(problem || count('failed') > 0 ? 1 : 0);
