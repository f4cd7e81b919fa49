import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { contrast } from './colours';
import { inView, Panels, scriptOf, renewalOf, themes } from './harness';
import { comparison, matrix, openScene, paired, transition } from './scenes';
import { entanglementOf, studyOf } from './study-fixture';

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
    assert.deepEqual((await panel.call('entanglement', 1)).params, {
      ...{ layers: 'upper', limit: 24, concept: null },
    });
    await panel.close();
  });

  test('where the matrix becomes smaller, keys go on from its last cell', async () => {
    const panel = await panels.open('entanglement', scriptOf({}, { answers: { entanglement: matrix } }));
    await panel.page.getByRole('grid').focus();
    await panel.page.keyboard.press('Control+End');
    await panel.page.locator('#cell-11-11.here').waitFor();
    await panel.page.evaluate(
      (found) => {
        window.scripted.script.answers!.entanglement = found;
      },
      { ...matrix, entanglement: entanglementOf(studyOf(29), 5) },
    );
    await panel.page.getByLabel('At most').selectOption('12');
    await panel.page.locator('#cell-4-4.here').waitFor();
    await panel.page.getByRole('grid').focus();
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('#cell-4-4.chosen').waitFor();
    await panel.close();
  });

  test('entanglement asks for the concept that it is pointed to, shows it, and keeps it over a reload', async () => {
    const { rows } = matrix.entanglement;
    const [last, other] = [rows.at(-1)!, rows[3]];
    const script = scriptOf({}, { answers: { entanglement: matrix } });
    const panel = await panels.open('entanglement', script, { target: { concept: last }, height: 380 });
    const pointed = async (index: number): Promise<unknown> =>
      ((await panel.call('entanglement', index)).params as { concept: unknown }).concept;
    assert.equal(await pointed(0), last);
    await panel.page.locator('.said', { hasText: 'raises its own score' }).waitFor();
    await inView(panel, 'higan-heat-grid .cell.chosen');
    await panel.emit('show', { concept: other });
    assert.equal(await pointed(1), other);
    await panel.page.getByRole('gridcell').nth(1).click();
    const state = await panel.state();
    await panel.close();
    const again = await panels.open('entanglement', script, { state });
    assert.equal(((await again.call('entanglement')).params as { concept: unknown }).concept, other);
    await again.page.getByText(/^Moving /).waitFor();
    await again.close();
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
      assert.match(
        key,
        /^lowers raises, by up to \d\.\d\d σ no change beyond chance changes too few samples to judge$/,
      );
      await panel.close();
    });
  }

  test('entanglement that is not there yet says why', async () => {
    const empty = { available: [], entanglement: null, reason: 'Run the study to its re-scoring first.' };
    const panel = await panels.open('entanglement', scriptOf({}, { answers: { entanglement: empty } }));
    await panel.page.getByText('Run the study to its re-scoring first.').waitFor();
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

  test('a transition that is pointed to is the one that is shown, at first and later', async () => {
    const titles = ['living room → bedroom', 'bedroom → kitchen', 'kitchen → living room'];
    const at = (index: number): object => ({ ...transition, titles, index });
    const panel = await panels.open('transition', scriptOf({}, { answers: { transition: at(1) } }), {
      target: { hop: 1 },
    });
    const select = panel.page.getByRole('combobox', { name: 'Transition' });
    await select.waitFor();
    assert.equal(await select.inputValue(), '1');
    await panel.page.evaluate((found) => {
      window.scripted.script.answers!.transition = found;
    }, at(2));
    await panel.emit('show', { hop: 2 });
    await panel.call('transition', 1);
    await panel.page.waitForFunction(() => {
      const shown = document.querySelector('higan-transition')!.shadowRoot!;
      return shown.querySelector('select')?.value === '2';
    });
    // Revealed without being pointed to, it stays where it is.
    await panel.emit('show', {});
    assert.deepEqual(
      (await panel.calls('transition')).map(({ params }) => params),
      [{ index: 1 }, { index: 2 }],
    );
    await panel.close();
  });

  test('a transition lists what became what, largest first', async () => {
    const panel = await panels.open('transition', scriptOf({}, { answers: { transition } }));
    const first = panel.page.locator('tbody button').first();
    await first.waitFor();
    assert.equal(await first.textContent(), 'sofa → bed');
    await first.press('Enter');
    const named = { name: 'to bedroom', from: 'sofa', to: 'bed' };
    assert.deepEqual((await panel.call('transitionPixels')).params, named);
    await panel.close();
  });

  test('a transition follows the file: one that is added, is changed, or changes its place', async () => {
    const none = { titles: [], index: 0, name: null, samples: 0, note: null, labels: [], flow: null };
    const answers = { transition: { ...none, reason: 'The file names no transition.' } };
    const panel = await panels.open('transition', scriptOf({}, { answers }));
    await panel.page.getByText('The file names no transition.').waitFor();
    await panel.page.evaluate((found) => {
      window.scripted.script.answers!.transition = found;
    }, transition);
    await panel.emit('snapshot', renewalOf({ hops: ['to bedroom'] }));
    await panel.page.getByRole('button', { name: 'sofa → bed' }).waitFor();
    await panel.emit('snapshot', renewalOf({ hops: ['to kitchen', 'to bedroom'] }));
    await panel.call('transition', 2);
    // Mistakes on the way keep what is shown.
    await panel.emit('snapshot', renewalOf({ hops: [], cannotRun: 'Line 9: half of a word.' }));
    await panel.page.waitForTimeout(700);
    assert.equal((await panel.calls('transition')).length, 3);
    await panel.emit('snapshot', renewalOf({ hops: ['to bedroom, 50 samples'] }));
    await panel.call('transition', 3);
    assert.deepEqual(
      (await panel.calls('transition')).map(({ params }) => params),
      [0, 0, 1, 0].map((index) => ({ index })),
    );
    await panel.close();
  });

  test('a file that is mended, or a run that ends, brings the transition that it kept from', async () => {
    const reason = 'Line 9: half of a word.';
    const answers = { transition: { ...transition, flow: null, reason } };
    const panel = await panels.open('transition', scriptOf({ cannotRun: reason }, { answers }));
    await panel.page.getByText(reason).first().waitFor();
    await panel.emit('snapshot', renewalOf({ run: { state: 'running', progress: null, problem: null } }));
    await panel.page.evaluate((found) => {
      window.scripted.script.answers!.transition = found;
    }, transition);
    await panel.emit('snapshot', renewalOf());
    await panel.page.getByRole('button', { name: 'sofa → bed' }).waitFor();
    assert.equal((await panel.calls('transition')).length, 2);
    await panel.close();
  });
});

