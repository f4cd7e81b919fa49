import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { StudyResult } from '../../src/protocol/results';
import {
  answering,
  choosing,
  eventually,
  foundInStore,
  higan,
  inWorkspace,
  seesLog,
  toyModel,
  write,
} from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const small = `generator: toy
predictors: [toy]
seed: 21
concepts: [attribute/one, attribute/two]
probe: { samples: 2000, positives: 100, negatives: 100 }
rescore: { samples: 20, layers: none, nulls: 2 }
`;

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(`higan.${command}`, ...args);

before(toyModel);

/** Hashes of the results in the workspace's own store. */
const storedResults = (): string[] => {
  const folder = inWorkspace('.higan/results').fsPath;
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

describe('running from the palette', () => {
  it('runs until the stage that is chosen, and goes on from there', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write('commands.higan.yaml', small);
    const offered: string[] = [];
    await answering(
      {
        showQuickPick: (items) => {
          offered.push(...(items as { label: string }[]).map(({ label }) => label));
          return choosing('boundary')(items);
        },
      },
      () => run('runUntil'),
    );
    assert.deepEqual(offered, ['probe', 'boundary', 'rescore', 'rank', 'layers']);
    assert.deepEqual((await studies.get(document.uri)).result?.stages, ['probe', 'boundary']);
    await run('run');
    const { result } = await studies.get(document.uri);
    assert.deepEqual(result?.stages, ['probe', 'boundary', 'rescore', 'rank', 'layers']);
  });

  it('runs nothing when no stage is chosen', async () => {
    const { studies } = await higan();
    const { document } = await write('undecided.higan.yaml', small.replace('seed: 21', 'seed: 22'));
    await answering({}, () => run('runUntil'));
    assert.equal((await studies.get(document.uri)).result, null);
  });

  it('cancels: the study stops, says so, and keeps what it has', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write(
      'stopped.higan.yaml',
      small.replace('seed: 21', 'seed: 26').replace('samples: 2000', 'samples: 60000'),
    );
    const said = answering({}, () => run('run'));
    const done = (): number => studies.peek(document.uri)?.run.progress?.done ?? 0;
    const scored = await eventually('some images are scored', () => done() > 0 && done(), 120_000);
    const states: string[] = [];
    const listening = studies.onDidChange(({ run: { state } }) => states.push(state));
    await run('cancel');
    assert.deepEqual(await said, [], 'nobody is told of an error');
    listening.dispose();
    assert.equal(states[0], 'cancelling');
    const study = await studies.get(document.uri);
    assert.equal(study.run.state, 'idle');
    assert.equal(study.run.problem, null);
    assert.equal(studies.isRunning(document.uri), false);
    const found = await foundInStore(document.uri);
    assert.ok(found >= scored, `${found} of ${scored} images are there for the next run`);
  });

  it('says what a run costs, and runs when that is chosen', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write('planned.higan.yaml', small.replace('seed: 21', 'seed: 23'));
    const said = await answering({ showInformationMessage: () => 'Run' }, async () => {
      const plan = (await run('plan')) as { images: number };
      assert.ok(plan.images >= 2000, `${plan.images} images`);
      await eventually('it has run', () => studies.peek(document.uri)?.path, 120_000);
    });
    assert.match(said[0], /'planned' needs [\d,]+ images on \w+: about \d+ s and [\d.]+ MB of disk/);
    assert.deepEqual(await answering({}, () => run('plan')), ["'planned' is answered from the store."]);
  });

  it('asks before a run of more than half an hour, and runs nothing when that is declined', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write(
      'huge.higan.yaml',
      'generator: rooms\nprobe: { samples: 5000000 }\nrescore: { samples: 100000 }\n',
    );
    let options: vscode.MessageOptions | undefined;
    const started: string[] = [];
    const listening = studies.onDidChange(({ run: { state } }) => state !== 'idle' && started.push(state));
    const said = await answering(
      { showWarningMessage: (_message, given) => void (options = given as typeof options) },
      () => run('run'),
    );
    listening.dispose();
    assert.match(said[0], /'huge' needs [\d,]+,\d\d\d,\d\d\d images on \w+: about [\d.]+ h/);
    assert.equal(options?.modal, true);
    assert.deepEqual(started, []);
    assert.equal((await studies.get(document.uri)).result, null);
  });
});

