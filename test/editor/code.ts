/**
 * Stands in for the `code` executable where there is no desktop build: takes the flags that `@vscode/test-electron`
 * passes and serves them with the VS Code server and a headless Chromium, so that one test entry runs in both.
 *
 * Exit code: the test run's own; 98 when it did not end in time, 97 when the page went away, 99 on an error here.
 */
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeFolder } from './server';
import { openWorkbench } from './workbench';

const flags = new Map<string, string[]>();
const folders: string[] = [];
for (const argument of process.argv.slice(2)) {
  const flag = /^--([^=]+)(?:=(.*))?$/.exec(argument);
  if (flag) flags.set(flag[1], [...(flags.get(flag[1]) ?? []), flag[2] ?? '']);
  else folders.push(argument);
}
/** The runner hands its environment over; the extension host shall see what is meant for the tests. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name.startsWith('HIGAN_')),
) as Record<string, string>;
const timeout = Number(process.env.HIGAN_TEST_TIMEOUT ?? 300_000);

const empty = folders.length > 0 ? null : mkdtempSync(path.join(os.tmpdir(), 'higan-empty-'));
let code = 99;
let stop: () => Promise<void> = () => Promise.resolve();
// The runner ends us by a signal when it is itself interrupted: leave no server behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void stop().finally(() => process.exit(130)));
try {
  const workbench = await openWorkbench({
    folder: path.resolve(empty ?? folders[0]),
    // The page takes one extension from source only (the last); others are put among the installed ones.
    developmentPaths: flags.get('extensionDevelopmentPath')?.slice(0, 1),
    extensions: flags.get('extensionDevelopmentPath')?.slice(1),
    testsPath: flags.get('extensionTestsPath')?.[0],
    trust: process.env.HIGAN_TEST_TRUST === '1',
    env,
    verbose: process.env.HIGAN_TEST_VERBOSE === '1',
  });
  stop = () => workbench.stop();
  const late = new Promise<number>((resolve) => setTimeout(resolve, timeout, 98).unref());
  code = await Promise.race([workbench.exited, late]);
  if (code === 98 || process.env.HIGAN_TEST_SCREENSHOT) {
    const file = process.env.HIGAN_TEST_SCREENSHOT ?? path.join(os.tmpdir(), 'higan-host-tests.png');
    await workbench.page.screenshot({ path: file }).catch(() => undefined);
    process.stderr.write(`Screenshot: ${file}\n`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
} finally {
  await stop();
  if (empty) removeFolder(empty);
}
process.exit(code);