describe('a comparison', () => {
  const revision = {
    ...{ hash: '1a2b3c4'.padEnd(40, '0'), short: '1a2b3c4', date: '2026-02-11T09:30:00+01:00' },
    ...{ subject: 'A first look at bedrooms', path: 'rooms/bedroom.higan.yaml' },
  };
  const own = { experiment: null, revision: null };
  const earlier = { experiment: null, revision };
  const state = (view: object): unknown => ({
    ...{ panel: 'compare', experiment: 'file:///work/bedroom.higan.yaml', view },
  });

  test('without its other side asks for one, and keeps what was chosen', async () => {
    const answers = { comparison: { ...comparison, right: null }, paired, chooseSide: earlier };
    const panel = await panels.open('compare', scriptOf({}, { answers }));
    await panel.page.getByText('Choose another experiment, or a revision of this one in git.').waitFor();
    assert.deepEqual((await panel.call('comparison')).params, { left: own, right: null });
    await panel.page.evaluate((found) => {
      window.scripted.script.answers!.comparison = found;
    }, comparison);
    await panel.page.getByRole('button', { name: 'Compare with…' }).click();
    assert.deepEqual((await panel.call('chooseSide')).params, { side: 'right', left: own, right: null });
    assert.deepEqual((await panel.call('comparison', 1)).params, { left: own, right: earlier });
    await panel.page.getByText('only one moves').first().waitFor();
    assert.deepEqual(await panel.state(), state({ right: earlier }));
    await panel.close();
  });

  test('names both revisions, and says of every difference whether it is one', async () => {
    const panel = await panels.open('compare', scriptOf({}, { answers: { comparison, paired } }));
    await panel.page.getByText('2026-02-11 · A first look at bedrooms').waitFor();
    await panel.page.getByText('as committed in 9c41d07 · 2026-03-04').waitFor();
    await panel.page.getByText(/^Paired over the 1,000 samples that both drew/).waitFor();
    const row = panel.page.locator('.rows .line').first();
    assert.match((await row.textContent()) ?? '', /\+\d\.\d\d\s*\+\d\.\d\d to \+\d\.\d\d\s*B is higher/);
    await panel.page.getByText('no clear difference').first().waitFor();
    await panel.page.getByRole('checkbox', { name: 'Only what differs' }).click();
    await panel.page.getByText('no clear difference').first().waitFor({ state: 'hidden' });
    await panel.close();
  });

  test('names the unit of each side, and takes no difference of two units', async () => {
    const { left, right } = comparison;
    const reference = { ...left, study: { ...left.study!, compat: 'higan' as const } };
    const answers = {
      comparison: { left: reference, right },
      paired: { samples: 0, reason: 'They count in different units.', concepts: [] },
    };
    const panel = await panels.open('compare', scriptOf({}, { answers }));
    const units = panel.page.locator('.sides dd .unit');
    assert.deepEqual(await units.allTextContents(), [
      '· Δ in units of the score',
      '· Δ in standard deviations of the score',
    ]);
    await panel.page.getByText(/^A counts in units of the score, B in standard deviations/).waitFor();
    const heads = panel.page.locator('[role=columnheader]', { hasText: 'Δ A' });
    assert.match((await heads.getAttribute('title')) ?? '', /in units of the score/);
    assert.equal(await panel.page.getByText(/intervals (overlap|apart)|B is/).count(), 0);
    await panel.page.getByText('only one moves').first().waitFor();
    await panel.screenshot('compare-units');
    await panel.assertAccessible();
    await panel.close();
  });

  test('says why nothing is paired, beside intervals that are read one by one', async () => {
    const reason = 'The two drew different samples: the seeds are 7 and 8.';
    const answers = { comparison, paired: { samples: 0, reason, concepts: [] } };
    const panel = await panels.open('compare', scriptOf({}, { answers }));
    await panel.page.getByText(`even where a finding changes. ${reason}`).waitFor();
    await panel.page.getByText('intervals overlap').first().waitFor();
    assert.equal(await panel.page.getByText('Interval B − A').count(), 0);
    await panel.close();
  });

  test('is what it was after a reload', async () => {
    const script = scriptOf({}, { answers: { comparison, paired } });
    const view = { left: earlier, right: { experiment: 'file:///work/kitchen.higan.yaml', revision: null } };
    const panel = await panels.open('compare', script, { state: state(view) });
    assert.deepEqual((await panel.call('comparison')).params, view);
    assert.deepEqual((await panel.call('paired')).params, view);
    assert.deepEqual(await panel.state(), state(view));
    await panel.close();
  });

  test('offers to run a revision that has no result, and shows it when it has', async () => {
    const missing = {
      ...{ title: 'bedroom.higan.yaml @ 1a2b3c4', study: null },
      ...{ revision: '2026-02-11 · A first look at bedrooms', run: 'possible' as const },
      reason: 'The study of 1a2b3c4 has no result in the store yet.',
    };
    const answers: Record<string, unknown> = { comparison: { ...comparison, right: missing }, paired };
    const panel = await panels.open('compare', scriptOf({}, { answers }), {
      state: state({ right: earlier }),
    });
    await panel.page.getByText(missing.reason).waitFor();
    await panel.assertAccessible();
    await panel.page.getByRole('button', { name: 'Run bedroom.higan.yaml @ 1a2b3c4' }).click();
    assert.deepEqual((await panel.call('runSide')).params, earlier);
    const tell = async (right: unknown): Promise<void> => {
      await panel.page.evaluate(
        (found) => {
          window.scripted.script.answers!.comparison = found;
        },
        { ...comparison, right },
      );
      await panel.emit('compared', {});
    };
    await tell({ ...missing, reason: 'The study of 1a2b3c4 is running.', run: 'running' });
    await panel.page.getByText('The study of 1a2b3c4 is running.').waitFor();
    // The toolkit's button passes `disabled` on with the next frame, which may be after the sentence.
    const name = 'Run bedroom.higan.yaml @ 1a2b3c4';
    await panel.page.getByRole('button', { name, disabled: true }).waitFor();
    await tell(comparison.right);
    await panel.page.getByText(/^Paired over/).waitFor();
    await panel.close();
  });

  test('says what is wrong with a revision, where running it would not help', async () => {
    const broken = {
      ...{ title: 'bedroom.higan.yaml @ 1a2b3c4', study: null, revision: null, run: 'no' as const },
      reason: "1a2b3c4 has no result, and cannot be run. Line 3: 'sead' is not a key of an experiment.",
    };
    const answers = { comparison: { ...comparison, right: broken } };
    const panel = await panels.open('compare', scriptOf({}, { answers }), {
      state: state({ right: earlier }),
    });
    await panel.page.getByText(broken.reason).waitFor();
    assert.equal(await panel.page.getByRole('button', { name: /^Run / }).count(), 0);
    await panel.close();
  });

  test('takes what the command asked for', async () => {
    const answers = { comparison: { ...comparison, right: null }, paired };
    const panel = await panels.open('compare', scriptOf({}, { answers }));
    await panel.call('comparison');
    await panel.emit('chosen', { side: 'right', choice: earlier });
    assert.deepEqual((await panel.call('comparison', 1)).params, { left: own, right: earlier });
    await panel.close();
  });
});
