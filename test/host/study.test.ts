import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  answering,
  eventually,
  foundInStore,
  higan,
  hintsOf,
  hoverAt,
  inWorkspace,
  open,
  type,
  write,
} from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

describe('a study', () => {
  it('says before a run what it costs here', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const plan = await studies.plan(inWorkspace('bedroom.higan.yaml'));
    assert.ok(plan.images >= 256, `${plan.images} images`);
    assert.ok((plan.rate ?? 0) > 0 && plan.seconds > 0);
  });

  it('runs from the editor to its results, and says how far it is', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const stages = new Set<string>();
    const listening = studies.onDidProgress(({ run }) => run.progress && stages.add(run.progress.stage));
    await vscode.commands.executeCommand('higan.run', document.uri);
    listening.dispose();
    const study = await studies.get(document.uri);
    assert.equal(study.run.problem, null);
    assert.deepEqual(study.result?.stages, ['probe', 'boundary', 'rescore', 'rank', 'layers']);
    assert.ok(stages.has('probe') && stages.has('rescore'), [...stages].join(', '));
    assert.ok(study.path && study.path.includes('.higan'));
  });

  it('is answered from the store the second time', async function () {
    this.timeout(long);
    const { studies, inference } = await higan();
    const uri = inWorkspace('bedroom.higan.yaml');
    const { request } = await studies.request(uri);
    const nothing = { progress: () => undefined, partial: () => undefined };
    const { cached } = await inference.run(request, nothing, new AbortController().signal);
    assert.equal(cached, true);
  });

  it('shows each concept’s rank in the file', async () => {
    const { document } = await open('bedroom.higan.yaml');
    const hints = await hintsOf(document);
    const lamp = document.positionAt(document.getText().lastIndexOf('indoor lighting') + 15);
    const hint = hints.find(({ position }) => position.isEqual(lamp));
    assert.ok(typeof hint?.label === 'string');
    assert.match(hint.label, /Δ \d/);
  });

  it('tells a concept’s Δ, interval and chance in its hover card, with a picture', async function () {
    this.timeout(long);
    const { document } = await open('bedroom.higan.yaml');
    const position = document.positionAt(document.getText().indexOf('attribute/indoor lighting') + 3);
    const card = await eventually(
      'the card has a picture',
      async () => {
        const text = await hoverAt(document.uri, position);
        return text.includes('data:image/png') && text;
      },
      60_000,
    );
    assert.match(card, /Δ \d+\.\d\d/);
    assert.match(card, /chance up to/);
  });

  it('counts as outdated when the meaning of the file changed, and not when a comment did', async () => {
    const { studies, experiments } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const text = document.getText();
    const isCurrent = async (): Promise<boolean> =>
      studies.isCurrent(await studies.get(document.uri), await experiments.judge(document));
    assert.equal(await isCurrent(), true);
    await type(document, `${text}\n# a remark\n`);
    assert.equal(await isCurrent(), true);
    await type(document, text.replace('seed: 7', 'seed: 8'));
    assert.equal(await isCurrent(), false);
    await type(document, text);
    assert.equal(await isCurrent(), true);
    await document.save();
  });

  it('does not start while the file has errors, and says why', async () => {
    const { studies } = await higan();
    const { document } = await write('broken.higan.yaml', 'generator: rooms\nprobe: { samples: 0 }\n');
    await assert.rejects(studies.run(document.uri), /Line 2: .*samples/);
    assert.equal(studies.isRunning(document.uri), false);
  });

  it('continues from the store when its process is killed, and says so once a crash', async function () {
    this.timeout(long);
    const { studies, inference } = await higan();
    const text =
      'generator: rooms\npredictors: [rooms]\nseed: 11\nconcepts: [attribute/warm]\n' +
      'probe: { samples: 800, positives: 40, negatives: 40 }\n' +
      'rescore: { samples: 24, layers: none, nulls: 2 }\n';
    const { document } = await write('killed.higan.yaml', text);
    const pids = new Set<number>();
    let kills = 0;
    let furthest = 0;
    // Each life is killed once it got further than the one before.
    const listening = studies.onDidProgress(({ experiment, run }) => {
      const { state } = inference;
      const done = run.progress?.stage === 'probe' ? run.progress.done : 0;
      if (experiment.toString() !== document.uri.toString() || state.kind !== 'up') return;
      if (kills >= 3 || pids.has(state.pid) || done <= furthest) return;
      furthest = done;
      pids.add(state.pid);
      kills++;
      process.kill(state.pid, 'SIGKILL');
    });
    const warnings: unknown[][] = [];
    await answering({ showWarningMessage: (...warning) => void warnings.push(warning) }, async () => {
      const result = await studies.run(document.uri);
      assert.deepEqual(result.stages.includes('rank'), true);
      assert.equal(result.probed, 800);
    });
    listening.dispose();
    assert.ok(kills > 0, 'the process was killed at least once');
    assert.equal(warnings.length, kills);
    for (const [message, ...buttons] of warnings) {
      assert.match(String(message), /killed by the system.*continues from the store/);
      assert.deepEqual(buttons, ['Show Log', 'Restart']);
    }
  });

  it('stops when it is cancelled, and keeps what it has', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write(
      'cancelled.higan.yaml',
      'generator: rooms\npredictors: [rooms]\nseed: 12\nconcepts: [attribute/warm]\nprobe: { samples: 5000 }\n',
    );
    const ended = studies.run(document.uri).then(
      () => 'done',
      (error: Error) => error.name,
    );
    const done = (): number => studies.peek(document.uri)?.run.progress?.done ?? 0;
    const scored = await eventually('some images are scored', () => done() > 0 && done(), 120_000);
    studies.cancel(document.uri);
    assert.equal(await ended, 'CancelledError');
    assert.equal(studies.peek(document.uri)?.run.state, 'idle');
    assert.equal(studies.peek(document.uri)?.run.problem, null);
    const found = await foundInStore(document.uri);
    assert.ok(found >= scored, `${found} of ${scored} images are there for the next run`);
  });
});

describe('the inference process', () => {
  it('is one for the window, and ends when it is idle', async function () {
    this.timeout(long);
    const { inference } = await higan();
    const configuration = vscode.workspace.getConfiguration('higan');
    await configuration.update('idleMinutes', 0.05, vscode.ConfigurationTarget.Global);
    await inference.call('hello', {});
    const { state } = inference;
    assert.equal(state.kind, 'up');
    await eventually('it ended', () => (inference.state.kind === 'off' ? true : null), 60_000);
    assert.throws(() => process.kill(state.kind === 'up' ? state.pid : 0, 0));
    await configuration.update('idleMinutes', undefined, vscode.ConfigurationTarget.Global);
  });

  it('comes back after a restart', async function () {
    this.timeout(long);
    const { inference } = await higan();
    const first = (await inference.call('hello', {})).pid;
    await vscode.commands.executeCommand('higan.restartInference');
    const second = (await inference.call('hello', {})).pid;
    assert.notEqual(second, first);
  });

  it('leaves no second one behind', async () => {
    const { inference } = await higan();
    await sleep(200);
    if (process.platform !== 'linux') return;
    const own = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
    const processes = own.split('\n').filter((line) => line.includes('inference.mjs'));
    assert.equal(processes.length, inference.state.kind === 'off' ? 0 : 1, own);
  });
});
