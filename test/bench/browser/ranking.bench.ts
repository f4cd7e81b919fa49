/** How fast the ranking of many concepts is on the screen, and how it scrolls, in Chromium. */
import { findChromium } from '../../editor/browser';
import { firstPaint, scrolling } from '../../browser/paint';
import { Panels } from '../../browser/harness';
import { timeRow, type Benchmark } from '../benchmark';

export const benchmark: Benchmark = {
  name: 'ranking',
  goal: 'the ranking of 1,000 concepts is painted in at most 300 ms; 10,000 rows scroll without a gap',
  missing: () => (findChromium() === null ? 'apt-get install -y chromium, or set CHROMIUM_EXECUTABLE' : null),
  async run(note) {
    const panels = await Panels.launch();
    try {
      const { median, each } = await firstPaint(panels);
      note(`first paint: ${each.map((ms) => ms.toFixed(0)).join(', ')} ms`);
      const { frame, most, gaps, frames } = await scrolling(panels);
      note(`a frame of scrolling: ${frame.toFixed(1)} ms, 95 % ≤ ${most.toFixed(1)} ms`);
      return [
        timeRow('ranking of 1,000 concepts, first paint', median, 300),
        {
          what: '  scrolling 10,000 rows, frames with a gap',
          ours: `${gaps} of ${frames}`,
          against: '0 allowed',
          ratio: gaps,
          goal: '0',
          met: gaps === 0,
        },
      ];
    } finally {
      await panels.close();
    }
  },
};
