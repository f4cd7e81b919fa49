/** What ships: code, models, licences and pictures, with the native files of one platform and of no other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test, { describe } from 'node:test';
import { projectRoot } from '../editor/project';
import { packed, tarFiles, zipFiles } from './archives';

const native = /\.(node|so(\.\d+)*|dll|dylib|exe|lib|a)$/;

/** Everything that may be in both; a file that is of none of these kinds has no business there. */
const common = [
  /^package\.json$/,
  // The packager of .vsix files has its own names for these two.
  /^(README|readme)\.md$/,
  /^(LICENSE(\.txt)?|THIRD-PARTY-LICENSES\.txt)$/,
  /^bin\/higan(\.cmd)?$/,
  /^dist\/(higan|inference|[a-z]+\.worker)\.mjs$/,
  /^dist\/node_modules\/onnxruntime-(node|common)\/(package\.json|dist\/.+\.(js|mjs|cjs|json))$/,
  /^models\/[^/]+\/([^/]+\.(onnx|npy)|manifest\.yaml|CARD\.md|LICENSE)$/,
];
const editorOnly = [
  /^dist\/extension\.cjs$/,
  /^dist\/webview\/[a-z]+\.js$/,
  /^media\/.+\.(svg|png|md)$/,
  /^media\/experiment\.schema\.json$/,
];

/** Fails on a file that does not belong, and on native files that are not those of the platform. */
function check(names: readonly string[], target: string, kinds: readonly RegExp[]): void {
  const folder = new RegExp(
    `^dist/node_modules/onnxruntime-node/bin/napi-v\\d+/${target.replace('-', '/')}/[^/]+$`,
  );
  const natives = names.filter((name) => native.test(name));
  assert.deepEqual(
    natives.filter((name) => !folder.test(name)),
    [],
    'native files of other platforms, or in other places',
  );
  const named = natives.map((name) => path.posix.basename(name));
  assert.ok(named.includes('onnxruntime_binding.node'), named.join(', '));
  assert.ok(
    named.some((name) => /^(lib)?onnxruntime\b.*\.(so|dll|dylib)/.test(name)),
    named.join(', '),
  );
  assert.deepEqual(
    names.filter((name) => !folder.test(name) && !kinds.some((kind) => kind.test(name))),
    [],
    'files of no kind that ships',
  );
  // Whatever the kinds above come to allow.
  assert.deepEqual(
    names.filter((name) => /\.map$|\.tsx?$|(^|\/)(test|tests|training|src|out)\/|\.test\./.test(name)),
    [],
    'source maps, tests, or how a model was made',
  );
  for (const needed of ['package.json', 'THIRD-PARTY-LICENSES.txt', 'bin/higan'])
    assert.ok(names.includes(needed), needed);
  assert.ok(names.includes('LICENSE') || names.includes('LICENSE.txt'), 'LICENSE');
  for (const file of ['manifest.yaml', 'synthesis.onnx', 'CARD.md', 'LICENSE'])
    assert.ok(names.includes(`models/rooms/${file}`), file);
}

test('something was packed for this platform', () => {
  const here = `${process.platform}-${process.arch}`;
  for (const kind of ['.vsix', '.tgz'] as const)
    assert.ok(
      packed(kind).some(({ target }) => target === here),
      kind,
    );
});

for (const { file, target } of packed('.vsix')) {
  describe(path.basename(file), () => {
    const all = zipFiles(file);
    const read = (name: string): string => all.get(name)?.() ?? assert.fail(`${name} is missing`);
    const names = [...all.keys()]
      .filter((name) => name.startsWith('extension/'))
      .map((name) => name.slice('extension/'.length));

    test('holds code, models, licences and pictures, and no other platform’s natives', () => {
      check(names, target, [...common, ...editorOnly]);
      const packaging = [...all.keys()].filter((name) => !name.startsWith('extension/')).sort();
      assert.deepEqual(packaging, ['[Content_Types].xml', 'extension.vsixmanifest']);
    });

    test('is offered to that platform only', () => {
      assert.match(read('extension.vsixmanifest'), new RegExp(`TargetPlatform="${target}"`));
    });

    test('has every file that its manifest names', () => {
      const text = read('extension/package.json');
      const { scripts, devDependencies, dependencies } = JSON.parse(text) as Record<string, unknown>;
      assert.deepEqual([scripts, devDependencies, dependencies], [undefined, undefined, undefined]);
      const named = [...text.matchAll(/"(?:\.\/)?((?:media|dist)\/[^"]+)"/g)].map(([, name]) => name);
      assert.ok(named.includes('dist/extension.cjs'));
      assert.deepEqual(
        named.filter((name) => !names.includes(name)),
        [],
      );
    });

    test('points to no source map, and has the licence of everything inside', () => {
      const code = names.filter((name) => /^dist\/[^/]+\.(mjs|cjs)$|^dist\/webview\//.test(name));
      for (const name of code) assert.doesNotMatch(read(`extension/${name}`), /sourceMappingURL=\w/, name);
      const licences = read('extension/THIRD-PARTY-LICENSES.txt');
      const { dependencies } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      for (const name of Object.keys(dependencies)) assert.ok(licences.includes(`${name} `), name);
    });
  });
}

for (const { file, target } of packed('.tgz')) {
  test(`${path.basename(file)} holds the command line and nothing of the editor`, () => {
    check(tarFiles(file), target, common);
  });
}
