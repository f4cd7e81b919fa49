/** Which platforms are packed, and what is said of the others. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { describe } from 'node:test';
import { projectRoot } from '../../editor/project';
import { temporaryFolder } from '../study/folders';

interface Platforms {
  platformsOf: (onnxruntime: string) => { target: string; folder: string }[];
  leftOut: (onnxruntime: string) => string[];
}

const packaging = (name: string): string => path.join(projectRoot, 'packaging', name);
const { platformsOf, leftOut } = (await import(pathToFileURL(packaging('platforms.mjs')).href)) as Platforms;

describe('packages', () => {
  test('are made for what the installed runtime has, and the others are named with the reason', async (context) => {
    const runtime = await temporaryFolder(context);
    for (const platform of ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64']) {
      const folder = path.join(runtime, 'bin', 'napi-v6', ...platform.split('/'));
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'onnxruntime_binding.node'), '');
    }
    assert.deepEqual(
      platformsOf(runtime).map(({ target }) => target),
      ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'],
    );
    assert.deepEqual(leftOut(runtime), [
      'No package for darwin-x64 (Intel Macs: ONNX Runtime ended its builds for them).',
      'No package for win32-arm64 (onnxruntime-node has no binaries for it).',
    ]);
  });

  test('leave Intel Macs out, and say so to who packs and to who installs', async () => {
    const installed = path.join(projectRoot, 'node_modules', 'onnxruntime-node');
    assert.match(leftOut(installed).join('\n'), /Intel Macs/);
    assert.match(await readFile(packaging('main.mjs'), 'utf8'), /leftOut\(onnxruntime\)/);
    assert.match(await readFile(packaging('README.md'), 'utf8'), /Intel Macs have none/);
  });
});
