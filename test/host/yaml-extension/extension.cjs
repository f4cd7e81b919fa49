/** Completes the top-level keys of the schema that the extension under test contributes. */
const { readFileSync } = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

exports.activate = (context) => {
  const { extensionPath, packageJSON } = vscode.extensions.getExtension('higan-studio.higan-studio');
  const [{ url }] = packageJSON.contributes.yamlValidation;
  const { properties } = JSON.parse(readFileSync(path.join(extensionPath, url), 'utf8'));
  context.subscriptions.push(
    vscode.languages.registerCompletionItemProvider('yaml', {
      provideCompletionItems: () =>
        Object.keys(properties).map(
          (key) => new vscode.CompletionItem(key, vscode.CompletionItemKind.Property),
        ),
    }),
  );
};