describe('running from a menu', () => {
  const menus: [string, (uri: vscode.Uri) => unknown, number][] = [
    ['above the editor, which says where it is', () => ({ groupId: 0 }), 24],
    ['of the Explorer, which hands over all that is selected', (uri) => [uri], 25],
  ];
  for (const [menu, second, seed] of menus) {
    it(`${menu}, runs the whole study`, async function () {
      this.timeout(long);
      const { studies, panels } = await higan();
      const { document } = await write('menu.higan.yaml', small.replace('seed: 21', `seed: ${seed}`));
      assert.deepEqual(await answering({}, () => run('run', document.uri, second(document.uri))), []);
      const { result } = await studies.get(document.uri);
      assert.deepEqual([result?.seed, result?.stages.at(-1)], [seed, 'layers']);
      await run('showHeatmap', document.uri, second(document.uri));
      assert.ok(panels.find('heatmap', document.uri), 'other commands take no harm from it either');
      for (const kind of ['heatmap', 'ranking'] as const) panels.find(kind, document.uri)?.dispose();
    });
  }
});

describe('exporting', () => {
  const exported = async (
    form: string,
    ending: string,
  ): Promise<{ text: string; said: string[]; proposed: string }> => {
    const file = inWorkspace(`exported.${ending}`);
    let proposed = '';
    const said = await answering(
      {
        showQuickPick: choosing(form),
        showSaveDialog: (options) => {
          proposed = path.basename((options as vscode.SaveDialogOptions).defaultUri?.fsPath ?? '');
          return file;
        },
      },
      () => run('export', inWorkspace('commands.higan.yaml')),
    );
    return { text: readFileSync(file.fsPath, 'utf8'), said, proposed };
  };

  it('writes the ranking as CSV, one row a concept', async () => {
    const { text, proposed } = await exported('CSV', 'csv');
    const [head, ...rows] = text.trim().split('\r\n');
    assert.match(head, /^rank,concept,level,delta \(SD\),/);
    assert.deepEqual(rows.map((row) => row.split(',')[1]).sort(), ['attribute/one', 'attribute/two']);
    assert.equal(proposed, 'commands.csv');
  });

  it('writes the whole result as JSON', async () => {
    const { studies } = await higan();
    const { text } = await exported('JSON', 'json');
    const { result } = await studies.get(inWorkspace('commands.higan.yaml'));
    assert.deepEqual(JSON.parse(text) as StudyResult, result);
  });

  it('writes a methods section', async function () {
    this.timeout(long);
    const { text, proposed } = await exported('Methods', 'md');
    assert.match(text, /^# /);
    assert.match(text, /\| two \|/);
    assert.equal(proposed, 'commands.md');
  });

  it('writes the arrays of the reference’s layout', async function () {
    this.timeout(long);
    const folder = inWorkspace('arrays');
    await vscode.workspace.fs.createDirectory(folder);
    const said = await answering(
      { showQuickPick: choosing('HiGAN layout'), showOpenDialog: () => [folder] },
      () => run('export', inWorkspace('commands.higan.yaml')),
    );
    assert.deepEqual(said, [`Exported to ${folder.fsPath}.`]);
    const names = readdirSync(folder.fsPath, { recursive: true }).map(String);
    assert.ok(
      names.some((name) => name.endsWith('w.npy')),
      names.join(', '),
    );
  });

  it('says that there is nothing yet of an experiment that was not run', async () => {
    const said = await answering({}, () => run('export', inWorkspace('undecided.higan.yaml')));
    assert.deepEqual(said, ["'undecided' has no results yet: run it first."]);
  });
});

describe('cleaning the store', () => {
  it('deletes what no experiment names, once it is confirmed', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write('commands.higan.yaml', small.replace('samples: 20,', 'samples: 22,'));
    const before = storedResults();
    await run('run');
    const both = storedResults();
    assert.equal(both.length, before.length + 1);

    await answering({}, () => run('cleanStore'));
    assert.deepEqual(storedResults(), both, 'not confirmed, nothing is deleted');
    const said = await answering({ showWarningMessage: () => 'Clean' }, () => run('cleanStore'));
    assert.match(said[0], /Delete from \.higan what no experiment or verdict names\?/);
    assert.match(said[1], /Deleted \d+ items/);
    const { path: kept, result } = await studies.get(document.uri);
    assert.ok(result);
    const left = storedResults();
    assert.ok(left.includes(path.basename(kept ?? '')), 'what the file says now stays');
    assert.ok(left.length < both.length, 'what it said before is gone');
  });
});

