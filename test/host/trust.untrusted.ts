import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, higan, inWorkspace, open, problems, write } from './window';

describe('a workspace that is not trusted', () => {
  it('is not trusted', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('is checked as you type', async () => {
    await higan();
    const { document } = await write('typing.higan.yaml', 'generator: rooms\nsead: 1\n');
    await eventually('the mistake is marked', () => problems(document.uri).length > 0);
  });

  it('starts no process and runs nothing', async () => {
    const { studies, inference } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    await assert.rejects(studies.run(document.uri), /not trusted/);
    await assert.rejects(studies.plan(document.uri), /not trusted/);
    await vscode.commands.executeCommand('higan.checkModels');
    assert.equal(inference.state.kind, 'off');
  });

  it('reads no model outside, whatever its settings say', async () => {
    const elsewhere = path.join(path.dirname(inWorkspace('').fsPath), '..', 'elsewhere');
    await mkdir(elsewhere, { recursive: true });
    await mkdir(inWorkspace('.vscode').fsPath, { recursive: true });
    await writeFile(
      inWorkspace('.vscode/settings.json').fsPath,
      JSON.stringify({ 'higan.modelPaths': [elsewhere] }),
    );
    const { experiments } = await higan();
    const models = await experiments.models(inWorkspace('bedroom.higan.yaml'));
    assert.deepEqual(
      models.filter(({ origin }) => origin === 'user'),
      [],
    );
  });

  it('shows panels of stored results, with the reason why nothing can be run', async () => {
    const { panels } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const ranking = await panels.open('ranking', document.uri, {});
    const snapshot = (await ranking.answer('subscribe', {})) as { cannotRun: string | null };
    assert.match(snapshot.cannotRun ?? '', /not trusted/);
  });
});
