import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { extensionId, higan, nativeCode, open } from './window';

const root = process.env.HIGAN_TEST_ROOT ?? '';

interface Contributed {
  command: string;
  title: string;
  icon?: string;
  enablement?: string;
}

const contributed = (): Contributed[] =>
  (
    JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      contributes: { commands: Contributed[] };
    }
  ).contributes.commands;

describe('activation', () => {
  it('happens when an experiment is opened', async () => {
    await open('bedroom.higan.yaml');
    await higan();
    assert.equal(vscode.extensions.getExtension(extensionId)?.isActive, true);
  });

  it('loads no native code into the extension host', async () => {
    await higan();
    assert.deepEqual(nativeCode(), []);
  });

  it('starts no process by itself', async () => {
    const { inference } = await higan();
    assert.equal(inference.state.kind, 'off');
  });
});

describe('commands', () => {
  it('are all registered', async () => {
    await higan();
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed().filter(({ command }) => !known.has(command)),
      [],
    );
  });

  it('have an icon, an enablement clause, and a place in the documentation', () => {
    const docs = readFileSync(path.join(root, 'docs', 'extension.md'), 'utf8');
    for (const { command, title, icon, enablement } of contributed()) {
      assert.ok(icon, `${command} has an icon`);
      assert.ok(enablement, `${command} has an enablement clause`);
      assert.ok(docs.includes(title), `docs/extension.md explains '${title}'`);
    }
  });

  it('make a new experiment without a mistake in it', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0].uri;
    const file = await vscode.commands.executeCommand<vscode.Uri>('higan.newExperiment', {
      ...{ folder, name: 'made', generator: 'rooms', predictors: ['rooms', 'color'], samples: 4000 },
    });
    const { experiments } = await higan();
    const judged = await experiments.judge(await vscode.workspace.openTextDocument(file));
    assert.deepEqual(judged.diagnostics, []);
    assert.equal(judged.resolved?.probe.samples, 4000);
    await vscode.workspace.fs.delete(file);
  });

  it('do not overwrite an experiment that is there', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0].uri;
    const made = await vscode.commands.executeCommand('higan.newExperiment', {
      ...{ folder, name: 'bedroom', generator: 'rooms', predictors: ['color'], samples: 4000 },
    });
    assert.equal(made, undefined);
  });
});
