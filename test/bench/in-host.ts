/** Measuring inside the extension host of a real VS Code, the served one. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../editor/browser';
import { serverInstalled } from '../editor/install';
import { projectRoot } from '../editor/project';
import { openWorkbench } from '../editor/workbench';

/** What this machine lacks for it, and how to install it. */
export function missingHost(): string | null {
  if (findChromium() === null) return 'apt-get install -y chromium';
  return serverInstalled() ? null : 'npm run editor installs the VS Code server';
}

/**
 * Opens a window on an empty folder with the extension, and runs `inside/NAME.host.ts` in its extension host.
 * @returns what it wrote
 */
export async function measureInHost<T>(name: string): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'higan-bench-'));
  const result = path.join(folder, 'result.json');
  try {
    const workbench = await openWorkbench({
      folder,
      developmentPaths: [projectRoot],
      testsPath: path.join(path.dirname(fileURLToPath(import.meta.url)), `${name}.host.cjs`),
      // The editor's own git extension starts processes now and then, which holds the host up for tens of milliseconds.
      settings: { 'git.enabled': false },
      env: { HIGAN_BENCH_RESULT: result },
    });
    try {
      await workbench.exited;
    } finally {
      await workbench.stop();
    }
    return JSON.parse(await readFile(result, 'utf8')) as T;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
