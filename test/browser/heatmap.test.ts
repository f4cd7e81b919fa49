import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { Panels, scriptOf, themes } from './harness';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

for (const theme of themes) {
  test(`the heatmap in ${theme}: nothing for axe to find`, async () => {
    const panel = await panels.open('heatmap', scriptOf(), {
      theme,
      target: { concept: 'attribute/wood', layerSet: 'upper' },
      width: 1280,
    });
    await panel.page.locator('higan-pairs').waitFor();
    await panel.screenshot(`heatmap-${theme}`);
    await panel.assertAccessible();
    await panel.close();
  });
}
