/** Modules of the extension's file that are run at their first use. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { describe } from 'node:test';
import { build, type Plugin } from 'esbuild';
import { projectRoot } from '../../editor/project';
import { temporaryFolder } from '../study/folders';

const { lazyModules } = (await import(
  pathToFileURL(path.join(projectRoot, 'packaging', 'lazy-modules.mjs')).href
)) as { lazyModules: (root: string, packages: string[]) => Plugin };

const packages: Record<string, string> = {
  zod: "export const object = (shape) => ({ shape }); globalThis.ran.push('zod');",
  many: "globalThis.ran.push('many'); exports.one = 1; exports.two = () => 2;",
  callable:
    "globalThis.ran.push('callable'); module.exports = (x) => x + 1; module.exports.member = 'member';",
};
const files: Record<string, string> = {
  'main.ts': `import { one, two } from 'many';
import callable from 'callable';
import { schema, other, type Shape } from './schemas';
import { plain } from './plain';
export const now = plain;
export const ask = { one: () => one, two: () => two(), called: (): number => callable(1), member: () => callable.member };
export const shape = (): Shape => schema.shape;
export const same = (): boolean => other.shape.inner === schema;`,
  'schemas.ts': `import * as z from 'zod';
globalThis.ran.push('schemas');
export type Shape = object;
export const schema = z.object({ a: 1 });
export const other = z.object({ inner: schema });`,
  'plain.ts': `globalThis.ran.push('plain');
export const plain = 'plain';`,
};

interface Main {
  now: string;
  ask: Record<'one' | 'two' | 'called' | 'member', () => unknown>;
  shape: () => unknown;
  same: () => boolean;
}

describe('lazy modules', () => {
  test('run once, at the first use of something of them, and are what they were', async (context) => {
    const root = await temporaryFolder(context);
    await writeFile(path.join(root, 'package.json'), '{}');
    for (const [name, code] of Object.entries(packages)) {
      const folder = path.join(root, 'node_modules', name);
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'index.js'), code);
      const type = name === 'zod' ? 'module' : 'commonjs';
      await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name, type, main: 'index.js' }));
    }
    for (const [name, code] of Object.entries(files)) await writeFile(path.join(root, name), code);
    const ran: string[] = [];
    // The plugin runs packages to learn what they export.
    Object.assign(globalThis, { ran });
    context.after(() => Reflect.deleteProperty(globalThis, 'ran'));
    const outfile = path.join(root, 'out.cjs');
    await build({
      ...{ absWorkingDir: root, entryPoints: ['main.ts'], outfile, bundle: true },
      ...{ platform: 'node', format: 'cjs', plugins: [lazyModules(root, ['many', 'callable'])] },
    });
    ran.length = 0;

    const main = createRequire(import.meta.url)(outfile) as Main;
    assert.equal(main.now, 'plain');
    assert.deepEqual(ran, ['plain']);
    assert.equal(main.ask.one(), 1);
    assert.equal(main.ask.two(), 2);
    assert.deepEqual(ran, ['plain', 'many']);
    assert.equal(main.ask.called(), 2);
    assert.equal(main.ask.member(), 'member');
    assert.deepEqual(main.shape(), { a: 1 });
    assert.ok(main.same());
    assert.deepEqual(ran, ['plain', 'many', 'callable', 'zod', 'schemas']);
  });
});
