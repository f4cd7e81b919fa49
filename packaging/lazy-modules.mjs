/**
 * Modules that are run when something of them is first used, not when the file that imports them is loaded. An extension is
 * loaded in every window that it might be needed in: schemas and readers that such a window never uses take none of its
 * time. Types, names and what the code says stay as they are.
 */
import { build as transform } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const namespace = 'lazy';
/** Building a schema takes longer than everything else that is done while code is loaded. */
const buildsSchemas = /^import \* as z from 'zod';$/m;

/**
 * An esbuild plugin for CommonJS output: makes these packages, and every module of the project that builds zod schemas, lazy.
 *
 * @param root the project
 * @param packages their names, as they are imported
 */
export function lazyModules(root, packages) {
  const require = createRequire(path.join(root, 'package.json'));
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: /^[^/]/ }, ({ path: name, resolveDir, namespace: from }) => {
        // The lazy stand-in itself asks for the real one.
        if (from === namespace) return undefined;
        if (packages.includes(name)) return { path: name, namespace };
        if (!name.startsWith('.')) return undefined;
        const file = path.resolve(resolveDir, `${name}.ts`);
        return isLazy(file) ? { path: file, namespace } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace }, async ({ path: name }) => {
        const whole = packages.includes(name) ? await import(require.resolve(name)) : null;
        const callable = typeof whole?.default === 'function';
        const members = whole ? Object.keys(callable ? whole.default : whole) : await exportsOf(name);
        // As a CommonJS module: what imports it reads each member where it is used.
        return {
          contents: [
            `const whole = () => require(${JSON.stringify(name)});`,
            callable ? 'module.exports = (...given) => whole()(...given);' : 'module.exports = {};',
            ...members
              .filter((member) => member !== 'default')
              .map(
                (member) =>
                  `Object.defineProperty(module.exports, '${member}', { enumerable: true, get: () => whole().${member} });`,
              ),
          ].join('\n'),
          loader: 'js',
          resolveDir: root,
          ...(whole ? {} : { watchFiles: [name] }),
        };
      });
    },
  };
}

const known = new Map();
function isLazy(file) {
  if (!known.has(file)) known.set(file, buildsSchemas.test(textOf(file)));
  return known.get(file);
}

/** Empty where there is no such file: the path is a folder's, or esbuild will say what is wrong with it. */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Names that a module exports as values. */
async function exportsOf(file) {
  const { metafile } = await transform({
    ...{ entryPoints: [file], bundle: true, packages: 'external', platform: 'node', format: 'esm' },
    ...{ metafile: true, write: false, outdir: 'none', logLevel: 'silent' },
    // Only this file: what it imports is left alone.
    plugins: [
      {
        name: 'alone',
        setup(build) {
          build.onResolve({ filter: /.*/ }, ({ kind }) =>
            kind === 'entry-point' ? null : { external: true },
          );
        },
      },
    ],
  });
  return Object.values(metafile.outputs)[0].exports;
}
