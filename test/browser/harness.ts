/** Opens a panel from `dist` in Chromium, under its own content security policy, with a scripted host and a real theme. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { panelPage } from '../../src/protocol/panel-page';
import type { PanelKind, Renewal, Snapshot, Target } from '../../src/protocol/panels';
import { studyResultSchema, type StudyResult } from '../../src/protocol/results';
import { changeOf } from '../../src/protocol/results-change';
import { launchBrowser } from '../editor/browser';
import { projectRoot } from '../editor/project';
import type { Script, ScriptedCall } from './script';
import { studyOf } from './study-fixture';

export const themes = ['dark', 'light', 'hc-dark', 'hc-light'] as const;
export type ThemeName = (typeof themes)[number];

const text = (...parts: string[]): string => readFileSync(path.join(projectRoot, ...parts), 'utf8');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface PanelOptions {
  theme?: ThemeName;
  width?: number;
  height?: number;
  target?: Target;
  /** What an earlier life of the panel kept. */
  state?: unknown;
  reducedMotion?: boolean;
  /** Runs in the page before anything else does; it must stand by itself. */
  before?: () => void;
}

export interface OpenPanel {
  page: Page;
  /** Sends an event as the host. */
  emit(name: string, data: unknown): Promise<void>;
  /** Calls that the panel made so far, all or those of a name. */
  calls(name?: string): Promise<ScriptedCall[]>;
  /** Waits for the n-th call of a name. */
  call(name: string, index?: number): Promise<ScriptedCall>;
  state(): Promise<unknown>;
  /** Takes a screenshot, into `out/screenshots` where it has a name. */
  screenshot(name?: string): Promise<Uint8Array>;
  /** Fails where axe finds anything. */
  assertAccessible(): Promise<void>;
  /** Fails where the policy was violated, a message did not fit, or the panel reported a problem; then closes. */
  close(): Promise<void>;
}

/** A script whose host knows one study. */
export function scriptOf(snapshot: Partial<Snapshot> = {}, more: Partial<Script> = {}): Script {
  return { snapshot: snapshotOf(snapshot), version: 1, ...more };
}

/** What the event `snapshot` carries, with all of the study. */
export function renewalOf(snapshot: Partial<Snapshot> = {}): Renewal {
  const { study, ...rest } = snapshotOf(snapshot);
  return { ...rest, study: study && changeOf(null, study) };
}

export function snapshotOf(snapshot: Partial<Snapshot> = {}): Snapshot {
  return {
    experiment: 'file:///work/bedroom.higan.yaml',
    title: 'bedroom.higan.yaml',
    study: studyOf(29),
    currency: 'current',
    run: { state: 'idle', progress: null, problem: null },
    cannotRun: null,
    review: {},
    hops: [],
    sideEffects: {},
    ...snapshot,
  };
}

/** What the bundled example's study really found (4,000 codes probed, 64 moved; numbers rounded to five digits). */
export const realStudy = (): StudyResult =>
  studyResultSchema.parse(JSON.parse(text('test', 'fixtures', 'data', 'rooms-study.json')));

export class Panels {
  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<Panels> {
    return new Panels(await launchBrowser());
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  async open(panel: PanelKind, script: Script, options: PanelOptions = {}): Promise<OpenPanel> {
    const { theme = 'dark', width = 1100, height = 760, target, state = null } = options;
    const context = await this.browser.newContext({
      viewport: { width, height },
      reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') failures.push(message.text());
    });
    await page.route('**/*', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') {
        const body = panelPage({
          ...{
            panel,
            title: `${panel}: bedroom.higan.yaml`,
            script: `/${panel}.js`,
            nonce: 'c29tZSByYW5kb20gYnl0ZXM=',
          },
          target,
        });
        return route.fulfill({ contentType: 'text/html', body });
      }
      if (pathname === `/${panel}.js`) {
        return route.fulfill({
          contentType: 'text/javascript',
          body: text('dist', 'webview', `${panel}.js`),
        });
      }
      return route.fulfill({ status: 404 });
    });
    const dress = JSON.parse(text('test', 'fixtures', 'themes', `${theme}.json`));
    const start = { panel, script, state, theme: dress };
    if (options.before) await page.addInitScript(options.before);
    await page.addInitScript(`window.scriptedStart = ${JSON.stringify(start)};`);
    await page.addInitScript(text('out', 'browser', 'scripted-host.page.js'));
    await page.goto('http://panel.test/');
    await page.locator('higan-study-bar').waitFor();
    return opened(panel, page, failures, theme);
  }
}

function opened(panel: PanelKind, page: Page, failures: string[], theme: ThemeName): OpenPanel {
  const calls = (name?: string): Promise<ScriptedCall[]> =>
    page.evaluate((wanted) => window.scripted.calls.filter((call) => !wanted || call.name === wanted), name);
  return {
    page,
    calls,
    emit: (name, data) =>
      page.evaluate((event) => window.scripted.emit(event.name, event.data), { name, data }),
    call: async (name, index = 0) => {
      await page.waitForFunction(
        (wanted) => window.scripted.calls.filter((call) => call.name === wanted.name).length > wanted.index,
        { name, index },
      );
      return (await calls(name))[index];
    },
    state: () => page.evaluate(() => window.scripted.state),
    screenshot: async (name) => {
      const png = await page.screenshot({ animations: 'disabled' });
      const folder = path.join(projectRoot, 'out', 'screenshots');
      mkdirSync(folder, { recursive: true });
      if (name !== undefined) writeFileSync(path.join(folder, `${name}.png`), png);
      return png;
    },
    assertAccessible: async () => {
      await page.evaluate(axeSource);
      const found = await page.evaluate(async () => {
        const axe = (window as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }).axe;
        const { violations } = await axe.run();
        return violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((n) => `${n.html} ${n.failureSummary}`).join('\n  ')}`,
        );
      });
      assert.deepEqual(found, [], `${panel} in ${theme}`);
    },
    close: async () => {
      const { problems, violations } = await page.evaluate(() => window.scripted);
      await page.context().close();
      assert.deepEqual({ problems, violations, failures }, { problems: [], violations: [], failures: [] });
    },
  };
}

/** Fails where an element is not wholly in the view, or is hidden below what scrolls or sticks above it. */
export async function inView({ page }: OpenPanel, selector: string): Promise<void> {
  const seen = await page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const deepest = (x: number, y: number): Element | null => {
        let at = document.elementFromPoint(x, y);
        for (;;) {
          const inner = at?.shadowRoot?.elementFromPoint(x, y) ?? at;
          if (inner === at) return at;
          at = inner;
        }
      };
      const isHit = (x: number, y: number): boolean => {
        for (let up: Node | null = deepest(x, y); up;) {
          if (up === element) return true;
          up = up instanceof ShadowRoot ? up.host : up.parentNode;
        }
        return false;
      };
      return isHit(left + 3, top + 3) && isHit(right - 3, bottom - 3);
    });
  assert.ok(seen, `${selector} is in view`);
}

/** A pixel of an image as it is painted, at a place in the 64 × 64 of the scripted host's images. */
export async function pixel({ page }: OpenPanel, selector: string, x: number, y: number): Promise<number[]> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20))));
  return page
    .locator(`${selector} canvas`)
    .first()
    .evaluate(
      (element, at) => {
        const canvas = element as HTMLCanvasElement;
        const place = (of64: number): number => Math.floor((of64 * canvas.width) / 64);
        const { data } = canvas.getContext('2d')!.getImageData(place(at.x), place(at.y), 1, 1);
        return [...data.slice(0, 3)];
      },
      { x, y },
    );
}

interface AxeViolation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}
