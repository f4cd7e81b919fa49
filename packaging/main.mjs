/**
 * `npm run package [-- --only linux-x64,…]`: one `.vsix` for each platform that the installed onnxruntime-node has
 * binaries for, and a tarball of the command line for machines without npm's network, into `out/package`.
 * What is left out is said at the end (Intel Macs); linux-arm64 has the CPU only.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { buildBundles } from './bundles.mjs';
import { licencesOf, packagesIn } from './licences.mjs';
import { leftOut, platformsOf } from './platforms.mjs';

const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const out = path.join(root, 'out', 'package');
const packages = path.join(root, 'node_modules');
const onnxruntime = path.join(packages, 'onnxruntime-node');
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : null;
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

const platforms = platformsOf(onnxruntime).filter(({ target }) => !only || only.includes(target));
if (platforms.length === 0)
  throw new Error(`onnxruntime-node has no binaries for ${only ?? 'any platform'}.`);
rmSync(out, { recursive: true, force: true });
const shared = path.join(out, 'shared');
stageShared(shared, await buildBundles(root, path.join(shared, 'dist')));
for (const { target, folder } of platforms) {
  const stage = path.join(out, target);
  cpSync(shared, stage, { recursive: true });
  stageRuntime(path.join(stage, 'dist', 'node_modules'), folder);
  const vsix = path.join(out, `${manifest.name}-${manifest.version}-${target}.vsix`);
  // What is staged is what ships: no search for dependencies, nothing ignored.
  await createVSIX({
    cwd: stage,
    target,
    packagePath: vsix,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
    rewriteRelativeLinks: false,
  });
  const tarball = path.join(out, `higan-${manifest.version}-${target}.tgz`);
  stageCommandLine(path.join(out, `higan-${target}`), stage);
  execFileSync('tar', ['-czf', tarball, '-C', out, `higan-${target}`]);
  for (const file of [vsix, tarball])
    console.log(`${path.relative(root, file)}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  rmSync(stage, { recursive: true });
  rmSync(path.join(out, `higan-${target}`), { recursive: true });
}
rmSync(shared, { recursive: true });
for (const sentence of leftOut(onnxruntime)) console.log(sentence);

/** Everything that is alike on all platforms. */
function stageShared(stage, inputs) {
  const { devDependencies, dependencies, scripts, allowScripts, private: _private, ...shipped } = manifest;
  void [devDependencies, dependencies, scripts, allowScripts, _private];
  writeFileSync(path.join(stage, 'package.json'), JSON.stringify(shipped, null, 2));
  for (const folder of ['media', 'bin'])
    cpSync(path.join(root, folder), path.join(stage, folder), { recursive: true });
  chmodSync(path.join(stage, 'bin', 'higan'), 0o755);
  for (const file of readdirSync(root).filter((name) => /^(LICEN[CS]E.*|CHANGELOG\.md)$/.test(name)))
    cpSync(path.join(root, file), path.join(stage, file));
  // The repository's README shows pictures and links to pages that are not shipped.
  cpSync(path.join(root, 'packaging', 'README.md'), path.join(stage, 'README.md'));
  for (const model of readdirSync(path.join(root, 'models'))) {
    cpSync(path.join(root, 'models', model), path.join(stage, 'models', model), {
      recursive: true,
      // How a model was made is in the repository.
      filter: (file) => path.basename(file) !== 'training',
    });
  }
  const native = ['onnxruntime-node', 'onnxruntime-common'].map((name) => path.join(packages, name));
  writeFileSync(
    path.join(stage, 'THIRD-PARTY-LICENSES.txt'),
    licencesOf([...packagesIn(inputs, root), ...native]),
  );
}

/** onnxruntime-node with one platform's binaries, and without its installer. */
function stageRuntime(modules, folder) {
  const target = path.join(modules, 'onnxruntime-node');
  const code = (file) => statSync(file).isDirectory() || /\.(js|mjs|cjs|json)$/.test(file);
  const { name, version, license, main, type } = JSON.parse(
    readFileSync(path.join(onnxruntime, 'package.json'), 'utf8'),
  );
  mkdirSync(target, { recursive: true });
  writeFileSync(
    path.join(target, 'package.json'),
    JSON.stringify({ name, version, license, main, type }, null, 2),
  );
  cpSync(path.join(onnxruntime, 'dist'), path.join(target, 'dist'), { recursive: true, filter: code });
  cpSync(path.join(onnxruntime, folder), path.join(target, folder), {
    recursive: true,
    // On a Mac the library lies there twice; the binding loads the one that is named by its major version.
    filter: (file) => !/libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(file),
  });
  const common = path.join(packages, 'onnxruntime-common');
  const commonTarget = path.join(modules, 'onnxruntime-common');
  cpSync(path.join(common, 'package.json'), path.join(commonTarget, 'package.json'));
  cpSync(path.join(common, 'dist'), path.join(commonTarget, 'dist'), { recursive: true, filter: code });
}

/** The command line without the editor's part. */
function stageCommandLine(target, stage) {
  cpSync(stage, target, {
    recursive: true,
    filter: (file) => !/[/\\](media|webview|extension\.cjs)$/.test(file),
  });
  const { name, version, license, type, engines, bin } = manifest;
  writeFileSync(
    path.join(target, 'package.json'),
    JSON.stringify({ name, version, license, type, engines: { node: engines.node }, bin }, null, 2),
  );
}
