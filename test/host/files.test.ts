import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Renewal, Snapshot } from '../../src/protocol/panels';
import type { StudyResult } from '../../src/protocol/results';
import type { ComparePanel } from '../../src/extension/panels/compare';
import type { StudyPanel } from '../../src/extension/panels/panel';
import {
  answering,
  choosing,
  eventually,
  heard,
  higan,
  inWorkspace,
  problems,
  terminal,
  toyModel,
  type,
  write,
} from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const small = (seed: number, samples = 2000): string => `generator: toy
predictors: [toy]
seed: ${seed}
concepts: [attribute/one, attribute/two]
probe: { samples: ${samples}, positives: 100, negatives: 100 }
rescore: { samples: 20, layers: none, nulls: 2 }
`;

const snapshot = async (panel: StudyPanel): Promise<Snapshot> =>
  (await panel.answer('subscribe', {})) as Snapshot;

async function renameFile(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(from, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

async function hasBegun(experiment: vscode.Uri): Promise<void> {
  const { studies } = await higan();
  const done = (): number => studies.peek(experiment)?.run.progress?.done ?? 0;
  await eventually('it has begun', () => done() > 0, 120_000);
}

/** Experiments that the tree shows, by their file's name, with what it says of each. */
async function inTree(): Promise<Map<string, string>> {
  const { tree } = await higan();
  const shown = new Map<string, string>();
  for (const item of await tree.getChildren()) {
    const { description } = await tree.getTreeItem(item);
    shown.set(path.basename(item.experiment.fsPath), String(description));
  }
  return shown;
}

before(toyModel);

describe('two experiments at once', () => {
  it('each finish with their own results, and their panels are told of their own', async function () {
    this.timeout(long);
    const { studies, panels } = await higan();
    const names = ['left', 'right'];
    const samples = [30_000, 20_000];
    const uris: vscode.Uri[] = [];
    for (const [k, name] of names.entries())
      uris.push((await write(`${name}.higan.yaml`, small(31 + k, samples[k]))).document.uri);
    const open: StudyPanel[] = [];
    for (const uri of uris) {
      const panel = await panels.open('ranking', uri, {});
      // Side by side: a hidden panel has no page to tell.
      panel.panel.reveal(open.length === 0 ? vscode.ViewColumn.Two : vscode.ViewColumn.Three);
      await eventually('it has loaded', () => panel.isSubscribed);
      open.push(panel);
    }
    const events = open.map(heard);
    const [first, second] = await Promise.all(uris.map((uri) => studies.run(uri)));
    assert.deepEqual([first.probed, second.probed], samples);
    assert.deepEqual([first.seed, second.seed], [31, 32]);
    for (const [k, panel] of open.entries()) {
      const totals = events[k].flatMap(({ name, data }) => {
        const { progress } = data as Snapshot['run'];
        return name === 'progress' && progress?.stage === 'probe' ? [progress.total] : [];
      });
      assert.deepEqual([...new Set(totals)], [samples[k]], `${names[k]} is told of its own progress`);
      const seeds = events[k].flatMap(({ name, data }) =>
        name === 'results' ? [(data as { study: StudyResult }).study.seed] : [],
      );
      assert.deepEqual([...new Set(seeds)], [31 + k], `${names[k]} is told of its own results`);
      const { study, run, currency } = await snapshot(panel);
      assert.deepEqual([study?.seed, run.state, run.problem, currency], [31 + k, 'idle', null, 'current']);
      panel.dispose();
    }
  });
});

/** An experiment that is still to be saved, with this text. */
async function begin(name: string, text: string): Promise<vscode.TextDocument> {
  const uri = inWorkspace(name).with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  await type(document, text);
  return document;
}

describe('a new experiment', () => {
  it('keeps its panels, and its study that runs, when it is saved for the first time', async function () {
    this.timeout(long);
    const { studies, panels } = await higan();
    const file = inWorkspace('fresh.higan.yaml');
    const document = await begin('fresh.higan.yaml', small(91, 40_000));
    const panel = await panels.open('heatmap', document.uri, {});
    const running = studies.run(document.uri);
    await hasBegun(document.uri);
    assert.ok(await document.save());
    await eventually('the panel follows', () => panel.experiment.toString() === file.toString());
    assert.deepEqual(studies.underWay.map(String), [file.toString()]);
    await running;
    const { run, result } = await studies.get(file);
    assert.deepEqual([run.state, run.problem, result?.seed], ['idle', null, 91]);
    assert.equal((await snapshot(panel)).currency, 'current');
    panel.dispose();
  });

  it('that is saved under another name is followed there, and one that is thrown away nowhere', async () => {
    const { panels } = await higan();
    const [kept, thrown] = [
      await begin('kept.higan.yaml', small(92)),
      await begin('thrown.higan.yaml', small(93)),
    ];
    const open: StudyPanel[] = [];
    for (const { uri } of [kept, thrown]) open.push(await panels.open('heatmap', uri, {}));
    // What the editor does when somebody has chosen a name: it writes the text there, then closes the new document.
    const { document: chosen } = await write('chosen.higan.yaml', small(94));
    await type(chosen, small(92));
    assert.ok(await chosen.save());
    for (const document of [kept, thrown]) {
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await eventually('it is closed', () => document.isClosed);
    }
    await eventually('a panel follows', () => open[0].experiment.toString() === chosen.uri.toString());
    assert.equal(open[1].experiment.toString(), thrown.uri.toString());
    for (const panel of open) panel.dispose();
  });
});

describe('an experiment that is closed and opened again', () => {
  it('goes on above the versions that its preview knows', async () => {
    const { panels } = await higan();
    const uri = inWorkspace('again.higan.yaml');
    await vscode.workspace.fs.writeFile(uri, Buffer.from(small(95)));
    // By hand, as a person would: what is opened for an extension stays open for minutes.
    await vscode.commands.executeCommand('vscode.open', uri, { viewColumn: vscode.ViewColumn.One });
    const documentOf = (): vscode.TextDocument | undefined =>
      vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString() && !one.isClosed);
    const document = await eventually('it is open', documentOf);
    const panel = await panels.open('preview', uri, {});
    const version = async (): Promise<number> =>
      ((await panel.answer('follow', { name: null })) as { version: number }).version;
    for (const seed of [96, 97, 98]) await type(document, small(seed));
    const known = await version();
    await document.save();
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await eventually('it is closed', () => document.isClosed);
    // With the same text the editor would go on counting where it was.
    await vscode.workspace.fs.writeFile(uri, Buffer.from(small(101)));
    assert.ok((await version()) > known);
    assert.equal(documentOf()?.version, 1, 'the editor counts anew');
    panel.dispose();
  });
});

describe('a renamed experiment', () => {
  const old = inWorkspace('before.higan.yaml');
  const renamed = inWorkspace('after.higan.yaml');

  it('keeps its results, its open panel and its place in the tree', async function () {
    this.timeout(long);
    const { studies, panels, experiments } = await higan();
    const { document } = await write('before.higan.yaml', small(41));
    const result = await studies.run(document.uri);
    const panel = await panels.open('ranking', old, {});
    await renameFile(old, renamed);
    await eventually('the panel follows', () => panel.experiment.toString() === renamed.toString());
    const store = await studies.store(renamed);
    await eventually('the store knows it by its new name', () => store.readLatest(renamed.fsPath));
    assert.equal(await store.readLatest(old.fsPath), null);
    const study = await studies.get(renamed);
    assert.deepEqual(study.result, result);
    const now = await experiments.document(renamed);
    assert.ok(studies.isCurrent(study, await experiments.judge(now)));
    assert.equal(panel.panel.title, 'Ranking: after.higan.yaml');
    const { study: shown, cannotRun } = await snapshot(panel);
    assert.deepEqual([shown?.seed, cannotRun], [41, null]);
    const tree = await inTree();
    assert.ok(tree.has('after.higan.yaml') && !tree.has('before.higan.yaml'), [...tree.keys()].join(', '));
    assert.match(tree.get('after.higan.yaml') ?? '', /of 2 move/);
    panel.dispose();
  });

  it('stays what another is compared with, in a comparison in view and in a hidden one', async () => {
    const { panels } = await higan();
    const [first, second, third] = ['first', 'second', 'third'].map((name) =>
      inWorkspace(`${name}-b.higan.yaml`),
    );
    await write('first-b.higan.yaml', small(44));
    const { document } = await write('side-a.higan.yaml', small(45));
    const panel = (await panels.open('compare', document.uri, {})) as ComparePanel;
    panel.panel.reveal();
    const choose = async (items: unknown): Promise<unknown> => choosing('first-b')(await items);
    await answering({ showQuickPick: choose }, () =>
      vscode.commands.executeCommand('higan.compare', document.uri),
    );
    await eventually('it is compared', () => panel.asked?.right?.experiment === first.toString());
    const ranking = await panels.open('ranking', document.uri, {});
    const hide = async (): Promise<void> => {
      ranking.panel.reveal(panel.panel.viewColumn);
      await eventually('another hides the comparison', () => !panel.panel.visible);
    };
    /** What the page asks for when it is loaded anew: it is the one that keeps what is compared. */
    const kept = async (): Promise<string> => {
      panel.asked = null;
      panel.panel.reveal();
      return eventually('the page asks', () => panel.asked?.right?.experiment);
    };
    await hide();
    assert.equal(await kept(), first.toString());
    const events = heard(panel);
    await renameFile(first, second);
    await eventually('the page is told', () => events.some(({ name }) => name === 'chosen'));
    await hide();
    assert.equal(await kept(), second.toString());
    await hide();
    await renameFile(second, third);
    assert.equal(await kept(), third.toString());
    await hide();
    assert.equal(await kept(), third.toString());
    for (const each of [panel, ranking]) each.dispose();
  });

  it('goes on when it is renamed in the middle of its run', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write('midway.higan.yaml', small(42, 40_000));
    const to = inWorkspace('arrived.higan.yaml');
    const running = studies.run(document.uri);
    await hasBegun(document.uri);
    await renameFile(document.uri, to);
    assert.equal(studies.isRunning(to), true);
    const { seed } = await running;
    assert.equal(seed, 42);
    const store = await studies.store(to);
    await eventually('its result is kept under the new name', () => store.readLatest(to.fsPath));
    assert.deepEqual((await studies.get(to)).run.state, 'idle');
    assert.equal((await studies.get(to)).result?.seed, 42);
  });

  it('keeps its study where its new name is being looked up already', async () => {
    const { studies } = await higan();
    const { document } = await write('early.higan.yaml', small(44));
    const to = inWorkspace('late.higan.yaml');
    const study = await studies.get(document.uri);
    const own = studies.store.bind(studies);
    let read: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (read = resolve));
    studies.store = (experiment) => slow.then(() => own(experiment));
    try {
      const found = studies.get(to);
      await renameFile(document.uri, to);
      await eventually('it goes by its new name', () => studies.peek(to) === study);
      read();
      await found;
      assert.ok(studies.peek(to) === study);
    } finally {
      studies.store = own;
    }
  });

  it('says what to do when it was moved away from its results', async () => {
    const { studies } = await higan();
    const away = inWorkspace('other/moved.higan.yaml');
    const said = await answering({}, async () => {
      await renameFile(renamed, away);
      await eventually('its results are not there', () => studies.peek(away)?.result === null);
    });
    assert.match(
      said[0],
      /'moved.higan.yaml' was moved away from its results, which stay in .*\.higan\. Move it back/,
    );
    await renameFile(away, renamed);
    await eventually('they are again', () => studies.peek(renamed)?.result?.seed === 41);
  });

  it('comes along with its results when the folder around both is renamed', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write('drawer/inside.higan.yaml', small(43));
    await studies.run(document.uri);
    await renameFile(inWorkspace('drawer'), inWorkspace('box'));
    const moved = inWorkspace('box/inside.higan.yaml');
    await eventually('it is known by its new place', () => studies.peek(moved)?.path?.includes('box'));
    assert.equal(studies.peek(moved)?.result?.seed, 43);
  });
});

