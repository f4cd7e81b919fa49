/**
 * The packed extension for this platform in the served editor, installed as a person would: it runs a study, survives
 * crashes of its inference process, leaves no process behind, and shows what is stored to who does not trust the folder.
 * `node out/editor/installed.mjs`, after `npm run package`.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { projectRoot } from './project';
import { inferenceOf, type Inference } from './processes';
import { removeFolder } from './server';
import { printCounts, until, walkThrough, type Step } from './walk';
import { openWorkbench, type Workbench } from './workbench';

const patience = 400_000;

const packed = path.join(projectRoot, 'out', 'package');
const vsix = readdirSync(packed).find((name) => name.endsWith(`${process.platform}-${process.arch}.vsix`));
if (!vsix) throw new Error(`There is no .vsix for this platform in ${packed}: npm run package`);

const scratch = mkdtempSync(path.join(os.tmpdir(), 'higan-installed-'));
const folder = path.join(scratch, 'workspace');
mkdirSync(folder);
writeFileSync(
  path.join(folder, 'small.higan.yaml'),
  `generator: rooms
predictors: [rooms]
probe: { samples: 200, positives: 30, negatives: 30 }
rescore: { samples: 20, layers: groups, top: 1, nulls: 2 }
concepts: [attribute/warm]
`,
);

/** Stages of the stored result, once there is one. */
function storedStages(): string[] {
  const results = path.join(folder, '.higan', 'results');
  if (!existsSync(results)) return [];
  const [file] = readdirSync(results).filter((entry) => /^[0-9a-f]{64}\.json$/.test(entry));
  if (!file) return [];
  return (JSON.parse(readFileSync(path.join(results, file), 'utf8')) as { stages: string[] }).stages;
}

/** The window's one inference process, once there is one that is not among those that were there before. */
async function newInference({ server }: Workbench, before: readonly number[] = []): Promise<Inference> {
  let found: Inference[] = [];
  await until('an inference process is there', () => {
    found = inferenceOf(server).filter(({ pid }) => !before.includes(pid));
    return found.length > 0;
  });
  assert.equal(found.length, 1, 'one a window');
  return found[0];
}

const isGone = ({ server }: Workbench, pid: number): Promise<void> =>
  until(
    `the inference process ${pid} is gone`,
    () => !inferenceOf(server).some((one) => one.pid === pid),
    15_000,
  );

/** The notification of a crash, which there must be one of. */
async function crashTold({ page }: Workbench): Promise<Locator> {
  const toast = page.locator('.notification-toast', { hasText: 'was killed by the system' });
  await toast.first().waitFor();
  assert.equal(await toast.count(), 1, 'one notification a crash');
  assert.match(await toast.innerText(), /continues from the store/);
  return toast;
}

const trusted: Step<Workbench>[] = [
  {
    name: 'a study is run; killed, it says so once, shows the log, is restarted, and ends',
    async walk(workbench) {
      await workbench.command('HiGAN: Run Experiment', 120_000);
      const first = await newInference(workbench);
      process.kill(first.pid, 'SIGKILL');
      const log = (await crashTold(workbench)).getByRole('button', { name: 'Show Log' });
      await log.click();
      const output = workbench.page.locator('.output-view-content .view-lines, .panel .view-lines');
      await output.filter({ hasText: 'inference process is started' }).first().waitFor();

      const second = await newInference(workbench, [first.pid]);
      process.kill(second.pid, 'SIGKILL');
      const restart = (await crashTold(workbench)).getByRole('button', { name: 'Restart' });
      const third = await newInference(workbench, [first.pid, second.pid]);
      await restart.click();
      await isGone(workbench, third.pid);
      await until('every stage is stored', () => storedStages().includes('layers'), patience);
    },
  },
  {
    name: 'a terminal finds higan on its PATH',
    async walk(workbench) {
      const { page } = workbench;
      await workbench.command('Terminal: Create New Terminal');
      await page.locator('.terminal-wrapper.active .xterm-helper-textarea').first().waitFor();
      const said = path.join(folder, 'said.txt');
      const { version } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
        version: string;
      };
      // What is typed before the shell is there is kept for it.
      await page.keyboard.type('(higan --version; command -v higan) > said.txt 2>&1; echo end >> said.txt\n');
      const text = (): string => (existsSync(said) ? readFileSync(said, 'utf8') : '');
      await until('it answered', () => text().endsWith('end\n')).catch(() => assert.fail(text()));
      const [told, place] = text().split('\n');
      assert.equal(told, version);
      assert.match(place, /\/extensions\/higan-studio\.higan-studio-[^/]*\/bin\/higan$/);
    },
  },
  {
    name: 'a window that is left takes its inference process along',
    async walk(workbench) {
      await workbench.command('HiGAN: Check Models');
      const { pid } = await newInference(workbench);
      await workbench.reload();
      await isGone(workbench, pid);
    },
  },
  {
    name: 'an extension host that is killed takes its inference process along',
    async walk(workbench) {
      await workbench.command('HiGAN: Check Models', 120_000);
      const { pid, owner } = await newInference(workbench);
      process.kill(owner, 'SIGKILL');
      await isGone(workbench, pid);
    },
  },
];

const untrusted: Step<Workbench>[] = [
  {
    name: 'who does not trust the folder sees its stored ranking and heatmap, and nothing is started',
    async walk(workbench) {
      const { page, server } = workbench;
      await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).first().waitFor();
      await workbench.command('HiGAN: Show Ranking', 120_000);
      const ranking = await workbench.webview('higan-ranking');
      await ranking.locator('.rows .line', { hasText: 'warm' }).first().waitFor();
      await workbench.command('HiGAN: Show Layer Heatmap');
      const heatmap = await workbench.webview('higan-heatmap');
      await heatmap.locator('higan-heat-grid.concepts .cell').first().waitFor();
      // Long enough for a process that something would have asked for.
      await sleep(1000);
      assert.deepEqual(inferenceOf(server), []);
    },
  },
];

/** Walks in a new window on the folder. @returns how many steps were walked */
async function inWindow(steps: readonly Step<Workbench>[], trust: boolean): Promise<number> {
  const workbench = await openWorkbench({ folder, vsix: [path.join(packed, vsix ?? '')], trust });
  try {
    return await walkThrough(steps, workbench, async (step) => {
      if (step !== 'failed') return;
      const file = path.join(packed, 'installed.png');
      await workbench.page.screenshot({ path: file });
      process.stderr.write(`Screenshot: ${file}\n`);
    });
  } finally {
    await workbench.stop();
  }
}

let passed = 0;
try {
  passed = await inWindow(trusted, false);
  if (passed === trusted.length) passed += await inWindow(untrusted, true);
} finally {
  removeFolder(scratch);
}
const all = trusted.length + untrusted.length;
printCounts(passed, all);
process.exit(passed === all ? 0 : 1);
