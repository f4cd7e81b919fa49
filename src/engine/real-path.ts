/** Where files and folders really lie, whatever links lead there. */
import { realpathSync } from 'node:fs';
import path from 'node:path';

/** Where a file or folder really lies; as it is named where it is not there. */
export function realPath(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return path.resolve(name);
  }
}
