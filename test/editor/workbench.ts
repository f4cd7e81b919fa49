/** A served VS Code with a page on it: what in-host tests, the journey and the screenshots start from. */
import { mkdtempSync, existsSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { ensureServer } from './install';
import { removeFolder, startServer, type Server } from './server';

export interface WorkbenchOptions {
  /** The folder or `.code-workspace` file that it opens, absolute. */
  folder: string;
  /** Extensions run from source. */
  developmentPaths?: string[];
  /** A CommonJS module with `run(): Promise<void>`, run inside the extension host. */
  testsPath?: string;
  vsix?: string[];
  /** Folders of extensions that are put among the installed ones. */
  extensions?: string[];
  /** Environment of the extension host. */
  env?: Record<string, string>;
  settings?: Record<string, unknown>;
  trust?: boolean;
  viewport?: { width: number; height: number };
  /** Pixels of a screenshot for one of the page; default 1. */
  scale?: number;
  /** Shows what the extension host logs: always its errors, with `verbose` everything. */
  verbose?: boolean;
}

export interface Workbench {
  page: Page;
  server: Server;
  /** Resolves when an in-host test run ends, with its exit code. */
  exited: Promise<number>;
  /** Chooses a command from the palette, waiting until it is registered. */
  command(title: string, timeout?: number): Promise<void>;
  /** The innermost frame of the webview that holds `selector`. */
  webview(selector: string, timeout?: number): Promise<Frame>;
  /** Reloads the window; resolves when the new one is there, so that no frame of the old one is found afterwards. */
  reload(timeout?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts server, browser and page; stops what was started when one of them fails. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const install = await ensureServer((line) => process.stderr.write(`${line}\n`));
  const dataFolder = mkdtempSync(path.join(os.tmpdir(), 'higan-editor-'));
  const ending: (() => unknown)[] = [() => removeFolder(dataFolder)];
  const stop = async (): Promise<void> => {
    for (const step of ending.splice(0).reverse()) await step();
  };
  try {
    const { env = {}, testsPath, developmentPaths = [], vsix, extensions, settings, trust } = options;
    const server = await startServer(install, {
      ...{ dataFolder, vsix, extensions, settings, trust, env },
      fromSource: testsPath !== undefined || developmentPaths.length > 0,
    });
    ending.push(() => server.stop());
    const browser = await launchBrowser();
    ending.push(() => browser.close());
    const { viewport = { width: 1280, height: 800 }, scale: deviceScaleFactor } = options;
    const context = await browser.newContext({ viewport, deviceScaleFactor });
    await context.route(
      (url) => url.hostname !== '127.0.0.1' && !url.hostname.endsWith('.localhost'),
      (route) => route.abort(),
    );
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    let end: (code: number) => void = () => undefined;
    const exited = new Promise<number>((resolve) => (end = resolve));
    page.on('close', () => end(97));
    await page.exposeFunction('codeAutomationExit', (code: number) => end(code));
    await page.exposeFunction('codeAutomationLog', (kind: string, args: unknown[]) => {
      if (kind === 'error' || options.verbose)
        process.stderr.write(`[${kind}] ${args.map(String).join(' ')}\n`);
    });
    await page.goto(
      server.url(options.folder, payload({ port: server.port, developmentPaths, testsPath, env })),
    );
    if (!testsPath) await page.locator('.monaco-workbench').waitFor();
    return {
      ...{ page, server, exited, stop },
      command: (title, timeout) => chooseCommand(page, title, timeout),
      webview: (selector, timeout) => findWebview(page, selector, timeout),
      reload: async (timeout = 60_000) => {
        const loaded = page.waitForEvent('load', { timeout });
        await Promise.all([loaded, chooseCommand(page, 'Developer: Reload Window')]);
        await page.locator('.monaco-workbench').waitFor({ timeout });
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The workbench's start options that stand for the desktop's command line flags. */
function payload(options: {
  port: number;
  developmentPaths: string[];
  testsPath?: string;
  env: Record<string, string>;
}): [string, string][] {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${options.port}${path.resolve(file)}`;
  const entries: [string, string][] = options.developmentPaths.map((folder) => [
    'extensionDevelopmentPath',
    remote(folder),
  ]);
  if (options.testsPath) {
    // The desktop takes a folder with an index; the server wants the file.
    const isFolder = existsSync(options.testsPath) && statSync(options.testsPath).isDirectory();
    const file = isFolder ? path.join(options.testsPath, 'index.cjs') : options.testsPath;
    entries.push(['extensionTestsPath', remote(file)]);
  }
  if (Object.keys(options.env).length > 0)
    entries.push(['extensionEnvironment', JSON.stringify(options.env)]);
  return [...entries, ['skipWelcome', 'true']];
}

/** The palette's list is fixed when it opens, so it is opened again until the extension's command is registered. */
async function chooseCommand(page: Page, title: string, timeout = 30_000): Promise<void> {
  for (const end = Date.now() + timeout; Date.now() < end; await sleep(100)) {
    try {
      await page.keyboard.press('F1');
      const palette = page.locator('.quick-input-widget');
      await palette.waitFor({ timeout: 2000 });
      await palette.locator('input').first().fill(`>${title}`, { timeout: 2000 });
      const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
      return await row.click({ timeout: 1500 });
    } catch {
      await page.keyboard.press('Escape');
    }
  }
  throw new Error(`The palette never offered the command '${title}'.`);
}

/** Webviews are nested frames; the content is in the one that `fake.html` was written into. */
async function findWebview(page: Page, selector: string, timeout = 30_000): Promise<Frame> {
  for (const end = Date.now() + timeout; Date.now() < end; await sleep(50)) {
    for (const frame of page.frames().filter((f) => /webview\/browser\/pre\/fake\.html/.test(f.url()))) {
      const found = await frame
        .locator(selector)
        .count()
        .catch(() => 0); // the frame was replaced meanwhile
      if (found > 0) return frame;
    }
  }
  throw new Error(`No webview came to hold '${selector}'.`);
}
