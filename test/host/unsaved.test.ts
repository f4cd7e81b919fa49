import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Snapshot } from '../../src/protocol/panels';
import { writeLinearModel } from '../fixtures/linear-model';
import { answering, choosing, higan, inWorkspace, toyModel, type, write } from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const small = (seed: number, model = 'toy'): string => `generator: ${model}
predictors: [${model}]
seed: ${seed}
probe: { samples: 2000, positives: 100, negatives: 100 }
rescore: { samples: 20, layers: none, nulls: 2 }
`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

before(toyModel);

/** In a browser the editor saves by itself where nobody says otherwise. */
const autoSave = (value: 'off' | undefined): Thenable<void> =>
  vscode.workspace.getConfiguration('files').update('autoSave', value, vscode.ConfigurationTarget.Global);

describe('an unsaved text', () => {
  before(() => autoSave('off'));
  after(() => autoSave(undefined));

  it('is what is run, under the hash of the text in the editor', async function () {
    this.timeout(long);
    const { studies, panels } = await higan();
    const { document } = await write('unsaved.higan.yaml', small(71));
    await type(document, `# Not saved.\n${small(72)}`);
    assert.equal(document.isDirty, true);
    const text = document.getText();
    const result = await studies.run(document.uri);
    assert.equal(document.isDirty, true, 'saving is left to the person');
    assert.equal(readFileSync(document.uri.fsPath, 'utf8'), small(71));
    assert.equal(result.seed, 72);
    assert.equal(result.provenance.text, sha256(text));
    const store = await studies.store(document.uri);
    assert.equal((await store.readPointer(document.uri.fsPath))?.text, sha256(text));

    const ranking = await panels.open('ranking', document.uri, {});
    const currency = async (): Promise<string> =>
      ((await ranking.answer('subscribe', {})) as Snapshot).currency;
    assert.equal(await currency(), 'current');
    await type(document, `${text}probe`);
    assert.equal(await currency(), 'current', 'who types has not changed its meaning yet');
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    assert.equal(document.getText(), small(71));
    assert.equal(await currency(), 'outdated', 'the saved text means something else');
    ranking.dispose();
  });

  it('is what is exported, with a model of the user’s own folders', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const own = path.join(path.dirname(inWorkspace('').fsPath), 'own-models');
    await writeLinearModel(own, [{ label: 'far', layers: [1], scale: 1 }], { D: 16 });
    const settings = vscode.workspace.getConfiguration('higan');
    await settings.update('modelPaths', [own], vscode.ConfigurationTarget.Global);
    try {
      const { document } = await write('elsewhere.higan.yaml', small(73, path.join(own, 'toy')));
      await type(document, `# Not saved.\n${small(74, path.join(own, 'toy'))}`);
      assert.equal(document.isDirty, true);
      await studies.run(document.uri);
      assert.equal(document.isDirty, true);

      const methods = inWorkspace('elsewhere.md');
      const said = await answering(
        { showQuickPick: choosing('Methods'), showSaveDialog: () => methods },
        () => vscode.commands.executeCommand('higan.export', document.uri),
      );
      assert.deepEqual(said, []);
      const text = readFileSync(methods.fsPath, 'utf8');
      assert.doesNotMatch(text, /has (changed|been edited) since/);
      assert.match(text, /\| seed +\| 74 +\|/);
      assert.match(text, /\| predictors +\| toy/, 'what only the file knows is told too');
      assert.ok(text.includes(sha256(document.getText())));

      const folder = inWorkspace('elsewhere-arrays');
      await vscode.workspace.fs.createDirectory(folder);
      const exported = await answering(
        { showQuickPick: choosing('HiGAN layout'), showOpenDialog: () => [folder] },
        () => vscode.commands.executeCommand('higan.export', document.uri),
      );
      assert.deepEqual(exported, [`Exported to ${folder.fsPath}.`]);
      const names = readdirSync(folder.fsPath);
      assert.ok(names.includes('w.npy') && names.includes('far_w_boundary.npy'), names.join(', '));
    } finally {
      await settings.update('modelPaths', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
