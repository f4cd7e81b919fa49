/** While a study runs, panels fill in under the hands of whoever works in them: nobody loses their place. */
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import type { StudyResult } from '../../src/protocol/results';
import { changeOf } from '../../src/protocol/results-change';
import { Panels, scriptOf, themes, type OpenPanel } from './harness';
import { active, activeConcept, grid, shown } from './ranking-table';
import { random, studyOf } from './study-fixture';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

/** Only the first `known` concepts have been re-scored. */
const partial = (known: number): ReturnType<typeof studyOf> => {
  const study = studyOf(29);
  return {
    ...study,
    stages: ['probe', 'boundary'],
    partial: known / 29,
    concepts: study.concepts.map((each, index) =>
      index < known ? each : { ...each, effect: null, rank: null, layers: null },
    ),
  };
};
const running = {
  state: 'running' as const,
  progress: {
    ...{ stage: 'rescore' as const, done: 400, total: 1000, unit: 'images' as const },
    ...{ rate: 88, left: 7, cached: 0 },
  },
  problem: null,
};

/** The same study with other effects, as they are after another batch: nearly every row changes its place. */
function shuffled(size: number, seed: number): StudyResult {
  const study = studyOf(size);
  const next = random(seed);
  return {
    ...study,
    concepts: study.concepts.map((each) => {
      const factor = 0.3 + 1.4 * next();
      const scaled = (effect: NonNullable<typeof each.effect>): typeof effect => ({
        ...effect,
        delta: effect.delta * factor,
      });
      return {
        ...each,
        effect: each.effect && scaled(each.effect),
        layers: each.layers?.map(scaled) ?? null,
      };
    }),
  };
}

/** Sends a result as the host does while a study runs, and waits until it is drawn. */
async function arrive(panel: OpenPanel, study: StudyResult): Promise<void> {
  await panel.emit('results', changeOf(null, study));
  await panel.page.evaluate(
    () =>
      new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))),
  );
}

/** Where an element stands on the screen once its row has stopped moving. */
async function settledTop(panel: OpenPanel): Promise<number> {
  await panel.page.waitForTimeout(250);
  return (await active(panel).boundingBox())!.y;
}