describe('tools', () => {
  it('check the models on the device', async function () {
    this.timeout(long);
    const said = await answering({}, () => run('checkModels'));
    assert.match(said.join('\n'), /(The model works|All \d+ models work) on \w+\./);
  });

  it('select the device, which the setting then says', async () => {
    const setting = (): string | undefined => vscode.workspace.getConfiguration('higan').get('device');
    const before = setting();
    await answering({}, () => run('selectDevice'));
    assert.equal(setting(), before, 'dismissed, nothing changes');
    await answering({ showQuickPick: choosing('CPU') }, () => run('selectDevice'));
    assert.equal(setting(), 'cpu');
    await vscode.workspace
      .getConfiguration('higan')
      .update('device', undefined, vscode.ConfigurationTarget.Global);
    assert.equal(setting(), before);
  });

  it('write into the workspace what the workspace sets: the user’s own would not hold', async () => {
    const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('higan');
    const set = async (device?: string, modelPaths?: string[]): Promise<void> => {
      await configuration().update('device', device, vscode.ConfigurationTarget.Workspace);
      await configuration().update('modelPaths', modelPaths, vscode.ConfigurationTarget.Workspace);
    };
    await set('webgpu', ['/of-the-workspace']);
    try {
      await answering({}, () => run('selectDevice', 'cpu'));
      await run('addModelPath', '/allowed');
      assert.equal(configuration().get('device'), 'cpu');
      assert.deepEqual(configuration().get('modelPaths'), ['/of-the-workspace', '/allowed']);
      for (const key of ['device', 'modelPaths'])
        assert.equal(configuration().inspect(key)?.globalValue, undefined, key);
    } finally {
      await set();
    }
  });

  it('explain how CUDA is brought', async () => {
    let detail: string | undefined;
    const said = await answering(
      {
        showQuickPick: choosing('How to bring CUDA'),
        showInformationMessage: (_text, options) => void ({ detail } = options as vscode.MessageOptions),
      },
      () => run('selectDevice'),
    );
    assert.deepEqual(said, ['How to bring CUDA']);
    assert.match(detail ?? '', /npm install onnxruntime-node[\s\S]*higan\.onnxruntime/);
  });

  it('show the log', async () => {
    await run('showLog');
    await eventually('the log is seen', seesLog);
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });
});

describe('a preview from the selection', () => {
  it('has the concepts that are selected, and its panel opens', async () => {
    const { panels } = await higan();
    const { document } = await write('selected.higan.yaml', `# Kept.\n${small}`);
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const at = document.getText().indexOf('attribute/one');
    editor.selection = new vscode.Selection(
      document.positionAt(at),
      document.positionAt(at + 'attribute/one, attribute/two'.length),
    );
    await run('addPreviewFromSelection');
    assert.ok(document.getText().startsWith(`# Kept.\n${small}`), 'what was there stays');
    assert.match(document.getText(), /previews:\s+one:/);
    const { experiments } = await higan();
    const judged = await experiments.judge(document);
    assert.deepEqual(judged.diagnostics, []);
    assert.deepEqual(
      judged.parsed.value?.previews.one.edits.map(({ concept }) => concept),
      ['attribute/one', 'attribute/two'],
    );
    const panel = panels.find('preview', document.uri);
    assert.ok(panel, 'the preview is shown');
    panel.dispose();
  });

  it('says what to select where no concept is named', async () => {
    const { document } = await write('unselected.higan.yaml', small);
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const said = await answering({}, () => run('addPreviewFromSelection'));
    assert.match(said[0], /Select text that names concepts/);
    assert.equal(document.getText(), small);
  });
});
