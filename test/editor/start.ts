/**
 * `npm start [-- --no-editor] [-- OPTION …]`: runs the example study in the terminal, then shows it in a desktop VS Code
 * where one can be opened, and says how else to see it. Other options go to `higan run`.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { findDesktop, open, windowArguments } from './desktop';
import { serverRunsHere } from './install';
import { projectRoot } from './project';

const flag = '--no-editor';
const folder = path.join(projectRoot, 'examples', 'rooms');
const file = path.join(folder, 'bedroom.higan.yaml');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Runs the example study; resolves with its exit code. */
function study(options: string[]): Promise<number> {
  const higan = path.join(projectRoot, 'dist', 'higan.mjs');
  const args = [higan, 'run', path.relative('.', file), '--show', ...options];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  // Ctrl-C reaches both: the study keeps what it has and says how it ended, so this one waits.
  const wait = (): void => undefined;
  const pass = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', wait).off('SIGTERM', pass);
      resolve(code ?? 1);
    });
  });
}

/** Where else the example can be looked at. */
const elsewhere = serverRunsHere
  ? 'npm run editor shows it in a real VS Code in the browser.'
  : `With VS Code installed: code ${windowArguments('.', 'examples/rooms', 'examples/rooms/bedroom.higan.yaml').join(' ')}`;

async function show(): Promise<void> {
  const { platform, env } = process;
  const desktop = findDesktop({ platform, env, terminal: process.stdout.isTTY });
  if ('reason' in desktop) return void say(`\nNot opened in VS Code. ${desktop.reason} ${elsewhere}`);
  say(`\nOpening the example in VS Code (${desktop.command}); npm start -- ${flag} does not.`);
  const problem = await open(desktop.command, windowArguments(projectRoot, folder, file), { platform, env });
  if (problem !== null) say(`VS Code could not be opened: ${problem}. ${elsewhere}`);
}

const options = process.argv.slice(2);
const code = await study(options.filter((option) => option !== flag));
if (code === 0 && !options.includes(flag)) await show();
process.exit(code);
