/** Who may write. This file is also the other process: started again with a role, it takes locks instead of tests. */
import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../../src/engine/failure';
import { openStore, type Store } from '../../../src/engine/store';
import { processStart, thisProcess } from '../../../src/engine/store/process-identity';
import { temporaryFolder } from './folders';

const quick = { heartbeat: 20, silence: 400 };

/** Answers each line on its input: takes the lock of the folder named there, or says who has it. */
async function racer(): Promise<void> {
  process.stdout.write('ready\n');
  for await (const chunk of process.stdin) {
    for (const folder of String(chunk).split('\n').filter(Boolean)) {
      const store = await openStore(folder, { write: true });
      const answer = await store.lock().then(
        () => 'won',
        (error: unknown) => (error instanceof Failure ? `lost ${error.message}` : `broke ${String(error)}`),
      );
      process.stdout.write(`${answer}\n`);
    }
  }
}

/** A second process, and its answers line by line. */
function startRacer(): { child: ChildProcess; ask: (folder: string) => void; line: () => Promise<string> } {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, HIGAN_TEST_ROLE: 'racer' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  let rest = '';
  child.stdout?.on('data', (data) => {
    const parts = (rest + String(data)).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    child.emit('line');
  });
  return {
    child,
    ask: (folder) => void child.stdin?.write(`${folder}\n`),
    async line() {
      while (lines.length === 0) await once(child, 'line');
      return lines.shift() ?? '';
    },
  };
}

/** A lock file as another process would have left it. */
async function plant(
  store: Store,
  holder: object,
  touched = new Date(),
  name = 'writer.lock',
): Promise<string> {
  const file = path.join(store.folder, 'locks', name);
  await mkdir(path.dirname(file), { recursive: true });
  // Another file under the name, as a takeover leaves it; not other bytes in the one that its holder has open.
  await rm(file, { force: true });
  await writeFile(
    file,
    JSON.stringify({ ...thisProcess(), since: '2026-01-02T03:04:05.000Z', token: 'planted', ...holder }),
  );
  await utimes(file, touched, touched);
  return file;
}

const refused = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error));
  assert.match(error.message, pattern);
  return true;
};

async function newStore(t: test.TestContext): Promise<Store> {
  return openStore(path.join(await temporaryFolder(t), '.higan'), { write: true });
}

