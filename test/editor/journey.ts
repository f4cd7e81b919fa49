/**
 * One whole journey in the served editor, as a person walks it: new experiment → plan → run → ranking → heatmap → slider →
 * YAML changed → verdict written → window reloaded. Screenshots of every step go to `out/journey`.
 */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, Page } from 'playwright-core';
import { projectRoot } from './project';
import { removeFolder } from './server';
import { openWorkbench, type Workbench } from './workbench';

const long = 150_000;
const pictures = path.join(projectRoot, 'out', 'journey');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'higan-journey-'));
const file = path.join(scratch, 'evening.higan.yaml');

/** Small enough for a test; a comment that has to survive everything. */
const small = `# A study of light.
generator: rooms
predictors: [rooms, color]
seed: 7
probe: { samples: 300, positives: 40, negatives: 40 }
rescore: { samples: 24, step: 2, layers: groups, top: 2, nulls: 2 }
concepts: [layout/*, attribute/indoor lighting, attribute/warm, color/brightness]
`;

const text = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

async function until(what: string, test: () => boolean | Promise<boolean>, limit = 60_000): Promise<void> {
  for (const end = Date.now() + limit; !(await test()); await sleep(100))
    if (Date.now() > end) throw new Error(`It never came about that ${what}.`);
}

function storedStages(): string[] {
  const results = path.join(scratch, '.higan', 'results');
  if (!existsSync(results)) return [];
  return readdirSync(results)
    .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
    .flatMap(
      (name) => (JSON.parse(readFileSync(path.join(results, name), 'utf8')) as { stages: string[] }).stages,
    );
}

/** Saves the experiment and waits for what the disk then holds. */
async function saved(workbench: Workbench, what: string, test: (content: string) => boolean): Promise<void> {
  await workbench.page.locator('.tab', { hasText: 'evening.higan.yaml' }).first().click();
  for (const end = Date.now() + 60_000; ; await sleep(500)) {
    await workbench.page.keyboard.press('Control+s');
    await sleep(300);
    if (test(text())) return;
    if (Date.now() > end) throw new Error(`The file never came to hold ${what}:\n${text()}`);
  }
}

/** Waits for a notification; toasts go by themselves, so the centre is looked into as well. */
async function notified(workbench: Workbench, message: RegExp): Promise<void> {
  const { page } = workbench;
  const said = page.locator('.notifications-toasts, .notifications-center');
  const texts = (): Promise<string[]> => said.allTextContents();
  for (const end = Date.now() + long; !(await texts()).some((one) => message.test(one)); await sleep(1000)) {
    if (Date.now() > end)
      throw new Error(`No notification said ${String(message)}, but: ${(await texts()).join(' | ')}`);
    if (!(await page.locator('.notifications-center.visible').count()))
      await workbench.command('Notifications: Show Notifications').catch(() => undefined);
  }
}

/** Closes notifications that would lie over what is clicked next. */
const clearNotifications = (workbench: Workbench): Promise<void> =>
  workbench.command('Notifications: Clear All Notifications');

/** Chooses in the quick pick that is open: filters, then accepts what is at the top. */
async function pick(page: Page, title: RegExp, filter?: string): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  await widget.locator('.quick-input-title', { hasText: title }).waitFor();
  if (filter !== undefined) await widget.locator('input[type=text]').first().fill(filter);
  await page.keyboard.press('Enter');
}

