/**
 * Builds everything that runs: `node esbuild.mjs [--tests] [--editor] [--bench] [--watch]`.
 * Entries are found, not listed, so that a new worker, test or benchmark can never be forgotten.
 */
import { build, context } from 'esbuild';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { extensionPlugins } from './packaging/extension-plugins.mjs';

const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const flags = new Set(process.argv.slice(2));

/** Every file below `folder` whose name ends with `ending`. */
function filesBelow(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((name) => name.endsWith(ending))
    .sort();
}

/** Shared by all Node targets. Packages stay external: native and large ones load from node_modules. */
const node = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outExtension: { '.js': '.mjs' },
  sourcemap: true,
  packages: 'external',
  logLevel: 'warning',
  absWorkingDir: root,
};

const targets = [
  {
    ...node,
    entryPoints: [
      { in: 'src/cli/main.ts', out: 'higan' },
      { in: 'src/inference/main.ts', out: 'inference' },
      // Worker threads are started by file name from beside the entry that runs.
      ...filesBelow('src/engine', '.worker.ts').map((file) => ({
        in: file,
        out: path.basename(file, '.ts'),
      })),
    ].filter((entry) => existsSync(path.join(root, entry.in))),
    outdir: 'dist',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    // The extension host loads one CommonJS file; its packages are inside it, so that activation reads no folders.
    ...node,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    packages: 'bundle',
    plugins: extensionPlugins(root),
    // Names are not kept: nothing reads them, and keeping them takes a fifth of the time that loading takes.
    minify: true,
    // Models are looked for from where the code lies.
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    entryPoints: filesBelow('src/extension', 'main.ts').map((file) => ({ in: file, out: 'extension' })),
    outdir: 'dist',
  },
  {
    // One script a panel, `dist/webview/<panel>.js`; styles are inside. The oldest VS Code we support has Chromium 132.
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'chrome132',
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
    absWorkingDir: root,
    entryPoints: filesBelow('src/webview', 'main.ts').map((file) => ({
      in: file,
      out: path.basename(path.dirname(file)),
    })),
    outdir: 'dist/webview',
  },
];
if (flags.has('--tests') || flags.has('--editor')) {
  targets.push({
    ...node,
    entryPoints: ['code.ts', 'open.ts', 'installed.ts', 'journey.ts', 'start.ts'].flatMap((name) =>
      filesBelow('test/editor', name),
    ),
    outdir: 'out/editor',
    banner: { js: '#!/usr/bin/env node' },
  });
}
if (flags.has('--tests')) {
  // A test file that was renamed would go on running from its old bundle.
  rmSync(path.join(root, 'out', 'host'), { recursive: true, force: true });
  targets.push({ ...node, entryPoints: filesBelow('test/host', 'run.ts'), outdir: 'out/host' });
  targets.push({
    // Loaded by the editor into its extension host, which provides `vscode`.
    ...node,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
    entryPoints: ['index.ts', '.test.ts', '.untrusted.ts', '.beside-yaml.ts', '.multi-root.ts'].flatMap(
      (ending) => filesBelow('test/host', ending),
    ),
    outdir: 'out/host',
  });
  targets.push({
    ...node,
    entryPoints: filesBelow('test/browser', '.test.ts'),
    outdir: 'out/browser',
    outbase: 'test/browser',
  });
  targets.push({
    ...node,
    entryPoints: [{ in: 'test/fixtures/themes/dump.ts', out: 'dump-themes' }],
    outdir: 'out/fixtures',
  });
  targets.push({
    ...node,
    entryPoints: filesBelow('test/unit', '.test.ts'),
    outdir: 'out/unit',
    outbase: 'test/unit',
  });
  for (const suite of ['gpu', 'packed'])
    targets.push({
      ...node,
      entryPoints: filesBelow(`test/${suite}`, '.test.ts'),
      outdir: `out/${suite}`,
      outbase: `test/${suite}`,
    });
}
if (flags.has('--tests') || flags.has('--bench')) {
  targets.push({
    // Runs in the page, before the panel under test.
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'chrome132',
    logLevel: 'warning',
    absWorkingDir: root,
    entryPoints: filesBelow('test/browser', '.page.ts'),
    outdir: 'out/browser',
    outbase: 'test/browser',
  });
}
if (flags.has('--bench')) {
  targets.push({
    ...node,
    entryPoints: ['test/bench/main.ts', 'test/bench/inside/timed-inference.ts'].map((file) => ({
      in: file,
      out: path.basename(file, '.ts'),
    })),
    outdir: 'out/bench',
  });
  targets.push({
    // Loaded by the editor into its extension host, which provides `vscode`.
    ...node,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
    entryPoints: filesBelow('test/bench/inside', '.host.ts'),
    outdir: 'out/bench',
  });
}

for (const target of targets.filter((t) => t.entryPoints.length > 0)) {
  if (flags.has('--watch')) await (await context(target)).watch();
  else await build(target);
}
