/** The platforms that the installed onnxruntime-node has binaries for, as VS Code names them. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Microsoft's names of platforms by those of Node. */
const targets = {
  'linux/x64': 'linux-x64',
  'linux/arm64': 'linux-arm64',
  'darwin/arm64': 'darwin-arm64',
  'win32/x64': 'win32-x64',
  'win32/arm64': 'win32-arm64',
};

/** One entry a platform: its name for VS Code, and the folder of its native files. */
export function platformsOf(onnxruntime) {
  const bin = path.join(onnxruntime, 'bin');
  const [napi] = readdirSync(bin);
  return Object.entries(targets)
    .map(([folder, target]) => ({ target, folder: path.join('bin', napi, ...folder.split('/')) }))
    .filter(({ folder }) => existsSync(path.join(onnxruntime, folder, 'onnxruntime_binding.node')));
}
