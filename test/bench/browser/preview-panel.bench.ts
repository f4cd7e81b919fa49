/**
 * The panel's part of a keystroke in a preview, in Chromium: from the message that says what the file says now, over the
 * panel's request for images, to the frame that shows the first new pixels. The scripted host draws in next to no time;
 * each message takes a turn of the event loop, as between frames.
 */
import { findChromium } from '../../editor/browser';
import { Panels, scriptOf } from '../../browser/harness';
import { previewView } from '../../browser/scenes';
import { quantiles, type Benchmark } from '../benchmark';

const strokes = 30;

export const benchmark: Benchmark = {
  name: 'preview-panel',
  goal: 'the panel adds no more than a few frames to a keystroke',
  missing: () => (findChromium() === null ? 'apt-get install -y chromium, or set CHROMIUM_EXECUTABLE' : null),
  async run() {
    const panels = await Panels.launch();
    try {
      const script = scriptOf({}, { answers: { follow: previewView() }, pause: 0 });
      const { page } = await panels.open('preview', script, { width: 1100 });
      await page.locator('higan-image-grid .here[aria-busy=false]').waitFor();
      const taken = await page.evaluate(strokesInPage, {
        views: Array.from({ length: strokes + 3 }, (_, i) => previewView(1 + (i % 20) / 10, i + 2)),
      });
      const { middle } = quantiles(taken.slice(3));
      return [
        {
          what: '  and the panel, in Chromium',
          ours: `${middle.toFixed(1)} ms`,
          against: 'a frame: 16.7 ms',
          ratio: middle / (1000 / 60),
          goal: 'none',
          met: null,
        },
      ];
    } finally {
      await panels.close();
    }
  },
};

/** Runs in the page: says what the file says, and counts the milliseconds to the frame with other pixels. */
async function strokesInPage({ views }: { views: unknown[] }): Promise<number[]> {
  const grid = document.querySelector('higan-preview')?.shadowRoot?.querySelector('higan-image-grid');
  const image = grid?.shadowRoot?.querySelector('.here higan-image');
  const canvas = image?.shadowRoot?.querySelector('canvas');
  if (!canvas) throw new Error('The preview shows no image.');
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const pixels = (): string => canvas.toDataURL();
  const taken: number[] = [];
  for (const view of views) {
    const before = pixels();
    // As a person pauses: what the last stroke left over is drawn.
    await new Promise((resolve) => setTimeout(resolve, 150));
    const start = performance.now();
    window.scripted.emit('preview', view);
    while (pixels() === before) {
      if (performance.now() - start > 5000) throw new Error('No new pixels came.');
      await frame();
    }
    taken.push(performance.now() - start);
  }
  return taken;
}
