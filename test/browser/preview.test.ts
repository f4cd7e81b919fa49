import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import type { PreviewView } from '../../src/protocol/panels';
import { Panels, scriptOf, themes, type OpenPanel, type PanelOptions } from './harness';
import { layerSets, studyOf } from './study-fixture';
import type { Script } from './script';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

function viewOf(step = 2, version = 1): PreviewView {
  return {
    version,
    names: ['evening', 'morning'],
    name: 'evening',
    preview: {
      samples: [3, 14, 15],
      edits: [
        { concept: 'attribute/indoor lighting', step, layers: 'upper' },
        { concept: 'layout/corner', step: -1.5, layers: 'bottom' },
      ],
      jitter: { strength: 0.3, variants: 2, seed: 1 },
    },
    problem: null,
    layers: 10,
    groups: layerSets,
    concepts: studyOf(29)
      .concepts.filter((each) => each.boundary)
      .map((each) => each.concept),
  };
}
async function open(options: PanelOptions = {}, more: Partial<Script> = {}): Promise<OpenPanel> {
  return panels.open('preview', scriptOf({}, { answers: { follow: viewOf() }, ...more }), options);
}
/** All images of the newest request are there. */
async function drawn(panel: OpenPanel): Promise<void> {
  await panel.page.locator('higan-image-grid [role=gridcell]').first().waitFor();
  await panel.page.waitForFunction(() => {
    const grid = document.querySelector('higan-preview')!.shadowRoot!.querySelector('higan-image-grid')!;
    return [...grid.shadowRoot!.querySelectorAll('[role=gridcell]')].every(
      (cell) => cell.getAttribute('aria-busy') === 'false',
    );
  });
}

for (const theme of themes) {
  test(`the preview in ${theme}: nothing for axe to find`, async () => {
    const panel = await open({ theme, width: 1280 });
    await drawn(panel);
    await panel.screenshot(`preview-${theme}`);
    await panel.assertAccessible();
    await panel.close();
  });
}
