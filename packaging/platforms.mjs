/** The platforms that the installed onnxruntime-node has binaries for, as VS Code names them. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Microsoft's names of platforms by those of Node. */
const targets = {
  'linux/x64': 'linux-x64',
  'linux/arm64': 'linux-arm64',
  'darwin/arm64': 'darwin-arm64',
  'darwin/x64': 'darwin-x64',
  'win32/x64': 'win32-x64',
  'win32/arm64': 'win32-arm64',
};

/** Why there is no package, for people who look for theirs. */
const reasons = { 'darwin-x64': 'Intel Macs: ONNX Runtime ended its builds for them' };

/** One entry a platform: its name for VS Code, and the folder of its native files. */
export function platformsOf(onnxruntime) {
  const bin = path.join(onnxruntime, 'bin');
  const [napi] = readdirSync(bin);
  return Object.entries(targets)
    .map(([folder, target]) => ({ target, folder: path.join('bin', napi, ...folder.split('/')) }))
    .filter(({ folder }) => existsSync(path.join(onnxruntime, folder, 'onnxruntime_binding.node')));
}

/** A sentence for each platform that nothing is packed for, because the installed onnxruntime-node has no binaries for it. */
export function leftOut(onnxruntime) {
  const there = platformsOf(onnxruntime).map(({ target }) => target);
  return Object.values(targets)
    .filter((target) => !there.includes(target))
    .map(
      (target) =>
        `No package for ${target} (${reasons[target] ?? 'onnxruntime-node has no binaries for it'}).`,
    );
}
