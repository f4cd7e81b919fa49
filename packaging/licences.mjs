/** The licences of what is inside the bundles: every package that esbuild read a file of. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The text of THIRD-PARTY-LICENSES.txt for these packages' folders. */
export function licencesOf(folders) {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(path.join(folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return parts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folders of the packages that esbuild's inputs lie in, each once, by name. */
export function packagesIn(inputs, root) {
  const folders = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'));
    if (match && existsSync(path.join(root, match[1], 'package.json')))
      folders.add(path.join(root, match[1]));
  }
  return [...folders].sort();
}
