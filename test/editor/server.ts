/** Runs the installed VS Code server on the loopback interface, behind a token, with data folders of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, closeSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ServerInstall } from './install';

export interface ServerOptions {
  /** Settings, state, logs and extensions live below it; made where missing. */
  dataFolder: string;
  /** A port, or 0 for any free one. */
  port?: number;
  /** `.vsix` files installed before it starts. */
  vsix?: string[];
  /** Folders of extensions that are put among the installed ones. */
  extensions?: string[];
  /** User settings on top of the quiet ones. */
  settings?: Record<string, unknown>;
  /** Ask whether a workspace is trusted, as a desktop would. Off in most tests. */
  trust?: boolean;
  /** Let the page name extensions and test runners to be loaded from source; without it they are silently ignored. */
  fromSource?: boolean;
  env?: NodeJS.ProcessEnv;
}

export interface Server {
  readonly port: number;
  readonly token: string;
  readonly dataFolder: string;
  readonly process: ChildProcess;
  /** The page that opens a folder, or a `.code-workspace` file; `payload` are the workbench's start options. */
  url(folder: string, payload?: [string, string][]): string;
  /** What the server wrote so far. */
  log(): string;
  stop(): Promise<void>;
}

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.showReleaseNotes': false,
};

/** Starts the server and waits until it answers. */
export async function startServer(install: ServerInstall, options: ServerOptions): Promise<Server> {
  const { dataFolder } = options;
  const extensions = path.join(dataFolder, 'extensions');
  const userData = path.join(dataFolder, 'data');
  for (const folder of [extensions, path.join(userData, 'User'), path.join(userData, 'Machine')])
    mkdirSync(folder, { recursive: true });
  for (const folder of options.extensions ?? [])
    cpSync(folder, path.join(extensions, path.basename(folder)), { recursive: true });
  // Settings go where the remote end reads them: the web workbench keeps its user settings in the browser.
  const settings = JSON.stringify({ ...quietSettings, ...options.settings }, null, 2);
  writeFileSync(path.join(userData, 'User', 'settings.json'), settings);
  const token = randomBytes(24).toString('hex');
  const tokenFile = path.join(dataFolder, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });

  const main = path.join(install.vscode, 'out', 'server-main.js');
  const places = [
    '--accept-server-license-terms',
    ...['--server-data-dir', dataFolder, '--user-data-dir', userData, '--extensions-dir', extensions],
  ];
  const env: NodeJS.ProcessEnv = { ...process.env, EXTENSIONS_GALLERY: '{}', ...options.env };
  // Left over when this runs inside a terminal of VS Code itself.
  for (const name of ['VSCODE_IPC_HOOK_CLI', 'ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS']) delete env[name];
  for (const vsix of options.vsix ?? []) {
    await promisify(execFile)(install.node, [main, ...places, '--install-extension', path.resolve(vsix)], {
      env,
    });
  }

  const port = options.port || (await freePort());
  const logFile = path.join(dataFolder, 'server.log');
  const log = (): string => readFileSync(logFile, 'utf8');
  const output = openSync(logFile, 'a');
  const child = spawn(
    install.node,
    [
      ...[main, ...places, '--host', '127.0.0.1', '--port', String(port)],
      ...['--connection-token-file', tokenFile, '--telemetry-level', 'off', '--disable-telemetry'],
      ...(options.trust ? [] : ['--disable-workspace-trust']),
      ...(options.fromSource ? ['--enable-smoke-test-driver'] : []),
    ],
    // A group of its own, so that extension hosts and terminals end with it.
    { detached: true, stdio: ['ignore', output, output], env },
  );
  closeSync(output);
  const stop = async (): Promise<void> => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      try {
        process.kill(-(child.pid ?? 0), signal);
      } catch {
        return; // the group is gone
      }
      for (let waited = 0; waited < 3000 && groupAlive(child.pid ?? 0); waited += 50) await sleep(50);
    }
  };
  try {
    await untilAnswers(port, child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    token,
    dataFolder,
    process: child,
    log,
    stop,
    url(folder, payload = []) {
      const what = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
      const query = new URLSearchParams({ tkn: token, [what]: folder });
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://127.0.0.1:${port}/?${query.toString()}`;
    },
  };
}

/** Removes a server's data folder after it stopped; late writers are waited for. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function groupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Polls `/version`, which needs no token. */
async function untilAnswers(port: number, child: ChildProcess, log: () => string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    const ok = await new Promise<boolean>((resolve) => {
      http
        .get({ host: '127.0.0.1', port, path: '/version' }, (response) => {
          response.resume();
          resolve(response.statusCode === 200);
        })
        .on('error', () => resolve(false));
    });
    if (ok) return;
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  throw new Error(`The VS Code server did not come up. It wrote:\n${log()}`);
}
