/**
 * Memory of the process at 500,000 probe samples against 10,000. A tiny linear generator stands in for a real one, so
 * that half a million images take a minute: what could grow with N is the study's, not the network's.
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runStudy } from '../../src/engine/study';
import { writeLinearModel } from '../fixtures/linear-model';
import type { Benchmark } from './benchmark';

const [small, settled, large] = [10_000, 100_000, 500_000];

/** Peak resident memory in bytes of a process that probes and fits `samples` codes. */
async function peak(samples: number): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'higan-bench-'));
  try {
    await writeLinearModel(path.join(folder, 'models'), [
      { label: 'one', layers: [0], scale: 1 },
      { label: 'two', layers: [2], scale: 1 },
    ]);
    const file = path.join(folder, 'a.higan.yaml');
    await writeFile(
      file,
      `generator: toy\npredictors: [toy]\nprobe: { samples: ${samples}, positives: 500 }\n`,
    );
    await runStudy({ file, until: 'boundary', device: 'cpu', threads: 1 });
    return process.resourceUsage().maxRSS * 1024;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same in a process of its own. */
function peakApart(samples: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1], ['--inside', 'memory', String(samples)]);
    child.on('message', (message) => resolve((message as { peak: number }).peak));
    child.on('exit', (code) => code !== 0 && reject(new Error(`The measuring process ended with ${code}.`)));
  });
}

export const benchmark: Benchmark = {
  name: 'memory',
  goal: 'peak memory at 500,000 samples is at most 1.1 × that at 10,000 (a tiny generator stands in)',
  async run(note) {
    const asked = Number(process.argv[4]);
    if (asked > 0) {
      // The child of `peakApart`: it measures, tells, and has no row of its own.
      process.send?.({ peak: await peak(asked) });
      return [];
    }
    const few = await peakApart(small);
    note(`${small} samples: ${(few / 2 ** 20).toFixed(0)} MiB`);
    const many = await peakApart(large);
    note(`${large} samples: ${(many / 2 ** 20).toFixed(0)} MiB`);
    // The process of few samples ends before its heap has settled; what grows with N would go on growing after that.
    const some = await peakApart(settled);
    note(
      `${settled} samples: ${(some / 2 ** 20).toFixed(0)} MiB, so ${(many / some).toFixed(2)} × from there`,
    );
    return [
      {
        what: 'peak memory, 500,000 samples (tiny generator)',
        ours: `${(many / 2 ** 20).toFixed(0)} MiB`,
        against: `${(few / 2 ** 20).toFixed(0)} MiB at 10,000`,
        ratio: many / few,
        goal: '≤ 1.1 ×',
        met: many / few <= 1.1,
      },
    ];
  },
};
