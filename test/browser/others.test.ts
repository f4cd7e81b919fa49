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
  note: '500 of 1,664 codes looked at start as living room; 93 % end as bedroom',
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

describe('the other panels', () => {
  test('entanglement says in words what a cell means', async () => {
    const panel = await panels.open('entanglement', scriptOf({}, { answers: { entanglement: matrix } }));
    await panel.page.getByRole('grid').focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Enter');
    await panel.page.getByText(/^Moving vanishing point raises floor share: \+0\.40/).waitFor();
    await panel.page.getByLabel('Moved on').selectOption('upper');
    assert.deepEqual((await panel.call('entanglement', 1)).params, { layers: 'upper', limit: 24 });
    await panel.close();
  });

  test('entanglement that is not there yet says why', async () => {
    const empty = { available: [], entanglement: null, reason: 'Run the study to its re-scoring first.' };
    const panel = await panels.open('entanglement', scriptOf({}, { answers: { entanglement: empty } }));
    await panel.page.getByText('Run the study to its re-scoring first.').waitFor();
    await panel.close();
  });

  test('a comparison without its other side asks for one', async () => {
    const answers = { comparison: { ...comparison, right: null }, chooseOther: comparison };
    const panel = await panels.open('compare', scriptOf({}, { answers }));
    await panel.page.getByRole('button', { name: 'Compare with…' }).click();
    await panel.page.getByText('only one moves').first().waitFor();
    await panel.close();
  });

  test('a transition lists what became what, largest first', async () => {
    const panel = await panels.open('transition', scriptOf({}, { answers: { transition } }));
    const first = panel.page.locator('tbody button').first();
    await first.waitFor();
    assert.equal(await first.textContent(), 'sofa → bed');
    await first.press('Enter');
    assert.deepEqual((await panel.call('transitionPixels')).params, { index: 0, from: 'sofa', to: 'bed' });
    await panel.close();
  });
});
