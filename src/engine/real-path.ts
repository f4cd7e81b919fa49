/** Where files and folders really lie, whatever links or names lead there. */
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where a file or folder really lies; as it is named where it is not there. */
export function realPath(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return path.resolve(name);
  }
}

/** A path with the home folder where it begins with `~`. */
export const expandHome = (text: string): string =>
  text === '~' || /^~[/\\]/.test(text) ? path.join(homedir(), text.slice(1)) : text;
