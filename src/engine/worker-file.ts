/** Finds the built file of a worker thread or process, wherever the code that starts it was bundled to. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The path of `dist/<name>.mjs`: beside the running bundle (the product), or in the `dist` of a folder above it
 * (tests and benchmarks, which are bundled elsewhere).
 * @throws when the project has not been built.
 */
export function workerFile(name: string): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const candidate of [path.join(folder, `${name}.mjs`), path.join(folder, 'dist', `${name}.mjs`)]) {
      if (existsSync(candidate)) return candidate;
    }
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`The built file ${name}.mjs was not found: run 'npm run build'.`);
    folder = parent;
  }
}