describe('the ranking fills in while the study runs', () => {
  test('rows re-order without losing selection or focus', async () => {
    const panel = await panels.open('ranking', scriptOf({ study: partial(8), run: running }), {
      height: 400,
    });
    const early = await shown(panel);
    await grid(panel).focus();
    for (let i = 0; i < 3; i++) await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Shift+ArrowDown');
    await panel.page.keyboard.press('Shift+ArrowDown');
    const selected = (): Promise<(string | null)[]> =>
      panel.page
        .locator('.rows .line[aria-selected=true] [title*="/"]')
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title')).sort());
    const chosen = await selected();
    assert.deepEqual(chosen, [...early.slice(2, 5)].sort());
    assert.equal(await activeConcept(panel), early[4]);

    await arrive(panel, studyOf(29));
    await panel.page.getByText('29 concepts, 3 selected').waitFor();
    assert.notDeepEqual((await shown(panel)).slice(0, 8), early.slice(0, 8));
    assert.equal(await activeConcept(panel), early[4]);
    assert.equal(await grid(panel).evaluate((element) => element.matches(':focus')), true);
    // What is selected is what is copied, in view or not.
    await panel.page.getByRole('button', { name: 'Export' }).click();
    await panel.page.getByRole('menuitem', { name: 'Copy as CSV' }).click();
    const { text } = (await panel.call('copy')).params as { text: string };
    const copied = text
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[1]);
    assert.deepEqual(copied.sort(), chosen);
    await panel.close();
  });

  test('the row that somebody works in keeps its place on the screen, however often rows re-order', async () => {
    const panel = await panels.open('ranking', scriptOf({ study: studyOf(2000), run: running }), {
      height: 600,
    });
    await grid(panel).focus();
    await panel.page.keyboard.press('PageDown');
    for (let i = 0; i < 40; i++) await panel.page.keyboard.press('PageDown');
    for (let i = 0; i < 4; i++) await panel.page.keyboard.press('ArrowUp');
    const concept = await activeConcept(panel);
    const top = await settledTop(panel);
    const places = new Set<string | null>();
    for (const seed of [3, 4, 5, 6]) {
      await arrive(panel, shuffled(2000, seed));
      assert.equal(await activeConcept(panel), concept);
      assert.ok(
        Math.abs((await settledTop(panel)) - top) <= 1,
        `${await settledTop(panel)} instead of ${top}`,
      );
      places.add(await active(panel).getAttribute('aria-rowindex'));
    }
    assert.ok(places.size > 2, 'it did change its rank');
    await panel.close();
  });

  test('arrows go on from the row that somebody is in, not from where it stood', async () => {
    const panel = await panels.open('ranking', scriptOf({ study: studyOf(29), run: running }), {
      height: 1200,
    });
    await grid(panel).focus();
    for (let i = 0; i < 5; i++) await panel.page.keyboard.press('ArrowDown');
    for (const seed of [3, 4, 5]) {
      const concept = await activeConcept(panel);
      await arrive(panel, shuffled(29, seed));
      const order = await shown(panel);
      await panel.page.keyboard.press('ArrowDown');
      const next = order[Math.min(order.length - 1, order.indexOf(concept!) + 1)];
      assert.equal(await activeConcept(panel), next);
    }
    await panel.close();
  });

  test('a note that is being typed stays as it is, with its caret', async () => {
    const panel = await panels.open('ranking', scriptOf({ study: partial(8), run: running }), {
      target: { concept: 'category/bedroom' },
    });
    const note = panel.page.getByLabel('Note on category/bedroom');
    await note.fill('half a thou');
    await note.evaluate((element: HTMLTextAreaElement) => element.setSelectionRange(4, 4));
    await arrive(panel, studyOf(29));
    await panel.page.keyboard.type(' of');
    assert.equal(await note.inputValue(), 'half of a thou');
    assert.deepEqual(await panel.calls('setReview'), []);
    await panel.close();
  });

  test('the scroll position stays while results arrive', async () => {
    const panel = await panels.open('ranking', scriptOf({ study: studyOf(2000), run: running }));
    await grid(panel).evaluate((element) => (element.scrollTop = 9000));
    for (const seed of [5, 6]) {
      await arrive(panel, shuffled(2000, seed));
      assert.equal(await grid(panel).evaluate((element) => element.scrollTop), 9000);
    }
    await panel.close();
  });

  test('progress is shown and can be cancelled', async () => {
    const panel = await panels.open('ranking', scriptOf({ study: partial(8), run: running }));
    const bar = panel.page.getByRole('progressbar');
    assert.equal(await bar.getAttribute('aria-valuenow'), '40');
    await panel.page.getByText('Re-scoring: 400 of 1,000 · 88 images a second · 7 s left').waitFor();
    await panel.page.getByRole('button', { name: 'Cancel' }).click();
    await panel.call('cancelRun');
    await panel.emit('progress', {
      state: 'idle',
      progress: null,
      problem: 'The device ran out of memory. Close other programs.',
    });
    await panel.page
      .getByText('The last run stopped: The device ran out of memory. Close other programs.')
      .waitFor();
    await panel.page.getByRole('button', { name: 'Continue' }).click();
    await panel.call('run');
    await panel.close();
  });
});

for (const theme of themes) {
  test(`a running study and a refused call in ${theme}: nothing for axe to find`, async () => {
    const script = scriptOf(
      { study: partial(8), run: running },
      { refuse: { cancelRun: 'It has ended already.' } },
    );
    const panel = await panels.open('ranking', script, { theme, target: { concept: 'category/bedroom' } });
    await panel.page.getByRole('button', { name: 'Cancel' }).click();
    await panel.page.getByRole('alert').getByText('It has ended already.').waitFor();
    await panel.assertAccessible();
    await panel.close();
  });
}

test('in the heatmap too: the cell that somebody is in stays the same while rows re-order', async () => {
  const state = {
    ...{ panel: 'heatmap', experiment: 'file:///work/bedroom.higan.yaml' },
    view: { order: 'delta' },
  };
  const panel = await panels.open('heatmap', scriptOf({ study: studyOf(400), run: running }), { state });
  const concepts = panel.page.locator('higan-heat-grid.concepts');
  await concepts.getByRole('grid').focus();
  for (let i = 0; i < 3; i++) await panel.page.keyboard.press('PageDown');
  await panel.page.keyboard.press('ArrowUp');
  await panel.page.keyboard.press('ArrowRight');
  const here = concepts.locator('.cell.here');
  const name = async (): Promise<string> =>
    ((await here.getAttribute('aria-label')) ?? '').replace(/:.*/, '');
  const before = {
    name: await name(),
    top: (await here.boundingBox())!.y,
    id: await here.getAttribute('id'),
  };
  await arrive(panel, shuffled(400, 3));
  assert.equal(await name(), before.name);
  assert.notEqual(await here.getAttribute('id'), before.id, 'it did change its place');
  assert.ok(Math.abs((await here.boundingBox())!.y - before.top) <= 1);
  await panel.page.keyboard.press('ArrowRight');
  assert.equal((await name()).split(' on ')[0], before.name.split(' on ')[0]);
  await panel.close();
});
