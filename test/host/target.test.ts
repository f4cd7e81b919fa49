import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { StudyPanel } from '../../src/extension/panels/panel';
import {
  answering,
  choosing,
  eventually,
  higan,
  inWorkspace,
  problems,
  toyModel,
  type,
  write,
} from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const lengthy = (seed: number): string => `generator: toy
predictors: [toy]
seed: ${seed}
probe: { samples: 400000, positives: 100, negatives: 100 }
rescore: { samples: 20, layers: none, nulls: 2 }
`;

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(`higan.${command}`, ...args);

const [first, second, third] = ['first', 'second', 'third'].map((name) =>
  inWorkspace(`target-${name}.higan.yaml`),
);

/** Starts a study, and comes back when it scores images. */
async function begun(experiment: vscode.Uri): Promise<{ ended: Promise<string> }> {
  const { studies } = await higan();
  const ended = studies.run(experiment).then(
    () => 'done',
    (error: Error) => error.name,
  );
  await eventually(
    'it scores images',
    () => (studies.peek(experiment)?.run.progress?.done ?? 0) > 0,
    120_000,
  );
  return { ended };
}

/** Puts a panel in front; a panel calls itself active from the first, and is told later what it is. */
async function toFront({ panel }: StudyPanel): Promise<void> {
  panel.reveal(vscode.ViewColumn.Two, false);
  for (let looks = 0; looks < 5; looks++) {
    await sleep(100);
    await eventually(
      'the panel is in front, and no text',
      () => panel.active && vscode.window.activeTextEditor === undefined,
    );
  }
}

before(toyModel);

describe('a command without an argument', () => {
  before(async () => {
    // A ranking that an earlier test left open would follow the file in front.
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const [k, uri] of [first, second, third].entries())
      await vscode.workspace.fs.writeFile(uri, Buffer.from(lengthy(81 + k)));
  });

  it('cancels the run that there is, whatever is in front', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { ended } = await begun(first);
    await vscode.window.showTextDocument(second, { viewColumn: vscode.ViewColumn.One });
    const said = await answering({}, () => run('cancel'));
    assert.equal(await ended, 'CancelledError');
    assert.deepEqual(said, []);
    assert.deepEqual(studies.underWay, []);
  });

  it('asks which of several runs is cancelled, unless one of them is in front', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { ended: firstEnded } = await begun(first);
    const { ended: secondEnded } = await begun(second);
    await vscode.window.showTextDocument(third, { viewColumn: vscode.ViewColumn.One });
    await answering({}, () => run('cancel'));
    assert.equal(studies.underWay.length, 2, 'nothing chosen, nothing cancelled');
    const offered: string[] = [];
    await answering(
      {
        showQuickPick: (items) => {
          offered.push(...(items as { label: string }[]).map(({ label }) => label));
          return choosing('second')(items);
        },
      },
      () => run('cancel'),
    );
    assert.deepEqual(offered, ['target-first', 'target-second']);
    assert.equal(await secondEnded, 'CancelledError');
    assert.deepEqual(
      studies.underWay.map((uri) => uri.toString()),
      [first.toString()],
    );
    await run('cancel');
    assert.equal(await firstEnded, 'CancelledError');
    assert.deepEqual(await answering({}, () => run('cancel')), ['No study is running.']);
    assert.deepEqual(await answering({}, () => run('cancel', third)), ["'target-third' is not running."]);
  });

  it('is about the experiment of the panel that is in front', async function () {
    this.timeout(long);
    const { panels } = await higan();
    await vscode.window.showTextDocument(second, { viewColumn: vscode.ViewColumn.One });
    const heatmap = await panels.open('heatmap', first, {});
    await toFront(heatmap);
    assert.deepEqual(await answering({}, () => run('showRanking')), []);
    const ranking = await eventually('its ranking is shown', () => panels.find('ranking', first));
    // Not `equal`: a difference would be printed, and a panel holds the whole extension.
    assert.ok(!panels.find('ranking', second), 'the file in front is not meant');

    // The button above a panel hands over the panel's own address.
    await toFront(heatmap);
    const address = vscode.Uri.from({ scheme: 'webview-panel', path: 'webview-panel/webview-1' });
    await answering({}, () => run('showEntanglement', address));
    const entanglement = await eventually('so is the other', () => panels.find('entanglement', first));
    for (const panel of [heatmap, ranking, entanglement]) panel.dispose();

    await vscode.window.showTextDocument(second, { viewColumn: vscode.ViewColumn.One });
    await run('showRanking');
    const own = await eventually('a file in front is meant again', () => panels.find('ranking', second));
    own.dispose();
  });

  it('is offered above panels: Run or Cancel, and the ranking', () => {
    const root = process.env.HIGAN_TEST_ROOT ?? '';
    const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      contributes: { menus: { 'editor/title': { command: string; when: string }[] } };
    };
    const above = contributes.menus['editor/title'].filter(({ when }) =>
      when.startsWith('activeWebviewPanelId =~ /^higan\\./'),
    );
    assert.deepEqual(
      above.map(({ command, when }) => [command, when.split(' && ')[1]]),
      [
        ['higan.run', '!higan.runningActive'],
        ['higan.cancel', 'higan.runningActive'],
        ['higan.showRanking', "activeWebviewPanelId != 'higan.ranking'"],
      ],
    );
  });

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
});

describe('a document that only has the path of an experiment', () => {
  const text = 'generator: rooms\nsead: 1\n';

  before(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('as the old side of a comparison has, is neither checked, followed nor run', async () => {
    const { panels, studies } = await higan();
    // Git's own extension need not be there.
    const provider = vscode.workspace.registerTextDocumentContentProvider('earlier', {
      provideTextDocumentContent: () => text,
    });
    const { document } = await write('compared.higan.yaml', text);
    const old = await vscode.workspace.openTextDocument(document.uri.with({ scheme: 'earlier' }));
    assert.equal(old.languageId, 'yaml');
    const ranking = await panels.open('ranking', document.uri, {});
    assert.equal(ranking.panel.title, 'Ranking: compared.higan.yaml', 'it is no namesake');
    await vscode.window.showTextDocument(old, { viewColumn: vscode.ViewColumn.One, preview: false });
    await eventually('the file itself is checked', () => problems(document.uri).length > 0);
    await sleep(500);
    assert.deepEqual(problems(old.uri), []);
    assert.equal(ranking.experiment.toString(), document.uri.toString());
    ranking.dispose();

    await eventually('the old side is in front', () => vscode.window.activeTextEditor?.document === old);
    const asked: unknown[] = [];
    const showQuickPick = (_items: unknown, options: unknown): void => void asked.push(options);
    await answering({ showQuickPick }, () => run('run', old.uri));
    assert.deepEqual(asked, [{ title: 'Which experiment?' }]);
    assert.deepEqual(studies.underWay, []);
    provider.dispose();
  });

  it('because it is to be saved there for the first time, is an experiment', async () => {
    await higan();
    const uri = inWorkspace('to-be-saved.higan.yaml').with({ scheme: 'untitled' });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await type(document, text);
    await eventually('it is checked', () => problems(uri).length > 0);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
