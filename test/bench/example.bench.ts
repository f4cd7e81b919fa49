/** The example study from nothing to ranking and heatmap, and its warm answer, as `npm start` runs it. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { workerFile } from '../../src/engine/worker-file';
import type { Benchmark, Row } from './benchmark';

function seconds(store: string): Promise<number> {
  const higan = workerFile('higan');
  const file = path.join(path.dirname(higan), '..', 'examples', 'rooms', 'bedroom.higan.yaml');
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [higan, 'run', file, '--show', '--store', store], {
      stdio: 'ignore',
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0
        ? resolve((performance.now() - started) / 1000)
        : reject(new Error(`higan run ended with ${code}.`)),
    );
  });
}

export const benchmark: Benchmark = {
  name: 'example',
  goal: 'the example study takes at most 3 minutes, its warm answer at most 2 seconds',
  async run(note) {
    const store = await mkdtemp(path.join(os.tmpdir(), 'higan-bench-'));
    try {
      const cold = await seconds(store);
      note(`cold: ${cold.toFixed(1)} s`);
      const warm = await seconds(store);
      note(`warm: ${warm.toFixed(2)} s`);
      return [toRow('example study, rooms', cold, 180), toRow('its warm answer', warm, 2)];
    } finally {
      await rm(store, { recursive: true, force: true });
    }
  },
};

function toRow(what: string, taken: number, limit: number): Row {
  return {
    what,
    ours: `${taken.toFixed(1)} s`,
    against: `${limit} s allowed`,
    ratio: taken / limit,
    goal: '≤ 1 ×',
    met: taken <= limit,
  };
}