if (process.env.HIGAN_TEST_ROLE === 'racer') await racer();
else {
  describe('the lock of a store', () => {
    test('is held by one writer; a second one is told who, where, since when, and what to do', async (t) => {
      const store = await newStore(t);
      const lock = await store.lock();
      await assert.rejects(
        store.lock(),
        refused(
          new RegExp(
            `written by process ${process.pid} on ${os.hostname()}, since 20.*Wait.*stop it.*--store`,
          ),
        ),
      );
      await lock.release();
      await (await store.lock()).release();
      assert.deepEqual(await readdir(path.join(store.folder, 'locks')), []);
      assert.deepEqual(await readdir(path.join(store.folder, 'tmp')), []);
    });

    test('is shared by the runs of one process, and given back by the last of them', async (t) => {
      const store = await newStore(t);
      const other = await openStore(store.folder, { write: true });
      const [first, second] = await Promise.all([store.lockTogether(), other.lockTogether()]);
      await assert.rejects(store.lock(), refused(/already being written/), 'who needs it alone is refused');
      await first.release();
      await first.release();
      await assert.rejects(first.check(), /was released/);
      await assert.rejects(store.writeDocument('toy', 1, 1), /has to be locked/);
      await second.check();
      await other.writeDocument('toy', 1, 1);
      await assert.rejects(store.lock(), refused(/already being written/));
      // The next one asks while the last one gives back.
      const [, third] = await Promise.all([second.release(), store.lockTogether()]);
      await third.check();
      await third.release();
      const alone = await store.lock();
      await assert.rejects(other.lockTogether(), refused(/already being written/));
      await alone.release();
      await (await other.lockTogether()).release();
      assert.deepEqual(await readdir(path.join(store.folder, 'locks')), []);
    });

    test('is taken over from a process that is gone', async (t) => {
      const store = await newStore(t);
      const { child, ask, line } = startRacer();
      t.after(() => child.kill('SIGKILL'));
      await line();
      ask(store.folder);
      assert.equal(await line(), 'won');
      await assert.rejects(store.lock(), refused(new RegExp(`process ${child.pid}`)));
      child.kill('SIGKILL');
      await once(child, 'exit');
      await (await store.lock()).release();
    });

    test('is taken over from a process whose number was given to another', async (t) => {
      if (processStart(process.pid) === null)
        return t.skip('this system does not say when processes started');
      const store = await newStore(t);
      await plant(store, { started: '12345' });
      await (await store.lock()).release();
    });

    test('of another machine is respected while it beats, and taken over after silence', async (t) => {
      const store = await newStore(t);
      await plant(store, { host: 'elsewhere', pid: 77 }, new Date(Date.now() - 50_000));
      await assert.rejects(store.lock(), refused(/process 77 on elsewhere.*60 seconds of silence/));
      await plant(store, { host: 'elsewhere', pid: 77 }, new Date(Date.now() - 61_000));
      await (await store.lock()).release();
    });

    test('from before the last boot, or torn, is judged by its silence', async (t) => {
      const store = await newStore(t);
      await plant(store, { boot: 'earlier' });
      await assert.rejects(store.lock(), refused(/already being written/));
      const file = await plant(store, { boot: 'earlier' }, new Date(Date.now() - 61_000));
      await (await store.lock()).release();
      await writeFile(file, '');
      await assert.rejects(
        store.lock(),
        refused(/lock file .*writer\.lock is damaged.*as gone after 60 seconds.*run again then/),
      );
      await utimes(file, 1, 1);
      await (await store.lock()).release();
    });

    test('a takeover that was killed half-way does not stand in the way', async (t) => {
      const store = await newStore(t);
      await plant(store, { started: '12345' });
      await plant(store, { started: '12345', token: 'second' }, new Date(), 'writer.lock.planted');
      if (processStart(process.pid) === null)
        return t.skip('this system does not say when processes started');
      await (await store.lock()).release();
      assert.deepEqual(await readdir(path.join(store.folder, 'locks')), []);
    });

    test('beats: its file stays young', async (t) => {
      const store = await newStore(t);
      const lock = await store.lock({ times: quick });
      const file = path.join(store.folder, 'locks', 'writer.lock');
      await utimes(file, 1, 1);
      await sleep(200);
      const other = { ...thisProcess(), host: 'elsewhere' };
      await assert.rejects(store.lock({ times: quick, identity: other }), refused(/already being written/));
      await lock.release();
    });

    for (const [how, meddle] of [
      ['taken over', (store: Store) => plant(store, { host: 'elsewhere', token: 'theirs' })],
      ['deleted', (store: Store) => rm(path.join(store.folder, 'locks', 'writer.lock'))],
    ] as const) {
      test(`that was ${how} stops its former holder, who leaves the new one alone`, async (t) => {
        const store = await newStore(t);
        const lock = await store.lock({ times: quick });
        const series = store.series('x');
        await series.write(0, new Float32Array(1), [1]);
        await meddle(store);
        for (const end = Date.now() + 30_000; !lock.lost.aborted; await sleep(10))
          assert.ok(Date.now() < end, 'it holds on to a lock that it lost');
        await assert.rejects(series.write(1, new Float32Array(1), [1]), refused(/lock.*was lost.*Run again/));
        await lock.release();
        if (how === 'taken over') {
          const left = await readFile(path.join(store.folder, 'locks', 'writer.lock'), 'utf8');
          assert.match(left, /theirs/);
        }
        assert.deepEqual(await series.numbers(), [0]);
      });
    }

    test('is given back where what lies beside it cannot be read', async (t) => {
      const store = await newStore(t);
      const unreadable = path.join(store.folder, 'locks', 'shard-1-of-2.lock');
      await mkdir(unreadable, { recursive: true });
      await assert.rejects(store.lock(), refused(/shard-1-of-2\.lock/));
      assert.deepEqual(await readdir(path.dirname(unreadable)), ['shard-1-of-2.lock']);
      await rm(unreadable, { recursive: true });
      await (await store.lock()).release();
    });

    describe('released after a silence', () => {
      /** A lock that was held without a sign of life for so long that other machines may take it over. */
      async function silent(t: test.TestContext) {
        const store = await newStore(t);
        const lock = await store.lock({ times: { ...quick, heartbeat: 60_000 } });
        await sleep(quick.silence / 2 + 50);
        const file = path.join(store.folder, 'locks', 'writer.lock');
        return { store, lock, file, text: await readFile(file, 'utf8') };
      }

      test('is gone all the same, where nobody took it over', async (t) => {
        const { store, lock, file } = await silent(t);
        await lock.release();
        assert.deepEqual(await readdir(path.dirname(file)), []);
        await (await store.lock()).release();
      });

      test('is left to who has taken it over, or is about to', async (t) => {
        const { store, lock, file, text } = await silent(t);
        const { token } = JSON.parse(text) as { token: string };
        await plant(store, { host: 'elsewhere' }, new Date(), `writer.lock.${token}`);
        await lock.release();
        assert.equal(await readFile(file, 'utf8'), text, 'another machine has the claim on it');

        const second = await silent(t);
        await plant(second.store, { host: 'elsewhere', token: 'theirs' });
        await second.lock.release();
        assert.match(await readFile(second.file, 'utf8'), /theirs/);
      });
    });

    test('shards write beside each other, each name once, and not beside a writer of the whole', async (t) => {
      const store = await newStore(t);
      const first = await store.lock({ shard: '1-of-2' });
      const second = await (await openStore(store.folder, { write: true })).lock({ shard: '2-of-2' });
      await assert.rejects(store.lock({ shard: '1-of-2' }), refused(/shard 1-of-2/));
      await assert.rejects(store.lock(), refused(/shard-[12]-of-2/));
      await first.release();
      await second.release();
      const whole = await store.lock();
      await assert.rejects(store.lock({ shard: '1-of-2' }), refused(/as a whole/));
      await whole.release();
      await plant(store, { started: '12345' }, new Date(0), 'shard-9-of-9.lock');
      await (await store.lock()).release();
      assert.deepEqual(await readdir(path.join(store.folder, 'locks')), []);
    });

    test('of two processes that race for it, for a new or a dead one, exactly one wins: 50 times', async (t) => {
      const folder = await temporaryFolder(t);
      for (let batch = 0; batch < 5; batch++) {
        // A winner keeps its locks until it ends, so every race has a store of its own.
        const racers = [startRacer(), startRacer()];
        t.after(() => racers.forEach((racer) => racer.child.kill('SIGKILL')));
        for (const racer of racers) assert.equal(await racer.line(), 'ready');
        for (let race = 0; race < 10; race++) {
          const store = await openStore(path.join(folder, `${batch}-${race}`), { write: true });
          if (race % 2 === 1) await plant(store, { pid: 2 ** 22 + 7, started: '1' });
          for (const racer of racers) racer.ask(store.folder);
          const answers = await Promise.all(racers.map((racer) => racer.line()));
          assert.deepEqual(
            answers.map((answer) => answer.split(' ')[0]).sort(),
            ['lost', 'won'],
            answers.join('\n'),
          );
          const loser = answers.findIndex((answer) => answer.startsWith('lost'));
          assert.match(answers[loser], new RegExp(`process ${racers[1 - loser].child.pid} `));
        }
        for (const racer of racers) {
          racer.child.kill();
          await once(racer.child, 'exit');
        }
      }
    });
  });
}
