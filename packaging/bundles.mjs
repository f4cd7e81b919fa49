/** Builds what ships: everything bundled but onnxruntime-node, whose native files are each platform's own. */
import { build } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { extensionPlugins } from './extension-plugins.mjs';

const below = (root, folder, ending) =>
  readdirSync(path.join(root, folder), { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((name) => name.endsWith(ending))
    .sort();

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  // Names of classes stand in logs and decide what errors are.
  keepNames: true,
  metafile: true,
  logLevel: 'warning',
};

/** Writes the bundles into `outdir`. @returns the files that they were made of */
export async function buildBundles(root, outdir) {
  const made = [];
  // Packages in CommonJS ask for Node's modules by `require`, which modules do not have.
  const banner =
    "import { createRequire as higanRequire } from 'node:module'; const require = higanRequire(import.meta.url);";
  made.push(
    await build({
      ...common,
      absWorkingDir: root,
      format: 'esm',
      outdir,
      outExtension: { '.js': '.mjs' },
      external: ['onnxruntime-node'],
      banner: { js: `#!/usr/bin/env node\n${banner}` },
      entryPoints: [
        { in: 'src/cli/main.ts', out: 'higan' },
        { in: 'src/inference/main.ts', out: 'inference' },
        ...below(root, 'src/engine', '.worker.ts').map((file) => ({
          in: file,
          out: path.basename(file, '.ts'),
        })),
      ].filter((entry) => existsSync(path.join(root, entry.in))),
    }),
    await build({
      ...common,
      absWorkingDir: root,
      format: 'cjs',
      outfile: path.join(outdir, 'extension.cjs'),
      // Nothing reads them there, and keeping them takes a fifth of the time that loading takes.
      keepNames: false,
      plugins: extensionPlugins(root),
      define: { 'import.meta.url': 'moduleUrl' },
      banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
      entryPoints: ['src/extension/main.ts'],
    }),
    await build({
      bundle: true,
      platform: 'browser',
      format: 'esm',
      target: 'chrome132',
      minify: true,
      metafile: true,
      logLevel: 'warning',
      absWorkingDir: root,
      outdir: path.join(outdir, 'webview'),
      entryPoints: below(root, 'src/webview', 'main.ts').map((file) => ({
        in: file,
        out: path.basename(path.dirname(file)),
      })),
    }),
  );
  return made.flatMap(({ metafile }) => Object.keys(metafile.inputs));
}
