/** What makes the extension's one file quick to load, built and packed alike. */
import { lazyModules } from './lazy-modules.mjs';
import { vscodeApi } from './vscode-api.mjs';

/** esbuild plugins. @param root the project */
export const extensionPlugins = (root) => [
  vscodeApi(root),
  lazyModules(root, ['fast-png', 'picomatch', 'yaml']),
];
