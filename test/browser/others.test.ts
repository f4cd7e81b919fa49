import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { contrast } from './colours';
import { Panels, scriptOf, themes } from './harness';
import { comparison, matrix, openScene, transition } from './scenes';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

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

  for (const theme of themes) {
    test(`entanglement in ${theme}: the weakest effect stands out, and the key stays`, async () => {
      const panel = await openScene(panels, 'entanglement', { theme });
      const grounds = await panel.page.locator('.cell:not(.hatched)').evaluateAll((cells) =>
        cells.map((cell) => ({
          effect: getComputedStyle(cell).backgroundColor,
          ground: getComputedStyle(cell.closest('.grid')!.querySelector('.head')!).backgroundColor,
        })),
      );
      const least = Math.min(...grounds.map(({ effect, ground }) => contrast(effect, ground)));
      assert.ok(least >= 1.4, `a contrast of ${least.toFixed(2)}`);
      const key = (await panel.page.locator('.key').textContent())!.replaceAll(/\s+/g, ' ').trim();
      assert.match(key, /^lowers raises, by up to \d\.\d\d σ no change beyond chance$/);
      await panel.close();
    });
  }

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
    await panel.page.getByText('The intervals are unpaired').waitFor();
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
