/** What the extension costs a window that meets it: loading its code and activating it, in a real extension host. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../editor/browser';
import { serverInstalled } from '../editor/install';
import { projectRoot } from '../editor/project';
import { openWorkbench } from '../editor/workbench';
import { quantiles, timeRow, type Benchmark } from './benchmark';
import type { Activation } from './inside/activation.host';

const windows = 3;

export const benchmark: Benchmark = {
  name: 'activation',
  goal: 'the extension is loaded and activated in at most 50 ms, and loads no native code',
  missing: () =>
    findChromium() === null
      ? 'apt-get install -y chromium'
      : serverInstalled()
        ? null
        : 'npm run editor installs the VS Code server',
  async run(note) {
    const measured: Activation[] = [];
    for (let window = 0; window < windows; window++) {
      measured.push(await inNewWindow());
      note(`window ${window + 1}: ${measured[window].milliseconds.toFixed(1)} ms`);
    }
    const native = Math.max(...measured.map((each) => each.native.length));
    for (const file of new Set(measured.flatMap((each) => each.native))) note(`native: ${file}`);
    return [
      timeRow('activation', quantiles(measured.map((each) => each.milliseconds)).middle, 50),
      {
        what: '  native modules that it loads',
        ours: String(native),
        against: '0 allowed',
        ratio: native,
        goal: '0',
        met: native === 0,
      },
    ];
  },
};

/** Opens a window without experiments, in which nothing has activated the extension yet, and activates it there. */
async function inNewWindow(): Promise<Activation> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'higan-bench-'));
  const result = path.join(folder, 'result.json');
  try {
    const workbench = await openWorkbench({
      folder,
      developmentPaths: [projectRoot],
      testsPath: path.join(path.dirname(fileURLToPath(import.meta.url)), 'activation.host.cjs'),
      env: { HIGAN_BENCH_RESULT: result },
    });
    try {
      await workbench.exited;
    } finally {
      await workbench.stop();
    }
    return JSON.parse(await readFile(result, 'utf8')) as Activation;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
