/** What a run is asked about beforehand, and settings that hold at once. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { settingsFor } from '../../src/extension/settings';
import type { Stage } from '../../src/protocol/experiment';
import { answering, eventually, higan, toyModel, write } from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const small = `generator: toy
predictors: [toy]
seed: 101
probe: { samples: 2000, positives: 100, negatives: 100 }
rescore: { samples: 20, layers: none, nulls: 2 }
`;

const setting = (key: string, value: unknown): Thenable<void> =>
  vscode.workspace.getConfiguration('higan').update(key, value, vscode.ConfigurationTarget.Global);

before(toyModel);

describe('a run that would take long', () => {
  it('asks about the stages that it is for, and only while some are still to be done', async function () {
    this.timeout(long);
    const { studies, panels } = await higan();
    const { document } = await write('asked.higan.yaml', small);
    const plan = await studies.plan(document.uri, { until: 'probe' });
    assert.deepEqual(
      plan.stages.map(({ stage }) => stage),
      ['probe'],
    );
    const planned: (Stage | undefined)[] = [];
    const own = studies.plan.bind(studies);
    studies.plan = (_, { until } = {}) => {
      planned.push(until);
      return Promise.resolve({ ...plan, seconds: 3600 });
    };
    /** Which plans were made, whether it was asked, and how far the study is then. */
    const run = async (until?: Stage, answer?: string): Promise<unknown> => {
      planned.length = 0;
      const said = await answering({ showWarningMessage: () => answer }, () =>
        vscode.commands.executeCommand('higan.run', document.uri, until),
      );
      const { result } = await studies.get(document.uri);
      return [...planned, said.some((line) => line.includes('about 60 min')), result?.stages.at(-1)];
    };
    try {
      assert.deepEqual(await run('probe', 'Run'), ['probe', true, 'probe']);
      assert.deepEqual(await run('probe'), [false, 'probe'], 'all of it is there');
      assert.deepEqual(await run(), [undefined, true, 'probe'], 'the rest is not, and is declined');
      assert.deepEqual(await run(undefined, 'Run'), [undefined, true, 'layers']);
      assert.deepEqual(await run('rank'), [false, 'layers']);
      assert.deepEqual(await run(), [false, 'layers']);
      await setting('device', 'webgpu');
      assert.deepEqual(await run(), [undefined, true, 'layers'], 'on another device it is still to be done');
    } finally {
      studies.plan = own;
      panels.find('ranking', document.uri)?.dispose();
      await setting('device', undefined);
    }
  });
});

describe('the setting higan.idleMinutes', () => {
  it('holds within its bounds, and for a process that idles already', async function () {
    this.timeout(long);
    const { inference } = await higan();
    try {
      for (const [written, read] of [
        [50_000, 1440],
        [0, 0.05],
        ['ten', 10],
        [20, 20],
      ]) {
        await setting('idleMinutes', written);
        assert.equal(settingsFor().idleMinutes, read);
      }
      await inference.call('hello', {});
      assert.equal(inference.state.kind, 'up');
      await setting('idleMinutes', 0.05);
      await eventually('it has ended', () => inference.state.kind === 'off');
    } finally {
      await setting('idleMinutes', undefined);
    }
  });
});
