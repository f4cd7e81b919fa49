import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { Panels, scriptOf, themes } from './harness';
import { entanglementOf, studyOf } from './study-fixture';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

const matrix = {
  available: ['all', 'bottom', 'lower', 'upper', 'top'],
  entanglement: entanglementOf(studyOf(29), 12),
  reason: null,
};
const labels = ['wall', 'floor', 'bed', 'sofa', 'lamp'];
const transition = {
  ...{ titles: ['living room → bedroom'], index: 0, samples: 500, labels, reason: null },
  flow: labels.map((_, i) =>
    labels.map((_, j) =>
      i === j ? [0.35, 0.2, 0.02, 0.05, 0.02][i] : i === 3 && j === 2 ? 0.06 : 0.004 * ((i + j) % 3),
    ),
  ),
};
const comparison = {
  left: { title: 'bedroom.higan.yaml', study: studyOf(29), reason: null },
  right: { title: 'bedroom.higan.yaml (HEAD~1)', study: studyOf(29, 2), reason: null },
};

for (const theme of themes) {
  test(`entanglement in ${theme}: nothing for axe to find`, async () => {
    const panel = await panels.open('entanglement', scriptOf({}, { answers: { entanglement: matrix } }), {
      theme,
    });
    await panel.page.locator('higan-heat-grid').waitFor();
    await panel.screenshot(`entanglement-${theme}`);
    await panel.assertAccessible();
    await panel.close();
  });

  test(`comparison in ${theme}: nothing for axe to find`, async () => {
    const panel = await panels.open('compare', scriptOf({}, { answers: { comparison } }), { theme });
    await panel.page.locator('.rows .line').first().waitFor();
    await panel.screenshot(`compare-${theme}`);
    await panel.assertAccessible();
    await panel.close();
  });

  test(`transition in ${theme}: nothing for axe to find`, async () => {
    const panel = await panels.open('transition', scriptOf({}, { answers: { transition } }), { theme });
    await panel.page.getByRole('button', { name: 'sofa → bed' }).click();
    await panel.page.locator('.examples higan-image').first().waitFor();
    await panel.screenshot(`transition-${theme}`);
    await panel.assertAccessible();
    await panel.close();
  });
}
