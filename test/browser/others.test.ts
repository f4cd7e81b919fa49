import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { Panels, scriptOf } from './harness';
import { comparison, matrix, transition } from './scenes';

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

  test('a transition that is computed tells how far it is, stops when it is cancelled, and goes on', async () => {
    const two = { ...transition, titles: ['living room → bedroom', 'bedroom → kitchen'] };
    const script = scriptOf({}, { answers: { transition: two }, hold: ['transition'] });
    const panel = await panels.open('transition', script);
    await panel.page.getByText('Following the pixels of the samples').waitFor();
    const progress = { done: 300, total: 1500, unit: 'images', rate: 74.2, left: 16.2, cached: 0 };
    await panel.emit('walked', { doing: 'following the pixels', ...progress });
    await panel.page
      .getByText('following the pixels: 300 of 1,500 images · 74 a second · 16 s left')
      .waitFor();
    const bar = panel.page.getByRole('progressbar', { name: 'following the pixels' });
    assert.equal(await bar.evaluate((element) => (element as HTMLProgressElement).position), 0.2);
    await panel.screenshot('transition-walking');
    await panel.assertAccessible();
    await panel.page.getByRole('button', { name: 'Cancel' }).click();
    await panel.page.getByText('was not followed to its end').waitFor();
    assert.equal((await panel.call('transition')).cancelled, true);
    await panel.assertAccessible();

    await panel.page.evaluate(() => (window.scripted.script.hold = []));
    await panel.page.getByRole('button', { name: 'Go On' }).click();
    await panel.page.getByRole('button', { name: 'sofa → bed' }).waitFor();
    assert.equal(await panel.page.getByRole('progressbar').count(), 0);

    // Another walk that is cancelled leaves the one that was there.
    await panel.page.evaluate(() => (window.scripted.script.hold = ['transition']));
    await panel.page.getByRole('combobox', { name: 'Transition' }).selectOption('1');
    await panel.call('transition', 2);
    await panel.emit('walked', { doing: 'following the pixels', ...progress });
    await panel.page.getByRole('button', { name: 'Cancel' }).click();
    await panel.page.getByRole('button', { name: 'sofa → bed' }).waitFor();
    assert.equal(((await panel.state()) as { view: { index: number } }).view.index, 0);
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
