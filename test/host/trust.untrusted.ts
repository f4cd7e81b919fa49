import assert from 'node:assert/strict';
import childProcess from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Comparison, Snapshot } from '../../src/protocol/panels';
import type { PairedStudies } from '../../src/protocol/results';
import { writeLinearModel } from '../fixtures/linear-model';
import {
  answering,
  eventually,
  higan,
  hintsOf,
  hoverAt,
  inWorkspace,
  lensesOf,
  open,
  problems,
  terminal,
  toyModel,
  write,
} from './window';

/** Processes of ours, and any git, that are started while something is done, by their program and arguments. */
async function started(work: () => Promise<unknown>): Promise<string[]> {
  const starters = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'] as const;
  const node = childProcess as unknown as Record<string, (...args: unknown[]) => unknown>;
  const own = starters.map((name) => [name, node[name]] as const);
  const seen: string[] = [];
  for (const [name, start] of own) {
    node[name] = (...args) => {
      const told = JSON.stringify(args.slice(0, 2));
      if (/(higan|inference)\.mjs|\bgit\b/.test(told)) seen.push(told);
      return start(...args);
    };
  }
  try {
    await work();
  } finally {
    for (const [name, start] of own) node[name] = start;
  }
  return seen;
}

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

  it('reads no model outside, whatever its settings and the user’s own say', async () => {
    const elsewhere = path.join(path.dirname(inWorkspace('').fsPath), 'elsewhere');
    const { folder } = await writeLinearModel(elsewhere, [{ label: 'one', layers: [0], scale: 1 }], {
      D: 16,
    });
    const listed = await terminal('models', '--json', '--model-path', elsewhere);
    const found = (JSON.parse(listed) as { folder: string }[]).map((model) => model.folder);
    assert.ok(found.includes(folder), 'where nothing limits it, it is found');
    const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('higan');
    const settings = inWorkspace('.vscode/settings.json');
    await vscode.workspace.fs.writeFile(
      settings,
      Buffer.from(JSON.stringify({ 'higan.modelPaths': [elsewhere], 'higan.idleMinutes': 7 })),
    );
    try {
      await eventually('its settings are read', () => configuration().inspect('idleMinutes')?.workspaceValue);
      assert.deepEqual(configuration().get('modelPaths'), [], 'what it says of model paths does not hold');
      await configuration().update('modelPaths', [elsewhere], vscode.ConfigurationTarget.Global);
      assert.deepEqual(configuration().get('modelPaths'), [elsewhere]);
      const { experiments, models } = await higan();
      const read = [
        ...(await experiments.models(inWorkspace('bedroom.higan.yaml'))),
        ...(await models.getChildren()),
      ];
      assert.deepEqual([...new Set(read.map(({ origin }) => origin))].sort(), ['bundled', 'workspace']);
    } finally {
      await configuration().update('modelPaths', undefined, vscode.ConfigurationTarget.Global);
      await vscode.workspace.fs.delete(settings);
    }
  });

  it('reads no model above it', async () => {
    const [own, aside] = [inWorkspace('models').fsPath, inWorkspace('aside').fsPath];
    const above = path.join(path.dirname(inWorkspace('').fsPath), 'models');
    const planted = [{ label: 'one', layers: [0], scale: 1 }];
    // With models of its own nobody looks further up.
    await rename(own, aside);
    try {
      await writeLinearModel(above, planted, { D: 16 });
      const { experiments, models } = await higan();
      const { document } = await write('above.higan.yaml', 'generator: toy\npredictors: [toy]\n');
      const found = [...(await experiments.models(document.uri)), ...(await models.getChildren())];
      assert.deepEqual([...new Set(found.map(({ origin }) => origin))], ['bundled']);
      const [{ message }] = (await experiments.judge(document)).diagnostics;
      assert.match(message, /There is no model 'toy'/);
      assert.ok(!message.includes(above), message);
    } finally {
      await rm(above, { recursive: true, force: true });
      await rename(aside, own);
    }
  });

  it('starts no process by any command, and exports what needs none', async function () {
    this.timeout(400_000);
    const { studies, inference } = await higan();
    await toyModel();
    const { document } = await write(
      'exporting.higan.yaml',
      'generator: toy\npredictors: [toy]\nprobe: { samples: 2000, positives: 100, negatives: 100 }\n' +
        'rescore: { samples: 20, layers: none, nulls: 2 }\n',
    );
    await terminal('run', document.uri.fsPath, '--device', 'cpu');
    await eventually('the stored result is seen', async () => (await studies.get(document.uri)).result);

    const offered = new Set<string>();
    const folder = inWorkspace('arrays');
    /** A person who says yes to everything, and takes each form of export in turn. */
    const willing = (form: string): Parameters<typeof answering>[0] => ({
      showQuickPick: (items) => {
        const labels = items as { label: string }[];
        for (const { label } of labels) offered.add(label);
        return labels.find(({ label }) => label === form) ?? labels[0];
      },
      showWarningMessage: () => 'Clean',
      showSaveDialog: () => inWorkspace(`exported.${form}`),
      showOpenDialog: () => [folder],
    });
    const commands = [
      ...['run', 'runUntil', 'plan', 'checkModels', 'cleanStore', 'restartInference', 'cancel'],
      ...['showPreview', 'showEntanglement', 'showTransition', 'showHeatmap'],
    ];
    const seen = await started(async () => {
      for (const command of commands)
        await answering(willing(''), () => vscode.commands.executeCommand(`higan.${command}`, document.uri));
      for (const form of ['HiGAN layout', 'Methods section', 'Ranking as CSV', 'Result as JSON'])
        await answering(willing(form), () => vscode.commands.executeCommand('higan.export', document.uri));
      for (const call of ['cleanStore', 'exportArrays'] as const) {
        const request = {
          file: document.uri.fsPath,
          store: inWorkspace('.higan').fsPath,
          folder: folder.fsPath,
        };
        await assert.rejects(
          inference.work(call, request, () => undefined),
          /not trusted/,
        );
      }
    });
    assert.deepEqual(seen, []);
    assert.equal(inference.state.kind, 'off');
    assert.ok(!existsSync(folder.fsPath), 'nothing is written by a model of the workspace');
    for (const form of ['HiGAN layout', 'Methods section'])
      assert.ok(!offered.has(form), `${form} is not offered`);
    const csv = readFileSync(inWorkspace('exported.Ranking as CSV').fsPath, 'utf8');
    assert.match(csv, /attribute\/one/);
    const json = readFileSync(inWorkspace('exported.Result as JSON').fsPath, 'utf8');
    assert.equal((JSON.parse(json) as { generator: string }).generator, 'toy');
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
    const { inference } = await higan();
    const { document } = await open('stored.higan.yaml');
    const commands = (await lensesOf(document)).map(({ command }) => command?.command);
    assert.deepEqual(
      commands,
      ['showRanking', 'showHeatmap', 'addAndShowPreview', 'showHeatmap'].map((name) => `higan.${name}`),
    );
    const ranks = (await hintsOf(document)).map(({ label }) => label as string);
    assert.deepEqual(
      ranks.map((label) => /^(#\d) Δ \d\.\d\d$/.exec(label)?.[1]).sort(),
      ['#1', '#2'],
      ranks.join(', '),
    );
    const at = document.positionAt(document.getText().indexOf('attribute/one') + 3);
    const card = await hoverAt(document.uri, at);
    assert.match(card, /#\d of its level · Δ \d\.\d\d \[[\s\S]*Best layers: bottom/);
    assert.doesNotMatch(card, /data:image|before and after/, 'a picture would need the process');
    assert.equal(inference.state.kind, 'off');
  });

  it('runs no git, and says so where revisions would be offered and compared', async () => {
    const { panels, revisions, inference } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const revision = {
      ...{ hash: 'a'.repeat(40), short: 'aaaaaaa', date: '2026-03-04T12:00:00Z' },
      ...{ subject: 'Earlier', path: 'bedroom.higan.yaml' },
    };
    const left = { experiment: null, revision: null };
    const right = { experiment: null, revision };
    const seen = await started(async () => {
      await assert.rejects(revisions.list(document.uri), /not trusted: git is not run in it/);
      assert.equal(await revisions.nameOf(document.uri, null), null);
      const compare = await panels.open('compare', document.uri, {});
      const compared = (await compare.answer('comparison', { left, right })) as Comparison;
      assert.match(compared.right?.reason ?? '', /not trusted/);
      assert.deepEqual([compared.left.revision, compared.right?.run], [null, 'no']);
      const { reason } = (await compare.answer('paired', { left, right })) as PairedStudies;
      assert.match(reason ?? '', /not trusted/);
      let offered: vscode.QuickPickItem[] = [];
      const showQuickPick = async (items: unknown): Promise<undefined> => {
        offered = (await items) as vscode.QuickPickItem[];
      };
      await answering({ showQuickPick }, () =>
        compare.answer('chooseSide', { side: 'right', left, right: null }),
      );
      assert.match(offered.at(-1)?.detail ?? '', /git is not run/);
    });
    assert.deepEqual(seen, []);
    assert.equal(inference.state.kind, 'off');
  });
});
