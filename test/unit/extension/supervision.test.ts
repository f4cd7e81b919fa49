/** The owner of the inference process against real processes: killed, restarted, idle, left behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { describe } from 'node:test';
import { Stream } from '../../../src/engine/latent';
import { runStudy } from '../../../src/engine/study';
import { stages, type Stage } from '../../../src/protocol/experiment';
import type { Progress } from '../../../src/protocol/results';
import { contents, timeless, writeExperiment } from '../study/folders';
import { ears, entry, never, owner, textOf, toyStudy } from './owner';

/** Whether a process is there; one that only waits to be reaped by its parent is not. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50))
    if (!lives(pid)) return true;
  return false;
}

/** Hears what a study tells that is killed again and again. */
function resumptions() {
  /** By stage, the most that any life told as done. */
  const most = new Map<Stage, number>();
  const lives = new Set<string>();
  /** What a life found in the store when it got on with a stage, and what those before had told. */
  const found: { stage: Stage; cached: number; told: number }[] = [];
  const hear = ({ stage, done, cached }: Progress, pid: number): void => {
    const told = most.get(stage) ?? 0;
    const life = `${stage} of ${pid}`;
    // The first that is new is told at once: all that was found has been counted then.
    if (done > cached && !lives.has(life)) {
      lives.add(life);
      found.push({ stage, cached, told });
    }
    most.set(stage, Math.max(told, done));
  };
  return { found, hear };
}

describe('a study in the inference process', () => {
  test('killed 50 times is the study left alone, byte for byte', async (context) => {
    const kills = 50;
    const text = textOf(25_600, 2560);
    const { folder, file } = await toyStudy(context, text);
    const calm = path.join(folder, 'calm');
    const { result } = await runStudy({ file, text, store: calm, device: 'cpu' });

    const { client, crashes } = owner(context);
    const stream = new Stream(5, 'toy', 0);
    const killed = new Map<number, string>();
    const kill = (pid: number, place: string, delay: number): void => {
      if (killed.size >= kills || killed.has(pid)) return;
      killed.set(pid, place);
      setTimeout(() => process.kill(pid, 'SIGKILL'), delay);
    };
    // Every other life dies before it got anywhere: while models are opened, or what is stored is read.
    client.onDidChangeState((state) => {
      if (state.kind === 'up' && killed.size % 2 === 1) kill(state.pid, 'opening', stream.below(100));
    });
    // The others get further than those before, then die at any instant: at work, or writing.
    const perStage = 8;
    const { found, hear } = resumptions();
    const atWork = new Map<string, number>();
    let furthest = -1;
    const store = path.join(folder, 'killed');
    const outcome = await client.run(
      { file, text, store, device: 'cpu' },
      ears((progress) => {
        const { stage, done, total } = progress;
        const { state } = client;
        if (state.kind === 'up') hear(progress, state.pid);
        const place = stages.indexOf(stage) + 1 - 1 / (1 + done);
        const further = place > furthest;
        furthest = Math.max(furthest, place);
        const before = atWork.get(stage) ?? 0;
        if (!further || done === 0 || state.kind !== 'up' || killed.has(state.pid)) return;
        // The last stage takes what the others leave.
        if (stage !== 'layers' && before >= perStage) return;
        // However fast this machine is, the stage has to last: a life that got further than its share dies at once.
        const ahead = done / total > (before + 1) / (perStage + 1);
        atWork.set(stage, before + 1);
        kill(state.pid, stage, ahead ? 0 : stream.below(60));
      }),
      never,
    );
    const places = ['opening', ...stages];
    const where = places.map((at) => `${at} ${[...killed.values()].filter((one) => one === at).length}`);
    context.diagnostic(`killed in ${where.join(', ')}`);
    assert.equal(killed.size, kills, where.join(', '));
    assert.ok(new Set(killed.values()).size > 3, `in several stages: ${where.join(', ')}`);
    assert.equal(crashes.length, kills, 'each is told once');
    for (const stage of ['probe', 'rescore', 'layers'] as const) {
      const resumed = found.filter((one) => one.stage === stage && one.told > 0);
      context.diagnostic(`${stage} was gone on with ${resumed.length} times`);
      assert.ok(resumed.length > 0, stage);
      for (const { cached, told } of resumed)
        assert.ok(cached >= told, `${stage}: ${told} images were told as done, ${cached} of them were kept`);
    }
    assert.deepEqual(timeless(outcome.result), timeless(result));
    assert.deepEqual(await contents(store), await contents(calm));
  });

  test('goes on in a new process when it is restarted, and nobody is told of a crash', async (context) => {
    const { file } = await toyStudy(context, textOf(20_000, 200));
    const { client, crashes } = owner(context);
    let restarted: Promise<void> | null = null;
    const pids = new Set<number>();
    client.onDidChangeState((state) => state.kind === 'up' && pids.add(state.pid));
    const { result } = await client.run(
      { file, device: 'cpu' },
      ears(({ done }) => {
        if (done > 0) restarted ??= client.restart();
      }),
      never,
    );
    assert.ok(restarted, 'it was restarted');
    assert.equal(pids.size, 2);
    assert.equal(result.probed, 20_000);
    assert.deepEqual(crashes, []);
  });

  test('is given up after three crashes without progress, with the reason', async (context) => {
    const { file } = await toyStudy(context, textOf(2000, 100));
    const { client, crashes } = owner(context);
    client.onDidChangeState(
      (state) => state.kind === 'up' && lives(state.pid) && process.kill(state.pid, 'SIGKILL'),
    );
    await assert.rejects(
      client.run({ file, device: 'cpu' }, ears(), never),
      /three times without any progress/,
    );
    assert.deepEqual(
      crashes.map(({ continues }) => continues),
      [true, true],
      'the third is the error itself',
    );
  });

  test('is not tried again with a Node that is not there', async (context) => {
    const { file } = await toyStudy(context, textOf(2000, 100));
    const { client, crashes } = owner(context, { nodePath: () => '/nowhere/node' });
    await assert.rejects(client.run({ file, device: 'cpu' }, ears(), never), /higan\.nodePath/);
    assert.deepEqual(crashes, []);
  });
});

