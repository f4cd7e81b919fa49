/** The editor whose extension host runs tests: a desktop VS Code, or the served one behind `out/editor/code.mjs`. */
import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { cacheFolder } from './install';
import { projectRoot } from './project';

export interface HostEditor {
  program: string;
  desktop: boolean;
}

/**
 * `VSCODE_EXECUTABLE` names a desktop's program (`code` in its own folder, `Code.exe`, `…/Contents/MacOS/Electron`), not
 * the command on the PATH, which does not wait for it. Else a desktop is fetched where there is a display
 * (`HIGAN_TEST_SERVED=1` does without); else the editor is served.
 */
export async function findHostEditor(): Promise<HostEditor> {
  const { VSCODE_EXECUTABLE: named, DISPLAY, WAYLAND_DISPLAY, HIGAN_TEST_SERVED } = process.env;
  if (named) return { program: named, desktop: true };
  if ((DISPLAY || WAYLAND_DISPLAY || process.platform !== 'linux') && HIGAN_TEST_SERVED !== '1') {
    try {
      const cachePath = path.join(cacheFolder, 'vscode-desktop');
      return { program: await downloadAndUnzipVSCode({ version: 'stable', cachePath }), desktop: true };
    } catch (error) {
      process.stderr.write(`No desktop VS Code could be fetched (${String(error)}); using the served one.\n`);
    }
  }
  const served = path.join(projectRoot, 'out', 'editor', 'code.mjs');
  chmodSync(served, 0o755);
  return { program: served, desktop: false };
}

export interface HostTests {
  /** A folder or a workspace file. */
  workspace: string;
  /** Extensions run from source. */
  extensions: string[];
  /** A CommonJS module with `run(): Promise<void>`. */
  testsPath: string;
  env: Record<string, string>;
  /** Ask whether the workspace is trusted, as a person's editor does. */
  trust: boolean;
  /** For the editor's own data. */
  scratch: string;
}

/** Runs tests in a new window. @throws where the editor ends with an error, as it does when a test fails */
export async function runInHost({ program, desktop }: HostEditor, tests: HostTests): Promise<void> {
  const { workspace, extensions, testsPath, env, trust, scratch } = tests;
  // Nothing of a person's own editor: neither settings nor extensions.
  const folders = ['user-data', 'extensions'].map((name) => `--${name}-dir=${path.join(scratch, name)}`);
  const launchArgs = [workspace, '--disable-extensions', ...folders];
  // The served editor's stand-in has no flag for it.
  const environment = { ...env, HIGAN_TEST_TRUST: trust ? '1' : '0' };
  if (!desktop || !trust) {
    await runTests({
      ...{ vscodeExecutablePath: program, launchArgs },
      extensionDevelopmentPath: extensions,
      ...{ extensionTestsPath: testsPath, extensionTestsEnv: environment },
    });
    return;
  }
  // `runTests` always turns trust off: its other flags are given here.
  const flags = ['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates'];
  await end(
    program,
    [
      ...[...launchArgs, ...flags, '--skip-welcome', '--skip-release-notes'],
      `--extensionTestsPath=${testsPath}`,
      ...extensions.map((folder) => `--extensionDevelopmentPath=${folder}`),
    ],
    environment,
  );
}

/** Runs a program to its end. @throws unless it ends well */
function end(program: string, args: string[], env: Record<string, string>): Promise<void> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`Test run failed with ${signal ?? `code ${code}`}`)),
    );
  });
}
