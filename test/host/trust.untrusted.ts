import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Snapshot } from '../../src/protocol/panels';
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

  for (const kind of ['ranking', 'heatmap'] as const) {
    it(`shows stored results in the ${kind}, with the reason why nothing can be run`, async () => {
      const { panels, inference } = await higan();
      const { document } = await open('stored.higan.yaml');
      const panel = await panels.open(kind, document.uri, {});
      await eventually('its page asked for its data', () => panel.isSubscribed);
      const { study, currency, cannotRun } = (await panel.answer('subscribe', {})) as Snapshot;
      const moves = study?.concepts.map(({ concept, effect, layers }) => [
        concept,
        effect?.moves,
        layers?.map((layer) => layer.moves),
      ]);
      assert.deepEqual(Object.fromEntries((moves ?? []).map(([concept, ...found]) => [concept, found])), {
        'attribute/one': [true, [true, false]],
        'attribute/two': [true, [false, true]],
      });
      assert.deepEqual(
        study?.layerSets.map(({ name }) => name),
        ['bottom', 'top'],
      );
      assert.equal(currency, 'current');
      assert.match(cannotRun ?? '', /not trusted/);
      assert.deepEqual(panel.problems, [], 'the page drew it without a fault');
      assert.equal(inference.state.kind, 'off', 'and no process was needed');
    });
  }

  it('shows stored results in the file: ranks, hover cards and lenses', async () => {
    const { document } = await open('stored.higan.yaml');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const commands = lenses.map(({ command }) => command?.command);
    assert.ok(commands.includes('higan.showRanking'), commands.join(', '));
  });
});