describe('the inference process', () => {
  test('dies once for everybody who waits for it: one notification', async (context) => {
    const { folder, file } = await toyStudy(context, textOf(20_000, 100));
    const other = await writeExperiment(folder, textOf(30_000, 100), 'b.higan.yaml');
    const { client, crashes } = owner(context);
    const stop = new AbortController();
    let killed = false;
    const studies = [file, other].map((one, k) =>
      client.run(
        { file: one, store: path.join(folder, `store-${k}`), device: 'cpu' },
        ears(({ done }) => {
          if (killed || done === 0 || client.state.kind !== 'up') return;
          killed = true;
          process.kill(client.state.pid, 'SIGKILL');
        }),
        stop.signal,
      ),
    );
    const probed = (await Promise.all(studies)).map(({ result }) => result.probed);
    assert.deepEqual(probed, [20_000, 30_000]);
    assert.equal(crashes.length, 1);
  });

  test('ends when nothing was asked of it for a while, and not before', async (context) => {
    const { file } = await toyStudy(context, textOf(20_000, 200));
    const { client, crashes } = owner(context, { idleMinutes: () => 0.005 });
    const { result } = await client.run({ file, device: 'cpu' }, ears(), never);
    assert.equal(result.probed, 20_000, 'a study that takes longer than the idle time is not ended');
    const { pid } = await client.call('hello', {});
    assert.ok(await gone(pid, 5), 'its memory is the system’s again');
    assert.equal(client.state.kind, 'off');
    const next = await client.call('hello', {});
    assert.notEqual(next.pid, pid, 'the next need starts another');
    assert.deepEqual(crashes, []);
  });

  test('goes by a shorter time at once when it idles already', async (context) => {
    let minutes = 10;
    const { client } = owner(context, { idleMinutes: () => minutes });
    const { pid } = await client.call('hello', {});
    minutes = 0.005;
    client.idleMinutesChanged();
    assert.ok(await gone(pid, 5));
  });

  test('does not outlive an owner that is killed, at rest or in the middle of a study', async (context) => {
    const { file } = await toyStudy(context, textOf(400_000, 200));
    // The owner as small as can be: it forks, asks, and tells the process's number once there is an answer.
    const script = `
      const child = require('node:child_process').fork(${JSON.stringify(entry)}, [], { serialization: 'advanced' });
      const [name, params] = JSON.parse(process.argv[1]);
      child.on('message', (message) => {
        if (message.kind === 'result' || (message.name === 'progress' && message.data.done > 0)) console.log(child.pid);
      });
      child.send({ kind: 'call', id: 1, name, params });`;
    const calls = [
      ['hello', {}],
      ['run', { id: 'a', file, device: 'cpu' }],
    ];
    for (const call of calls) {
      const parent = spawn(process.execPath, ['-e', script, JSON.stringify(call)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      context.after(() => parent.kill('SIGKILL'));
      const pid = await new Promise<number>((resolve) =>
        parent.stdout.setEncoding('utf8').once('data', (text: string) => resolve(Number.parseInt(text, 10))),
      );
      assert.ok(lives(pid), 'it is at work');
      parent.kill('SIGKILL');
      assert.ok(await gone(pid, 5), `it went with its owner`);
    }
  });
});