describe('a deleted experiment', () => {
  it('leaves no problems and no place in the tree; its panel says that it is gone', async function () {
    this.timeout(long);
    const { panels, experiments } = await higan();
    const { document } = await write('doomed.higan.yaml', `${small(51)}nonsense: 1\n`);
    await eventually('its mistake is marked', () => problems(document.uri).length > 0);
    const panel = await panels.open('ranking', document.uri, {});
    panel.panel.reveal();
    await eventually('it has loaded', () => panel.isSubscribed);
    const events = heard(panel);
    const edit = new vscode.WorkspaceEdit();
    edit.deleteFile(document.uri);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await eventually('its problems are gone', () => problems(document.uri).length === 0);
    const told = await eventually('its panel is told', () =>
      events.find(
        ({ name, data }) =>
          name === 'snapshot' && (data as Renewal).cannotRun === 'The file of this experiment is gone.',
      ),
    );
    assert.ok(!(await inTree()).has('doomed.higan.yaml'));
    // Background documents outlive their files: asking again must not bring anything back.
    await experiments.document(document.uri).then(
      (again) => experiments.judge(again),
      () => undefined,
    );
    assert.deepEqual(problems(document.uri), []);
    await vscode.workspace.fs.writeFile(document.uri, Buffer.from(small(51)));
    await eventually('the panel is told that it is back', () =>
      events.some(({ name, data }, at) => {
        return at > events.indexOf(told) && name === 'snapshot' && (data as Renewal).cannotRun === null;
      }),
    );
    panel.dispose();
  });
});

