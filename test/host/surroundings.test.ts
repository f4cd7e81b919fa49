/** What stands around the editor: status bar, tree, welcome views, menus, the walkthrough, and the keys they depend on. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { statusText, statusTooltip } from '../../src/extension/status';
import { writeLinearModel } from '../fixtures/linear-model';
import { eventually, higan, toyModel, type, write } from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const root = process.env.HIGAN_TEST_ROOT ?? '';
const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  contributes: {
    menus: Record<string, { command: string; when: string }[]>;
    views: { higan: { id: string }[] };
    viewsWelcome: { view: string; when?: string; contents: string }[];
    walkthroughs: {
      steps: { description: string; media: { markdown: string }; completionEvents: string[] }[];
    }[];
  };
};

const small = (seed: number, samples = 2000): string => `generator: toy
predictors: [toy]
seed: ${seed}
probe: { samples: ${samples}, positives: 100, negatives: 100 }
rescore: { samples: 20, layers: none, nulls: 2 }
`;

before(toyModel);

describe('the status bar', () => {
  it('has the item where there is an experiment, or a process', async () => {
    const { status, inference } = await higan();
    await inference.restart();
    await eventually('there is no process', () => inference.state.kind === 'off');
    status.setExperiments(false);
    assert.equal(status.visible, false, 'whoever writes other YAML does not see it');
    await write('status.higan.yaml', small(41));
    await eventually('it comes with an experiment', () => status.visible);
    status.setExperiments(false);
    await inference.call('hello', {});
    assert.equal(status.visible, true, 'a process is told of in any case');
    status.setExperiments(true);
  });

  it('says what runs: process, version, device', async function () {
    this.timeout(long);
    const { status, studies, inference } = await higan();
    const { document } = await write('status.higan.yaml', small(42));
    await studies.run(document.uri);
    await eventually('the device is told', () => /HiGAN: \w+, idle, [\d.]+ [GM]B$/.test(status.text));
    const { state } = inference;
    assert.ok(state.kind === 'up');
    assert.match(
      status.tooltip,
      new RegExp(`process ${state.pid}\\nVersion \\d+\\.\\d+\\.\\d+ on Node \\d+`),
    );
    assert.match(status.tooltip, /Setting: auto\. Click to choose the device\.$/);
  });

  it('says why a device that comes before is not used', () => {
    const heartbeat = {
      ...{ device: 'cpu' as const, state: 'running' as const, memory: 1.24e9, rate: 7.36 },
      rejected: ['webgpu is not used: its self-test failed.'],
    };
    const state = { kind: 'up' as const, pid: 12, runs: { version: '1.2.3', node: '24.0.0' }, heartbeat };
    assert.equal(statusText(state), '$(pulse) HiGAN: cpu, running, 7.4 images/s, 1.2 GB');
    assert.match(statusTooltip(state, 'auto'), /\nwebgpu is not used: its self-test failed\.\nSetting: auto/);
    assert.equal(statusText({ kind: 'off' }), '$(chip) HiGAN');
    assert.equal(statusText({ kind: 'starting' }), '$(loading~spin) HiGAN: starting');
  });
});

describe('the tree', () => {
  /** What it says of an experiment's parts: label → description, icon and tooltip. */
  const parts = async (
    experiment: vscode.Uri,
  ): Promise<Map<string, { says: string; icon: string; tooltip: string }>> => {
    const { tree } = await higan();
    const items = await Promise.all(
      (await tree.getChildren({ kind: 'experiment', experiment })).map((item) => tree.getTreeItem(item)),
    );
    return new Map(
      items.map(({ label, description, iconPath, tooltip }) => [
        label as string,
        {
          says: String(description),
          icon: (iconPath as vscode.ThemeIcon).id,
          tooltip: typeof tooltip === 'string' ? tooltip : '',
        },
      ]),
    );
  };

  it('tells of each stage what it is, whether it is done, and since when', async function () {
    this.timeout(long);
    const { studies, tree } = await higan();
    const { document } = await write('tree.higan.yaml', small(43));
    await studies.run(document.uri, { until: 'boundary' });
    const then = Date.parse((await studies.get(document.uri)).finished.probe ?? '');
    assert.ok(Math.abs(Date.now() - then) < long, 'the store knows when');
    const begun = await parts(document.uri);
    assert.deepEqual([...begun.keys()], ['probe', 'boundary', 'rescore', 'rank', 'layers', 'entanglement']);
    assert.match(begun.get('probe')?.says ?? '', /^(just now|\d+ min ago)$/);
    assert.equal(begun.get('probe')?.icon, 'check');
    assert.match(begun.get('probe')?.tooltip ?? '', /^probe: draw codes.*\n\nFinished .+\.$/);
    assert.deepEqual([begun.get('rescore')?.says, begun.get('entanglement')?.says], ['not done', 'not done']);
    await studies.run(document.uri);
    const done = await parts(document.uri);
    assert.equal(done.get('entanglement')?.says, 'read from rescore');
    assert.equal(
      (await studies.get(document.uri)).finished.probe,
      new Date(then).toISOString(),
      'what was done before keeps its age',
    );

    await type(document, small(43).replace('samples: 20,', 'samples: 25,'));
    const outdated = await parts(document.uri);
    assert.match(outdated.get('rank')?.says ?? '', /, outdated$/);
    assert.equal(outdated.get('rank')?.icon, 'history');
    assert.match(outdated.get('rank')?.tooltip ?? '', /earlier version of this file/);
    const item = await tree.getTreeItem({ kind: 'experiment', experiment: document.uri });
    assert.match(String(item.description), /^\d of 2 move, outdated/);
    await type(document, small(43));
    assert.doesNotMatch((await parts(document.uri)).get('rank')?.says ?? '', /outdated/);
    await document.save();
  });

  it('tells how far a stage came that was stopped', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write('stopped-tree.higan.yaml', small(44, 90_000));
    const ended = studies.run(document.uri).catch(() => undefined);
    await eventually(
      'some of it is scored',
      () => (studies.peek(document.uri)?.run.progress?.done ?? 0) > 4096,
      120_000,
    );
    assert.equal((await parts(document.uri)).get('probe')?.icon, 'loading~spin');
    studies.cancel(document.uri);
    await ended;
    // The process writes down what it has after it was told to stop.
    const probe = await eventually('it tells how far it came', async () => {
      const told = (await parts(document.uri)).get('probe');
      return /^[1-9]\d? % done$/.test(told?.says ?? '') && told;
    });
    assert.match(probe.tooltip, /the next run goes on from there/);
  });

  it('says why a run failed', async function () {
    this.timeout(long);
    const { studies, tree } = await higan();
    const { document } = await write('failing/store.higan.yaml', small(45));
    const { request } = await studies.request(document.uri);
    await vscode.workspace.fs.writeFile(vscode.Uri.file(request.store), Buffer.from('a file'));
    await assert.rejects(studies.run(document.uri));
    const item = await tree.getTreeItem({ kind: 'experiment', experiment: document.uri });
    assert.match(String(item.description), /^failed: .+/);
    await vscode.workspace.fs.delete(vscode.Uri.file(request.store));
  });

  it('names the transitions of the file, and what was walked', async () => {
    const { document } = await write(
      'walk.higan.yaml',
      'generator: rooms\npredictors: [rooms]\ntransitions:\n  - { path: [bedroom, kitchen, living room] }\n' +
        '  - { path: [living room, bedroom], samples: 20 }\n',
    );
    const [walk] = [...(await parts(document.uri))].slice(-1);
    assert.equal(walk[0], 'living room → bedroom');
    assert.equal(walk[1].says, 'transition, not done');
    const { tree } = await higan();
    const [item] = (await tree.getChildren({ kind: 'experiment', experiment: document.uri })).slice(-1);
    const { command } = await tree.getTreeItem(item);
    assert.deepEqual(command?.arguments, [document.uri, { hop: 2 }], 'behind the two hops of the other');
    const age = async (minutes: number): Promise<unknown> => {
      const time = Date.now() - minutes * 60_000;
      const item = { kind: 'transition' as const, experiment: document.uri, path: ['a', 'b'], hop: 0, time };
      return (await tree.getTreeItem(item)).description;
    };
    assert.deepEqual(
      await Promise.all([0.5, 5, 120, 60 * 24 * 3].map(age)),
      ['just now', '5 min ago', '2 h ago', '3 days ago'].map((said) => `transition, ${said}`),
    );
  });

  it('shows models as they come into a folder outside the workspace', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'higan-own-models-'));
    const configuration = vscode.workspace.getConfiguration('higan');
    await configuration.update('modelPaths', [folder], vscode.ConfigurationTarget.Global);
    try {
      const { models } = await higan();
      const found = async (): Promise<boolean> =>
        (await models.getChildren()).some((entry) => entry.folder === path.join(folder, 'toy'));
      assert.equal(await found(), false);
      let told = 0;
      const listening = models.onDidChangeTreeData(() => told++);
      // The watcher begins a moment after the setting.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const before = told;
      await writeLinearModel(folder, [{ label: 'three', layers: [1], scale: 1 }], { D: 16 });
      await eventually('the view is told', () => told > before);
      assert.equal(await found(), true);
      listening.dispose();
    } finally {
      await configuration.update('modelPaths', undefined, vscode.ConfigurationTarget.Global);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('context keys', () => {
  /** The keys as they are set while `work` is done. */
  async function watchingKeys(work: (set: Record<string, unknown>) => Promise<void>): Promise<void> {
    const set: Record<string, unknown> = {};
    const { commands } = vscode;
    const { executeCommand } = commands;
    commands.executeCommand = ((command: string, ...rest: unknown[]) => {
      if (command === 'setContext') set[String(rest[0])] = rest[1];
      return executeCommand(command, ...rest);
    }) as typeof executeCommand;
    try {
      await work(set);
    } finally {
      commands.executeCommand = executeCommand;
    }
  }

  it('say that something runs, that it is the file in front, and that there are experiments', async function () {
    this.timeout(long);
    const { studies } = await higan();
    await watchingKeys(async (set) => {
      const files = (): string => String(set['higan.runningFiles']);
      const { document } = await write('keys.higan.yaml', small(46, 60_000));
      await eventually('experiments are there', () => set['higan.hasExperiments'] === true);
      const ended = studies.run(document.uri).catch(() => undefined);
      await eventually('it runs, in front', () => set['higan.running'] && set['higan.runningActive']);
      assert.equal(files(), String(document.uri));
      await write('other-keys.higan.yaml', small(47));
      await eventually('it runs, but not in front', () => set['higan.runningActive'] === false);
      assert.equal(set['higan.running'], true);
      assert.equal(files(), String(document.uri), 'whichever is in front');
      studies.cancel(document.uri);
      await ended;
      await eventually('nothing runs', () => set['higan.running'] === false);
      assert.equal(files(), '');
    });
  });

  it('say that there is an experiment while a panel of one is there, wherever its file lies', async () => {
    const { experiments, panels } = await higan();
    const { document } = await write('keys.higan.yaml', small(46));
    for (const panel of panels.all) panel.dispose();
    const find = experiments.find.bind(experiments);
    const documents = Object.getOwnPropertyDescriptor(vscode.workspace, 'textDocuments') ?? {};
    await watchingKeys(async (set) => {
      // As after a while with a file outside the workspace: the editor has closed its document.
      experiments.find = () => Promise.resolve([]);
      Object.defineProperty(vscode.workspace, 'textDocuments', { configurable: true, value: [] });
      try {
        let told = 0;
        const listening = panels.onDidChangeActive(() => told++);
        const panel = await panels.open('heatmap', document.uri, {});
        assert.ok(told > 0, 'before anything happens to it: of one that is restored nothing else tells');
        listening.dispose();
        await eventually('there is one', () => set['higan.hasExperiments'] === true);
        panel.dispose();
        await eventually('there is none', () => set['higan.hasExperiments'] === false);
      } finally {
        Object.defineProperty(vscode.workspace, 'textDocuments', documents);
        experiments.find = find;
      }
      (await panels.open('heatmap', document.uri, {})).dispose();
      await eventually('there are others', () => set['higan.hasExperiments'] === true);
    });
  });
});

describe('menus', () => {
  const clauses = (menu: string, command: string): string[] =>
    contributes.menus[menu].filter((entry) => entry.command === command).map(({ when }) => when);

  it('offer Run or Cancel above an experiment, never both, and of several that run its own', () => {
    const [run] = clauses('editor/title', 'higan.run');
    const [cancel] = clauses('editor/title', 'higan.cancel');
    assert.match(run, /resourceFilename =~ .*higan.* && resource not in higan\.runningFiles$/);
    assert.match(cancel, /resourceFilename =~ .*higan.* && resource in higan\.runningFiles$/);
  });

  it('leave alone what only has the path of an experiment, in remote windows too', () => {
    const schemes = 'resourceScheme =~ /^(file|vscode-remote|untitled)$/';
    const about = Object.values(contributes.menus)
      .flat()
      .filter(({ when }) => when.includes('resourceFilename'));
    assert.ok(about.length >= 6);
    for (const { command, when } of about) assert.ok(when.includes(schemes), `${command}: ${when}`);
  });

  it('match what the tree calls its items', async () => {
    const { tree } = await higan();
    const { document } = await write('menus.higan.yaml', small(48));
    const { contextValue } = await tree.getTreeItem({ kind: 'experiment', experiment: document.uri });
    const applies = (when: string, value: string): boolean =>
      when
        .split(' && ')
        .filter((part) => part.includes('viewItem'))
        .every((part) => {
          const matches = new RegExp(/\/(.+)\//.exec(part)?.[1] ?? '').test(value);
          return part.startsWith('!') ? !matches : matches;
        });
    const menu = 'view/item/context';
    const offered = (value: string): string[] =>
      contributes.menus[menu].filter(({ when }) => applies(when, value)).map(({ command }) => command);
    assert.equal(contextValue, 'experiment');
    assert.ok(offered('experiment').includes('higan.run') && !offered('experiment').includes('higan.cancel'));
    const running = offered('experiment.running.results');
    assert.ok(running.includes('higan.cancel') && !running.includes('higan.run'), running.join(', '));
  });
});

describe('welcome', () => {
  const linked = (text: string): string[] =>
    [...text.matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command);

  it('stands in every view that can be empty, with commands that exist', async () => {
    await higan();
    const known = new Set(await vscode.commands.getCommands(true));
    for (const { id } of contributes.views.higan)
      assert.ok(
        contributes.viewsWelcome.some(({ view }) => view === id),
        id,
      );
    const folderless = contributes.viewsWelcome
      .map(({ when }) => when)
      .filter((when) => when?.includes('Folder'));
    assert.deepEqual(folderless.sort(), ['workspaceFolderCount != 0', 'workspaceFolderCount == 0']);
    for (const command of contributes.viewsWelcome.flatMap(({ contents }) => linked(contents)))
      assert.ok(known.has(command), command);
  });

  it('walks through five steps, each with a picture and what completes it', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const [{ steps }] = contributes.walkthroughs;
    assert.equal(steps.length, 5);
    for (const { description, media, completionEvents } of steps) {
      for (const command of [
        ...linked(description),
        ...completionEvents.map((event) => event.replace('onCommand:', '')),
      ])
        assert.ok(known.has(command), command);
      const page = path.join(root, media.markdown);
      const pictures = [...readFileSync(page, 'utf8').matchAll(/!\[[^\]]{10,}\]\(([^)]+)\)/g)];
      assert.ok(pictures.length > 0, `${media.markdown} has a picture that is described`);
      for (const [, picture] of pictures) {
        const file = path.join(path.dirname(page), picture);
        assert.ok(existsSync(file), file);
        assert.ok(statSync(file).size < 250_000, `${file} is small`);
      }
    }
  });

  it('shows an experiment without a mistake in it', async () => {
    const { experiments } = await higan();
    const page = readFileSync(path.join(root, 'media', 'walkthrough', '1-new.md'), 'utf8');
    const yaml = /```yaml\n([\s\S]+?)```/.exec(page)?.[1] ?? '';
    const { document } = await write('walkthrough.higan.yaml', yaml);
    assert.deepEqual((await experiments.judge(document)).diagnostics, []);
  });
});
