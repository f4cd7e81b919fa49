/**
 * What Red Hat's YAML extension does for an experiment: its own language server, which npm carries, is told of the schema
 * that the extension under test contributes, and completes, explains and checks.
 */
const { spawn } = require('node:child_process');
const { createRequire } = require('node:module');
const path = require('node:path');
const vscode = require('vscode');

// This folder is copied among the editor's extensions: packages are those of the project.
const fromProject = createRequire(path.join(process.env.HIGAN_TEST_ROOT, 'package.json'));
const program = fromProject.resolve('yaml-language-server/bin/yaml-language-server');
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = createRequire(program)(
  'vscode-languageserver/node',
);

const settings = {
  yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } },
};

/** Milliseconds until it is there: as the real one, later than the extension under test. */
const late = 1500;

exports.activate = async (context) => {
  await new Promise((resolve) => setTimeout(resolve, late));
  const server = spawn(process.execPath, [program, '--stdio'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.onRequest('workspace/configuration', ({ items }) =>
    items.map(({ section }) => settings[section] ?? {}),
  );
  connection.onRequest('client/registerCapability', () => null);
  const diagnostics = vscode.languages.createDiagnosticCollection('yaml');
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics: found }) =>
    diagnostics.set(vscode.Uri.parse(uri), found.map(diagnosticOf)),
  );
  connection.listen();
  context.subscriptions.push(connection, diagnostics, { dispose: () => server.kill() });
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: { completion: { completionItem: { snippetSupport: true } }, publishDiagnostics: {} },
    },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings });
  await connection.sendNotification('json/schemaAssociations', contributedSchemas());
  serve(context, connection);
};

/** The schemas of all extensions, as the real one collects them. */
function contributedSchemas() {
  return vscode.extensions.all.flatMap(({ extensionPath, packageJSON }) =>
    (packageJSON.contributes?.yamlValidation ?? []).map(({ fileMatch, url }) => ({
      fileMatch: [`/${fileMatch}`],
      uri: vscode.Uri.file(path.join(extensionPath, url)).toString(),
    })),
  );
}

function serve(context, connection) {
  const isYaml = ({ languageId }) => languageId === 'yaml';
  const open = (document) =>
    isYaml(document) &&
    connection.sendNotification('textDocument/didOpen', {
      textDocument: {
        uri: document.uri.toString(),
        languageId: 'yaml',
        version: document.version,
        text: document.getText(),
      },
    });
  vscode.workspace.textDocuments.forEach(open);
  const at = (document, position) => ({ textDocument: { uri: document.uri.toString() }, position });
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidCloseTextDocument((document) =>
      connection.sendNotification('textDocument/didClose', {
        textDocument: { uri: document.uri.toString() },
      }),
    ),
    vscode.workspace.onDidChangeTextDocument(
      ({ document }) =>
        isYaml(document) &&
        connection.sendNotification('textDocument/didChange', {
          textDocument: { uri: document.uri.toString(), version: document.version },
          contentChanges: [{ text: document.getText() }],
        }),
    ),
    vscode.languages.registerCompletionItemProvider('yaml', {
      async provideCompletionItems(document, position) {
        const { items } = await connection.sendRequest('textDocument/completion', at(document, position));
        // The protocol counts kinds from 1, the editor from 0.
        return items.map(({ label, kind }) => new vscode.CompletionItem(label, (kind ?? 1) - 1));
      },
    }),
    vscode.languages.registerHoverProvider('yaml', {
      async provideHover(document, position) {
        const hover = await connection.sendRequest('textDocument/hover', at(document, position));
        return hover && new vscode.Hover(new vscode.MarkdownString(hover.contents.value));
      },
    }),
  );
}

function diagnosticOf({ range: { start, end }, message, code }) {
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
  return Object.assign(diagnostic, { source: 'YAML', code });
}
