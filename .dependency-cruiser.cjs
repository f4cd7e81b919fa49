/** Who may import whom: the third column of the table in docs/architecture.md, and the proofs that go with it. */
const into = (...folders) => ({ path: folders.map((f) => `^src/${f}`) });
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: allowed.map((f) => `^src/${f}`) },
});

/** The parts of the engine that are not the study, which puts them together, and whom each may import beside itself. */
const engineParts = {
  experiment: ['protocol', 'engine/manifest', 'engine/yaml', 'engine/formats'],
  manifest: ['protocol', 'engine/yaml', 'engine/formats'],
  yaml: ['protocol'],
  latent: [],
  graph: ['protocol', 'engine/manifest'],
  session: ['protocol', 'engine/graph'],
  boundary: ['engine/latent'],
  statistics: ['protocol', 'engine/latent'],
  store: ['protocol', 'engine/formats'],
  revisions: ['protocol'],
  formats: ['protocol'],
};
const engineRules = Object.entries(engineParts).map(([part, others]) =>
  only(
    `engine-${part}-imports`,
    `engine/${part}`,
    // Its own small files beside the folders serve all of the engine.
    [`engine/${part}/`, 'engine/[^/]+$', ...others.map((other) => `${other}/`)],
    'docs/architecture.md says why the parts are apart.',
  ),
);

module.exports = {
  forbidden: [
    ...engineRules,
    only(
      'protocol-stands-alone',
      'protocol',
      ['protocol/'],
      'What crosses a boundary depends on nothing of ours.',
    ),
    only(
      'engine-is-pure',
      'engine',
      ['protocol/', 'engine/'],
      'The method knows neither VS Code nor the DOM.',
    ),
    only(
      'inference-entry',
      'inference',
      ['protocol/', 'engine/', 'inference/'],
      'The process wraps the engine.',
    ),
    only('cli-entry', 'cli', ['protocol/', 'engine/', 'cli/'], 'The command line wraps the engine.'),
    only(
      'extension-reads-only',
      'extension',
      [
        'protocol/',
        'extension/',
        'engine/experiment/',
        'engine/manifest/',
        'engine/yaml/',
        'engine/store/read',
        'engine/revisions/',
      ],
      'The extension host parses and reads; it never computes.',
    ),
    only('webview-stands-alone', 'webview', ['protocol/', 'webview/'], 'Panels see messages only.'),
    {
      name: 'protocol-imports-its-schema-library-only',
      severity: 'error',
      from: { path: '^src/protocol/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/zod' },
    },
    {
      name: 'no-native-code-in-the-extension-host',
      comment: 'Reachable, not only imported: nothing the extension loads may pull in ONNX Runtime.',
      severity: 'error',
      from: {
        path: '^src/(extension|engine/experiment|engine/manifest|engine/yaml|engine/store/read|engine/revisions)',
      },
      to: { path: 'onnxruntime', reachable: true },
    },
    {
      name: 'vscode-in-the-extension-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/extension/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'onnxruntime-in-session-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/session/' },
      to: { path: 'onnxruntime' },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'webview-libraries',
      severity: 'error',
      from: { path: '^src/webview/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'core'],
        pathNot: 'node_modules/(lit|@lit|lit-html|lit-element|@vscode/webview-ui-toolkit|@microsoft/fast)',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(dist|out)/' },
  },
};
