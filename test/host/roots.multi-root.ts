import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Snapshot } from '../../src/protocol/panels';
import { writeLinearModel } from '../fixtures/linear-model';
import { answering, choosing, completions, eventually, higan } from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

/** Each root has a model of the same name with concepts of its own, and an experiment of the same name. */
const concepts: Record<string, string[]> = { north: ['ice', 'snow'], south: ['sand'] };
const names = Object.keys(concepts);

const text = `generator: toy
predictors: [toy]
probe: { samples: 2000, positives: 100, negatives: 100 }
rescore: { samples: 20, layers: none, nulls: 2 }
`;

const inRoot = (root: string, name: string): vscode.Uri => {
  const folder = vscode.workspace.workspaceFolders?.find((one) => one.name === root);
  assert.ok(folder, `the root ${root} is open`);
  return vscode.Uri.joinPath(folder.uri, name);
};
const experiment = (root: string): vscode.Uri => inRoot(root, 'light.higan.yaml');

before(async () => {
  for (const [root, labels] of Object.entries(concepts)) {
    const planted = labels.map((label, k) => ({ label, layers: [k], scale: 1 }));
    await writeLinearModel(inRoot(root, 'models').fsPath, planted, { D: 16 });
    await vscode.workspace.fs.writeFile(experiment(root), Buffer.from(text));
  }
});

describe('a workspace of two roots', () => {
  it('takes each experiment’s models from its own root', async () => {
    const { experiments } = await higan();
    for (const root of names) {
      const judged = await experiments.judge(await vscode.workspace.openTextDocument(experiment(root)));
      assert.deepEqual(judged.diagnostics, []);
      assert.deepEqual(
        judged.resolved?.concepts,
        concepts[root].map((label) => `attribute/${label}`),
      );
      assert.equal(judged.resolved?.generator.folder, inRoot(root, 'models/toy').fsPath);
    }
  });

  it('completes the concepts of the root that is written in', async () => {
    await higan();
    const file = inRoot('south', 'other.higan.yaml');
    const written = `${text}concepts: [`;
    await vscode.workspace.fs.writeFile(file, Buffer.from(`${written}]\n`));
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const offered = await eventually('concepts are offered', async () => {
      const found = await completions(file, document.positionAt(written.length));
      return found.includes('attribute/sand') && found;
    });
    assert.ok(!offered.includes('attribute/ice'));
    await vscode.workspace.fs.delete(file);
  });

  it('shows the models and the experiments of both', async () => {
    const { models, tree } = await higan();
    const folders = (await models.getChildren()).map(({ folder }) => folder);
    for (const root of names)
      assert.ok(folders.includes(inRoot(root, 'models/toy').fsPath), folders.join(', '));
    const shown = (await tree.getChildren()).map((item) => item.experiment.toString());
    for (const root of names) assert.ok(shown.includes(experiment(root).toString()), shown.join(', '));
  });

  it('runs both at once, each into the store beside it, and shows each in a panel of its own', async function () {
    this.timeout(long);
    const { studies, panels } = await higan();
    await Promise.all(names.map((root) => studies.run(experiment(root))));
    const titles: string[] = [];
    for (const root of names) {
      const study = await studies.get(experiment(root));
      assert.equal(path.dirname(path.dirname(study.path ?? '')), inRoot(root, '.higan').fsPath);
      assert.ok(existsSync(study.path ?? ''));
      const panel = await panels.open('ranking', experiment(root), {});
      const snapshot = (await panel.answer('subscribe', {})) as Snapshot;
      assert.deepEqual(
        snapshot.study?.concepts.map(({ concept }) => concept).sort(),
        concepts[root].map((label) => `attribute/${label}`).sort(),
      );
      titles.push(snapshot.title);
    }
    assert.deepEqual(
      titles,
      ['north/light.higan.yaml', 'south/light.higan.yaml'],
      'told apart by their roots',
    );
  });

  it('checks the models of both', async function () {
    this.timeout(long);
    const { experiments } = await higan();
    const all = new Set<string>();
    for (const root of names)
      for (const { folder } of await experiments.models(experiment(root))) all.add(folder);
    const said = await answering({}, () => vscode.commands.executeCommand('higan.checkModels'));
    assert.match(said.join('\n'), new RegExp(`All ${all.size} models work on \\w+\\.`));
  });

  it('asks which experiment is meant, where none is in front', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const { panels } = await higan();
    await eventually('no editor is in front', () => vscode.window.activeTextEditor === undefined);
    const described: (string | undefined)[] = [];
    await answering(
      {
        showQuickPick: (items) => {
          described.push(...(items as vscode.QuickPickItem[]).map(({ description }) => description));
          return choosing('light')(items);
        },
      },
      () => vscode.commands.executeCommand('higan.showHeatmap'),
    );
    assert.deepEqual(described, ['north/light.higan.yaml', 'south/light.higan.yaml']);
    assert.ok(panels.find('heatmap', experiment('north')));
  });

  it('shows the models of a root that is added, until it is removed', async () => {
    const { models } = await higan();
    const west = mkdtempSync(path.join(os.tmpdir(), 'higan-west-'));
    await writeLinearModel(path.join(west, 'models'), [{ label: 'rain', layers: [0], scale: 1 }], { D: 16 });
    let shown: string[] = [];
    const look = async (): Promise<void> => {
      shown = (await models.getChildren()).map(({ folder }) => folder);
    };
    // As the view does: it asks when it is told, and only then.
    const listening = models.onDidChangeTreeData(look);
    const model = path.join(west, 'models', 'toy');
    try {
      vscode.workspace.updateWorkspaceFolders(names.length, 0, { uri: vscode.Uri.file(west) });
      await eventually('its model is shown', () => shown.includes(model));
      vscode.workspace.updateWorkspaceFolders(names.length, 1);
      await eventually('it is not', () => !shown.includes(model));
    } finally {
      listening.dispose();
      rmSync(west, { recursive: true, force: true });
    }
  });
});
