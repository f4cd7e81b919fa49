/** The desktop VS Code of this machine: whether it can be opened here, and how its command is called. */
import { spawn, type SpawnOptions } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** The commands that a desktop build puts on the PATH, in order of preference. */
const commands = ['code', 'code-insiders', 'codium'];

/** Where a command would be opened from; `process` fits. */
export interface Place {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** Whether a person reads the output. */
  terminal: boolean;
}

/** The command that can open a window here, or why none can, as a sentence. */
export function findDesktop(place: Place): { command: string } | { reason: string } {
  const { platform, env, terminal } = place;
  // Nobody wants windows from a script, a pipe or a test machine; a window there may also never end.
  if (!terminal || (env.CI ?? '') !== '') return { reason: 'Nobody watches this terminal.' };
  if (env.HIGAN_EDITOR === '0') return { reason: 'HIGAN_EDITOR=0 asks for none.' };
  // In a remote window `code` talks to the editor at the other end, which takes no extension from a folder here. Over ssh
  // a window would open in front of somebody else, or crawl through X.
  if (env.VSCODE_IPC_HOOK_CLI || env.SSH_CONNECTION || env.SSH_TTY)
    return { reason: 'This is a remote terminal.' };
  const hasDisplay =
    platform === 'win32' || platform === 'darwin' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  if (!hasDisplay) return { reason: 'There is no display here.' };
  const command = commands.map((name) => onPath(name, place)).find((found) => found !== null);
  return command ? { command } : { reason: `There is no ${commands.join(', ')} on the PATH.` };
}

/** The file that a name means on the PATH, or null. */
function onPath(name: string, { platform, env }: Place): string | null {
  const windows = platform === 'win32';
  const folders = (env.PATH ?? env.Path ?? '').split(windows ? ';' : ':').filter(Boolean);
  const names = windows ? [`${name}.cmd`, `${name}.exe`] : [name];
  for (const folder of folders) {
    for (const file of names.map((each) => path.join(folder, each))) {
      try {
        accessSync(file, windows ? constants.F_OK : constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // Not here: look in the next folder.
      }
    }
  }
  return null;
}

/**
 * How `spawn` has to be called for a command. Node starts `.cmd` files in a shell only, and joins a shell's arguments
 * without quoting them; so the line is made here. Inside double quotes cmd.exe leaves everything as it is but `%`.
 */
export function callOf(
  command: string,
  args: readonly string[],
  platform: NodeJS.Platform,
): { file: string; args: string[]; options: SpawnOptions } {
  // On Windows a process outlives its parent anyway, and a detached one would get a console window.
  const options: SpawnOptions = { detached: platform !== 'win32', stdio: 'ignore' };
  if (platform !== 'win32' || !/\.(cmd|bat)$/i.test(command))
    return { file: command, args: [...args], options };
  const line = [command, ...args].map((part) => `"${part}"`).join(' ');
  return { file: line, args: [], options: { ...options, shell: true } };
}

/** Milliseconds after which a command that is still running is taken to have opened its window. */
const patience = 5000;

/**
 * Starts a command and leaves it to itself; waits only long enough to learn that it failed.
 * @returns null when it went well, else what went wrong
 */
export function open(
  command: string,
  args: readonly string[],
  { platform, env }: Pick<Place, 'platform' | 'env'>,
): Promise<string | null> {
  const call = callOf(command, args, platform);
  return new Promise((resolve) => {
    const child = spawn(call.file, call.args, { ...call.options, env });
    const late = setTimeout(() => resolve(null), patience);
    const end = (problem: string | null): void => {
      clearTimeout(late);
      resolve(problem);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(code === 0 ? null : `it ended with ${String(signal ?? code)}`));
    child.unref();
  });
}

/** A new window on a folder and one of its files, with the extension from its source. */
export const windowArguments = (extension: string, folder: string, file: string): string[] => [
  '--new-window',
  `--extensionDevelopmentPath=${extension}`,
  folder,
  file,
];
