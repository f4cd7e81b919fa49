/** A writer killed at any instant. This file is also that writer: started again with a role, it writes a store. */
import test from 'node:test';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../../src/engine/store';
import { temporaryFolder, treeOf } from './folders';

const chunks = 40;
const content = (series: number, n: number) =>
  Float32Array.from({ length: 3000 }, (_, i) => Math.sin(series * 1e6 + n * 1e4 + i));

/** Writes what is missing of three series, and says after each chunk that it is done. */
async function writer(folder: string): Promise<void> {
  const store = await openStore(folder, { write: true, writer: 'test' });
  const lock = await store.lock();
  process.stdout.write('locked\n');
  for (let n = 0; n < chunks; n++) {
    for (let s = 0; s < 3; s++) {
      const series = store.series({ series: s });
      if (await series.read(n)) continue;
      await series.write(n, content(s, n), [1000, 3]);
      process.stdout.write(`${s} ${n}\n`);
    }
  }
  await lock.release();
}

function start(folder: string) {
  return spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    env: {
      ...process.env,
      NODE_TEST_CONTEXT: undefined,
      HIGAN_TEST_ROLE: 'writer',
      HIGAN_TEST_STORE: folder,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

if (process.env.HIGAN_TEST_ROLE === 'writer') await writer(process.env.HIGAN_TEST_STORE ?? '');
else {
  test('a writer killed again and again loses nothing it said was done, and ends with the same bytes', async (t) => {
    const folder = await temporaryFolder(t);
    const alone = path.join(folder, 'alone');
    const killed = path.join(folder, 'killed');
    assert.deepEqual(await once(start(alone), 'exit'), [0, null]);

    const done = new Set<string>();
    let kills = 0;
    for (;;) {
      const child = start(killed);
      let output = '';
      child.stdout.on('data', (data) => (output += String(data)));
      const closed = once(child, 'close');
      if (kills < 25) {
        // Some are killed while they take the lock, most while they write.
        if (kills % 5 !== 4) await once(child.stdout, 'data');
        await sleep(kills % 5 === 4 ? 40 + kills : Math.random() * 25);
        if (child.kill('SIGKILL')) kills++;
      }
      const [code, signal] = (await closed) as [number | null, string | null];
      for (const line of output.split('\n').slice(0, -1)) if (line !== 'locked') done.add(line);

      const store = await openStore(killed, { write: false });
      for (const line of done) {
        const [s, n] = line.split(' ').map(Number);
        assert.deepEqual((await store.series({ series: s }).read(n))?.data, content(s, n), `chunk ${line}`);
      }
      if (signal === null) {
        assert.equal(code, 0);
        break;
      }
    }
    assert.ok(kills >= 10, `${kills} kills`);
    assert.deepEqual(await readdir(path.join(killed, 'tmp')), []);
    assert.deepEqual(await treeOf(killed), await treeOf(alone));
  });
}