const steps: { name: string; walk(workbench: Workbench): Promise<void> }[] = [
  {
    name: 'a new experiment is made by a few choices',
    async walk(workbench) {
      const { page } = workbench;
      await workbench.command('HiGAN: New Experiment', 120_000);
      await pick(page, /the generator/, 'rooms');
      await pick(page, /the predictors/);
      await pick(page, /how many samples/);
      await pick(page, /its name/, 'evening');
      await until('the file is there', () => text().startsWith('#'));
      await page.locator('.tab', { hasText: 'evening.higan.yaml' }).waitFor();
      writeFileSync(file, small);
      await page.locator('.view-lines', { hasText: 'A study of light' }).waitFor();
    },
  },
  {
    name: 'the plan says what a run costs here',
    async walk(workbench) {
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Plan' }).click();
      await notified(workbench, /needs .* images on/);
      await clearNotifications(workbench);
    },
  },
  {
    name: 'it runs from the lens above the file, to the last stage',
    async walk(workbench) {
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().click();
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Cancel' }).waitFor();
      await until('all stages are stored', () => storedStages().includes('layers'), long);
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Ranking' }).waitFor();
    },
  },
  {
    name: 'the ranking opens beside the file',
    async walk(workbench) {
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Ranking' }).first().click();
      const frame = await workbench.webview('higan-ranking');
      await frame.locator('.rows .line').first().waitFor();
      assert.ok((await frame.locator('.rows .line').count()) >= 4);
    },
  },
  {
    name: 'a verdict is written into the file',
    async walk(workbench) {
      const frame = await workbench.webview('higan-ranking');
      await frame.locator('.rows .line', { hasText: 'indoor lighting' }).first().click();
      await review(frame);
      await saved(workbench, 'the verdict', (content) =>
        /review:[\s\S]*indoor lighting[\s\S]*accepted/.test(content),
      );
      assert.ok(text().includes('# A study of light.'), 'comments stay');
    },
  },
  {
    name: 'a cell of the heatmap shows its images, and becomes a preview',
    async walk(workbench) {
      await workbench.command('HiGAN: Show Layer Heatmap');
      const frame = await workbench.webview('higan-heatmap');
      await frame.locator('higan-heat-grid.concepts .cell').first().click();
      await frame.locator('higan-pairs figure').first().waitFor({ timeout: long });
      await picture(workbench, 'heatmap');
      await frame.getByRole('button', { name: 'Add as preview' }).click();
      await saved(workbench, 'the preview', (content) => content.includes('previews:'));
    },
  },
  {
    name: 'a slider that is released changes the YAML',
    async walk(workbench) {
      const frame = await workbench.webview('higan-preview');
      const slider = frame.locator('input[type=range]').first();
      await slider.waitFor({ timeout: long });
      await frame
        .locator('higan-image-grid [role=gridcell][aria-busy=false]')
        .first()
        .waitFor({ timeout: long });
      await slider.focus();
      await workbench.page.keyboard.press('ArrowLeft');
      await saved(workbench, 'the new step', (content) => content.includes('step: 1.95'));
    },
  },
  {
    name: 'panels come back after the window is reloaded',
    async walk(workbench) {
      await workbench.command('Developer: Reload Window');
      const frame = await workbench.webview('higan-preview', long);
      await frame.locator('input[type=range]').first().waitFor({ timeout: long });
    },
  },
];

async function review(frame: Frame): Promise<void> {
  const accepted = frame.getByRole('radio', { name: 'accepted' }).first();
  await accepted.waitFor();
  await accepted.check();
}

const picture = (workbench: Workbench, name: string): Promise<unknown> =>
  workbench.page.screenshot({ path: path.join(pictures, `${name}.png`) });

rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const workbench = await openWorkbench({
  folder: scratch,
  developmentPaths: [projectRoot],
  viewport: { width: 1500, height: 950 },
});
let passed = 0;
let problem: string | null = null;
try {
  for (const [index, step] of steps.entries()) {
    await step.walk(workbench);
    await picture(workbench, `${index + 1}`);
    process.stdout.write(`✔ ${step.name}\n`);
    passed++;
  }
} catch (error) {
  problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await picture(workbench, 'failed').catch(() => undefined);
  process.stdout.write(`✖ ${steps[passed].name}\n    ${problem.replaceAll('\n', '\n    ')}\n`);
} finally {
  await workbench.stop();
  removeFolder(scratch);
}
process.stdout.write(`ℹ pass ${passed}\nℹ fail ${steps.length - passed}\nℹ skipped 0\n`);
process.exit(problem ? 1 : 0);