describe('what a terminal writes into the store', () => {
  const file = inWorkspace('shared.higan.yaml');

  it('shows in open panels: results', async function () {
    this.timeout(long);
    const { panels } = await higan();
    await write('shared.higan.yaml', small(61));
    const panel = await panels.open('ranking', file, {});
    panel.panel.reveal();
    await eventually('it has loaded', () => panel.isSubscribed);
    assert.equal((await snapshot(panel)).study, null);
    const events = heard(panel);
    await terminal('run', file.fsPath, '--device', 'cpu');
    const told = await eventually('the panel is told', () =>
      events.find(
        ({ name, data }) => name === 'snapshot' && (data as Renewal).study?.study.stages.includes('rank'),
      ),
    );
    assert.equal((told.data as Renewal).study?.study.seed, 61);
    assert.equal((told.data as Renewal).currency, 'current');
    assert.match((await inTree()).get('shared.higan.yaml') ?? '', /of 2 move/);
  });

  it('shows in open panels: an imported direction makes the results those of before', async function () {
    this.timeout(long);
    const { panels } = await higan();
    const panel = panels.find('ranking', file);
    assert.ok(panel);
    const events = heard(panel);
    const folder = inWorkspace('directions').fsPath;
    await terminal('boundary', 'export', file.fsPath, '--out', folder);
    const exported = readdirSync(folder).find((name) => name.startsWith('two') && name.endsWith('.npy'));
    assert.ok(exported, readdirSync(folder).join(', '));
    await terminal('boundary', 'import', file.fsPath, 'attribute/one', path.join(folder, exported));
    await eventually('the panel is told', () =>
      events.some(({ name, data }) => name === 'snapshot' && (data as Renewal).currency === 'outdated'),
    );
    await terminal('boundary', 'forget', file.fsPath, 'attribute/one');
    await eventually('and when it is forgotten again', () => {
      const last = events.findLast(({ name }) => name === 'snapshot');
      return (last?.data as Renewal | undefined)?.currency === 'current';
    });
  });

  it('makes a verdict stale when the numbers of its concept are others, on the same experiment too', async () => {
    const { panels, studies } = await higan();
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const panel = panels.find('ranking', file);
    assert.ok(panel);
    for (const concept of ['attribute/one', 'attribute/two'])
      await panel.answer('setReview', { experiment: file.toString(), concept, entry: { verdict: 'unsure' } });
    assert.match(document.getText(), /result: [0-9a-f]{12}-[0-9a-f]{12}/);
    const stale = async (): Promise<Record<string, boolean>> =>
      Object.fromEntries(
        Object.entries((await snapshot(panel)).review).map(([concept, entry]) => [concept, entry.stale]),
      );
    assert.deepEqual(await stale(), { 'attribute/one': false, 'attribute/two': false });

    // As another device would write it: one concept's numbers in the last digits, the experiment the same.
    const { path: stored } = await studies.get(file);
    assert.ok(stored && existsSync(stored));
    const result = JSON.parse(readFileSync(stored, 'utf8')) as StudyResult;
    const one = result.concepts.find(({ concept }) => concept === 'attribute/one')?.effect;
    assert.ok(one);
    one.delta += 1e-6;
    writeFileSync(stored, JSON.stringify(result));
    const pointers = inWorkspace('.higan/experiments').fsPath;
    const pointer = path.join(pointers, 'shared.higan.yaml.json');
    writeFileSync(pointer, readFileSync(pointer));
    await eventually('the changed one is marked', async () => (await stale())['attribute/one']);
    assert.deepEqual(await stale(), { 'attribute/one': true, 'attribute/two': false });
    const [problem] = await eventually('and told in the file', () => {
      const found = problems(file).filter(({ code }) => code === 'stale-verdict');
      return found.length > 0 && found;
    });
    assert.equal(document.getText(problem.range), 'attribute/one');
    await type(document, small(61));
    panel.dispose();
  });
});
