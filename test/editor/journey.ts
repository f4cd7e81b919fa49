/**
 * One whole journey in the served editor, as a person walks it: new experiment → plan → run → ranking → verdict → heatmap →
 * slider → YAML changed → the other panels → window reloaded. Screenshots of every step and of every panel go to
 * `out/journey`; with HIGAN_UPDATE=1 the study is as large as the bundled example's, the screenshots are sharper, and those
 * that the README shows are copied to `docs/images`.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  copyFileSync,
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
import { promisify } from 'node:util';
import type { Frame, Page } from 'playwright-core';
import { studyResultSchema, type StudyResult } from '../../src/protocol/results';
import { projectRoot } from './project';
import { removeFolder } from './server';
import { printCounts, until, walkThrough, type Step } from './walk';
import { openWorkbench, type Workbench } from './workbench';

const update = process.env.HIGAN_UPDATE === '1';
const long = update ? 900_000 : 150_000;
/** Screenshots that the README shows. */
const shown = ['ranking', 'review', 'heatmap', 'preview', 'entanglement', 'transition', 'compare'];
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
transitions:
  - { path: [living room, bedroom], samples: 20, layers: lower }
`;
/** The same with the numbers of the bundled example. */
const large = small
  .replace(/probe: .*/, 'probe: { samples: 4000, positives: 300, negatives: 300 }')
  .replace(/rescore: .*/, 'rescore: { samples: 144, step: 2, layers: groups, top: 6 }')
  .replace(/concepts: .*/, 'concepts: [layout/*, category/*, attribute/*, color/*]')
  .replace('samples: 20, layers: lower', 'samples: 200, layers: bottom');
const study = update ? large : small;

const text = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** The results in the store. */
function stored(): StudyResult[] {
  const results = path.join(scratch, '.higan', 'results');
  if (!existsSync(results)) return [];
  return readdirSync(results)
    .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
    .map((name) => studyResultSchema.parse(JSON.parse(readFileSync(path.join(results, name), 'utf8'))));
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

const steps: Step<Workbench>[] = [
  {
    name: 'a new experiment is made by a few choices',
    async walk(workbench) {
      const { page } = workbench;
      await workbench.command('HiGAN: New Experiment', 120_000);
      await pick(page, /what it is for/);
      await pick(page, /the generator/, 'rooms');
      await pick(page, /the predictors/);
      await pick(page, /how many samples/);
      await pick(page, /its name/, 'evening');
      await until('the file is there', () => text().startsWith('#'));
      await page.locator('.tab', { hasText: 'evening.higan.yaml' }).waitFor();
      writeFileSync(file, study);
      await page.locator('.view-lines', { hasText: 'A study of light' }).waitFor();
      await workbench.command('View: Close Primary Side Bar');
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
      await until(
        'all stages are stored',
        () => stored().some(({ stages }) => stages.includes('layers')),
        long,
      );
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
      await picture(workbench, 'ranking');
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
    name: 'a verdict that the results contradict is marked in the file',
    async walk(workbench) {
      // With too few movers the results say nothing, and contradict nothing.
      const still = stored()[0].concepts.find(
        ({ effect }) => effect && !effect.moves && !effect.tooFewMovers,
      )?.concept;
      assert.ok(still, 'something does not move');
      writeFileSync(file, `${text()}  ${still}: { verdict: accepted }\n`);
      await workbench.page.locator('.view-lines', { hasText: still.split('/')[1] }).waitFor();
      await workbench.page.locator('.squiggly-warning').first().waitFor();
      await picture(workbench, 'review');
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
      await until(
        'every image is drawn',
        async () => (await frame.locator('higan-image-grid [role=gridcell][aria-busy=true]').count()) === 0,
        long,
      );
      // The slider that was reached by keyboard had been scrolled into view.
      await frame.locator('higan-image-grid [role=columnheader]').first().scrollIntoViewIfNeeded();
      await picture(workbench, 'preview');
    },
  },
  {
    name: 'the entanglement shows what else a concept changes',
    async walk(workbench) {
      await workbench.command('HiGAN: Show Entanglement');
      const frame = await workbench.webview('higan-entanglement');
      await frame.locator('higan-heat-grid .cell').nth(1).click({ timeout: long });
      await picture(workbench, 'entanglement');
    },
  },
  {
    name: 'a transition is followed pixel by pixel',
    async walk(workbench) {
      await workbench.command('HiGAN: Show Transition');
      const frame = await workbench.webview('higan-transition');
      await frame.locator('button', { hasText: '→' }).first().click({ timeout: long });
      await frame.locator('.examples higan-image').first().waitFor({ timeout: long });
      await picture(workbench, 'transition');
    },
  },
  {
    name: 'two studies are compared, one of them from the command line',
    async walk(workbench) {
      const other = path.join(scratch, 'lda.higan.yaml');
      writeFileSync(other, study.replace('concepts:', 'boundary: { method: lda }\nconcepts:'));
      const higan = path.join(projectRoot, 'dist', 'higan.mjs');
      await promisify(execFile)(process.execPath, [higan, 'run', other, '--device', 'cpu'], {
        timeout: long,
      });
      // The command is about the file in front.
      await workbench.page.locator('.tab', { hasText: 'evening.higan.yaml' }).first().click();
      await workbench.command('HiGAN: Compare Studies');
      const frame = await workbench.webview('higan-compare');
      // What git knows comes a moment later than the question.
      await workbench.page
        .locator('.quick-input-list .monaco-list-row', { hasText: 'lda' })
        .first()
        .waitFor();
      await pick(workbench.page, /Compare 'evening' with/, 'lda');
      await frame.locator('.rows .line').first().waitFor();
      // Both drew the same samples: the differences get intervals of their own a moment later.
      await frame.getByText('Paired over').waitFor({ timeout: long });
      await picture(workbench, 'compare');
    },
  },
  {
    name: 'panels come back after the window is reloaded',
    async walk(workbench) {
      await workbench.reload();
      // A restored panel may be put into another frame before it stays.
      await until(
        'the panel is back, with what it compared',
        async () => {
          const frame = await workbench.webview('higan-compare', long);
          return frame
            .locator('.rows .line')
            .first()
            .isVisible()
            .catch(() => false);
        },
        long,
      );
    },
  },
];

async function review(frame: Frame): Promise<void> {
  const accepted = frame.getByRole('radio', { name: 'accepted' }).first();
  await accepted.waitFor();
  await accepted.check();
}

/** A screenshot without what a pointer brings up. */
async function picture({ page }: Workbench, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
}

rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
const workbench = await openWorkbench({
  folder: scratch,
  developmentPaths: [projectRoot],
  viewport: { width: 1280, height: 800 },
  scale: update ? 1.5 : 1,
  settings: { 'editor.minimap.enabled': false, 'editor.wordWrap': 'on' },
});
const passed = await walkThrough(steps, workbench, (step) => picture(workbench, step));
if (update && passed === steps.length) {
  for (const name of shown)
    copyFileSync(
      path.join(pictures, `${name}.png`),
      path.join(projectRoot, 'docs', 'images', `editor-${name}.png`),
    );
}
await workbench.stop();
removeFolder(scratch);
printCounts(passed, steps.length);
process.exit(passed === steps.length ? 0 : 1);
