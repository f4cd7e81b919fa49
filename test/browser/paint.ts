/**
 * How fast the ranking is on the screen, measured in the page: from the message with the result to the first painted frame
 * whose rows fill the view, with code that has not run before; and how it scrolls.
 */
import { scriptOf, type Panels } from './harness';
import { studyOf } from './study-fixture';

declare global {
  interface Window {
    firstPaint?: { received: number; painted: number };
  }
}

/**
 * Milliseconds from receiving the snapshot to the first painted frame with rows, of a panel that has just been opened.
 * @param concepts rows of the ranking
 * @returns the median of `times` openings, and each of them
 */
export async function firstPaint(
  panels: Panels,
  concepts = 1000,
  times = 5,
): Promise<{ median: number; each: number[] }> {
  const script = scriptOf({ study: studyOf(concepts) });
  const each: number[] = [];
  for (let i = 0; i < times; i++) {
    const panel = await panels.open('ranking', script, { width: 1280, before: watchFirstPaint });
    await panel.page.waitForFunction(() => (window.firstPaint?.painted ?? 0) > 0);
    const paint = await panel.page.evaluate(() => window.firstPaint!);
    each.push(paint.painted - paint.received);
    await panel.close();
  }
  return { median: middle(each), each };
}

/** Runs in the page before the panel: notes when the result came, and the end of the first frame filled with rows. */
function watchFirstPaint(): void {
  const paint = { received: 0, painted: 0 };
  window.firstPaint = paint;
  const isFilled = (): boolean => {
    const panel = document.querySelector('higan-ranking')?.shadowRoot;
    const table = panel?.querySelector('higan-ranking-table')?.shadowRoot;
    const view = table?.querySelector('.grid')?.getBoundingClientRect();
    const last = [...(table?.querySelectorAll('.rows .line') ?? [])].at(-1)?.getBoundingClientRect();
    return view !== undefined && last !== undefined && view.height > 0 && last.bottom >= view.bottom;
  };
  const look = (): void => {
    requestAnimationFrame(() => {
      // A frame's callbacks run before it is painted; a message that they post is handled after.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        if (isFilled()) paint.painted = performance.now();
        else look();
      };
      port2.postMessage(null);
    });
  };
  window.addEventListener('message', ({ data }: MessageEvent<{ result?: { study?: object | null } }>) => {
    if (paint.received > 0 || !data.result?.study) return;
    paint.received = performance.now();
    look();
  });
}

/** What was seen while a table was scrolled. */
export interface Scrolling {
  /** Milliseconds from frame to frame: the median, and what all but a twentieth stay below. */
  frame: number;
  most: number;
  /** Painted frames whose view was not covered with rows. */
  gaps: number;
  frames: number;
  /** Rows in the document, at most. */
  rows: number;
}

/**
 * Scrolls a ranking, so many CSS pixels a frame.
 * @param concepts rows of the ranking
 */
export async function scrolling(
  panels: Panels,
  concepts = 10_000,
  { frames = 120, step = 240 } = {},
): Promise<Scrolling> {
  const panel = await panels.open('ranking', scriptOf({ study: studyOf(concepts) }), { width: 1280 });
  await panel.page.locator('.rows .line').nth(20).waitFor();
  const seen = await panel.page.evaluate(scrollInPage, { frames, step });
  await panel.close();
  const sorted = [...seen.taken].sort((a, b) => a - b);
  return {
    frame: middle(sorted),
    most: sorted[Math.floor(sorted.length * 0.95)],
    ...{ gaps: seen.gaps, rows: seen.rows, frames },
  };
}

/** Runs in the page. */
async function scrollInPage(wanted: {
  frames: number;
  step: number;
}): Promise<{ taken: number[]; gaps: number; rows: number }> {
  const table = document
    .querySelector('higan-ranking')
    ?.shadowRoot?.querySelector('higan-ranking-table')?.shadowRoot;
  const grid = table?.querySelector('.grid');
  const head = table?.querySelector('.head');
  if (!table || !grid || !head) throw new Error('The ranking shows no table.');
  /** After the frame with `scrolled` was painted. */
  const painted = (scrolled: () => void): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        scrolled();
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve();
        port2.postMessage(null);
      });
    });
  const taken: number[] = [];
  let [gaps, most] = [0, 0];
  let before = performance.now();
  for (let i = 0; i < wanted.frames; i++) {
    await painted(() => (grid.scrollTop += wanted.step));
    const now = performance.now();
    taken.push(now - before);
    before = now;
    const rows = [...table.querySelectorAll('.rows .line')].map((line) => line.getBoundingClientRect());
    most = Math.max(most, rows.length);
    const first = Math.min(...rows.map((row) => row.top));
    const last = Math.max(...rows.map((row) => row.bottom));
    if (first > head.getBoundingClientRect().bottom || last < grid.getBoundingClientRect().bottom) gaps++;
  }
  return { taken, gaps, rows: most };
}

const middle = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1];
