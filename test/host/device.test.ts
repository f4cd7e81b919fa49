import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { answering, eventually, higan, toyModel, write } from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(`higan.${command}`, ...args);

before(toyModel);

describe('Select Device', () => {
  it('marks what this system cannot have', async () => {
    let items: vscode.QuickPickItem[] = [];
    await answering({ showQuickPick: (given) => void (items = given as vscode.QuickPickItem[]) }, () =>
      run('selectDevice'),
    );
    const missing = items
      .filter(({ description }) => description?.includes('not on this system'))
      .map(({ label, description }) => `${label}: ${description}`);
    const there: Record<string, string[]> = {
      linux: ['DirectML', 'CoreML'],
      win32: ['CUDA', 'CoreML'],
      darwin: ['CUDA', 'DirectML'],
    };
    for (const label of there[process.platform] ?? [])
      assert.ok(
        missing.some((one) => one.startsWith(`${label}: `) && one.endsWith(' only')),
        missing.join('\n'),
      );
    for (const label of ['Automatic', 'CPU', 'WebGPU'])
      assert.ok(!missing.some((one) => one.includes(`${label}:`)), `${label} is everywhere`);
    const cuda = items.find(({ label }) => label.includes('CUDA') && !label.includes('How'));
    const explanation = /‘(.+)’/.exec(cuda?.detail ?? '')?.[1];
    assert.ok(explanation && items.some(({ label }) => label.includes(explanation)), cuda?.detail);
  });

  it('says while a study runs that it stays where it is, and cancels it if that is wanted', async function () {
    this.timeout(long);
    const { studies, inference } = await higan();
    const { document } = await write(
      'device.higan.yaml',
      'generator: toy\npredictors: [toy]\nseed: 91\nprobe: { samples: 400000, positives: 100 }\n',
    );
    const ended = studies.run(document.uri).then(
      () => 'done',
      (error: Error) => error.name,
    );
    const used = await eventually(
      'it runs on a device',
      () => inference.state.kind === 'up' && studies.isRunning() && inference.state.heartbeat?.device,
      120_000,
    );
    const [other, name] = used === 'cpu' ? ['webgpu', 'WebGPU'] : ['cpu', 'CPU'];
    try {
      const said = await answering({ showInformationMessage: () => 'Cancel Run' }, () =>
        run('selectDevice', other),
      );
      assert.match(
        said[0],
        new RegExp(`What is running stays on ${used}\\. ${name} is used once it is done`),
      );
      assert.equal(await ended, 'CancelledError');
    } finally {
      await vscode.workspace
        .getConfiguration('higan')
        .update('device', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});

describe('Restart Inference', () => {
  it('says what became of the process', async function () {
    this.timeout(long);
    const { inference } = await higan();
    await inference.call('hello', {});
    assert.match((await answering({}, () => run('restartInference'))).join(), /was ended; a new one starts/);
    await eventually('it is off', () => inference.state.kind === 'off');
    assert.deepEqual(await answering({}, () => run('restartInference')), [
      'The inference process is not running; it starts at first need.',
    ]);
  });
});
