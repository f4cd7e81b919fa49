import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

const id = 'higan-studio.higan-studio';

describe('activation', () => {
  it('is there, and becomes active when an experiment is opened', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension);
    const [file] = await vscode.workspace.findFiles('bedroom.higan.yaml');
    await vscode.window.showTextDocument(file);
    await extension.activate();
    assert.ok(extension.isActive);
  });
});
