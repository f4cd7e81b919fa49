import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import type { Locator } from 'playwright-core';
import { Panels, scriptOf, snapshotOf, themes, type OpenPanel } from './harness';
import { studyOf } from './study-fixture';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

const grid = (panel: OpenPanel): Locator => panel.page.getByRole('grid');
const active = (panel: OpenPanel): Locator => panel.page.locator('.line.active');
/** Concepts in view, in the order drawn. */
async function shown(panel: OpenPanel): Promise<string[]> {
  const rows = panel.page.locator('.rows .line');
  const found = await rows.evaluateAll((lines) =>
    lines.map((line) => ({
      at: Number(line.getAttribute('aria-rowindex')),
      name: line.querySelector('[title*="/"]')?.getAttribute('title') ?? '',
    })),
  );
  return found.sort((a, b) => a.at - b.at).map((each) => each.name);
}

const review = {
  'attribute/wood': { verdict: 'accepted' as const, note: 'floor only', stale: true },
  'color/red': { verdict: 'rejected' as const, stale: false },
};
const sideEffects = {
  'attribute/indoor lighting': [
    { concept: 'attribute/natural lighting', mean: 0.42 },
    { concept: 'color/brightness', mean: 0.31 },
  ],
};

for (const theme of themes) {
  test(`the ranking in ${theme}: nothing for axe to find`, async () => {
    const panel = await panels.open('ranking', scriptOf({ review, sideEffects, currency: 'outdated' }), {
      theme,
      target: { concept: 'attribute/wood' },
      width: 1280,
    });
    await active(panel).waitFor();
    await panel.screenshot(`ranking-${theme}`);
    await panel.assertAccessible();
    await panel.close();
  });
}
