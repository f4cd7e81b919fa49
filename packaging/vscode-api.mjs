/**
 * The editor's API as a module with named exports. Left external, every file that imports it would copy its hundred and
 * fifty names when the extension is loaded.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** An esbuild plugin. @param root the project, whose types say what the API's names are */
export function vscodeApi(root) {
  const types = readFileSync(path.join(root, 'node_modules', '@types', 'vscode', 'index.d.ts'), 'utf8');
  const names = new Set(
    [...types.matchAll(/^\texport (?:class|namespace|enum|const) (\w+)/gm)].map(([, name]) => name),
  );
  const namespace = 'vscode-api';
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: /^vscode$/ }, ({ namespace: from }) =>
        from === namespace ? { path: 'vscode', external: true } : { path: 'vscode', namespace },
      );
      build.onLoad({ filter: /.*/, namespace }, () => ({
        // Marked pure, what is not used is left out.
        contents: [
          "const api = require('vscode');",
          ...[...names].map((name) => `export const ${name} = /* @__PURE__ */ (() => api.${name})();`),
        ].join('\n'),
        loader: 'js',
      }));
    },
  };
}
