import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before, describe } from 'node:test';
import { changeOf } from '../../src/protocol/results-change';
import { projectRoot } from '../editor/project';
import { inView, Panels, realStudy, scriptOf, renewalOf, themes, type OpenPanel } from './harness';
import { studyOf } from './study-fixture';

/** Puts what was exported beside the screenshots, to be looked at. */
async function keepFigures({ page }: OpenPanel): Promise<void> {
  const figures = await page.evaluate(() =>
    window.scripted.calls
      .filter((call) => call.name === 'save')
      .map((call) => call.params as { name: string; content: string | ArrayBuffer })
      .map(({ name, content }) => ({
        name,
        bytes: [
          ...(typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)),
        ],
      })),
  );
  const folder = path.join(projectRoot, 'out', 'screenshots');
  mkdirSync(folder, { recursive: true });
  for (const { name, bytes } of figures)
    writeFileSync(path.join(folder, `exported-${name}`), Uint8Array.from(bytes));
}

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

describe('the heatmap', () => {
  test('cells that do not move are striped, those that cannot be judged dotted, and the rest are plain', async () => {
    const panel = await panels.open('heatmap', scriptOf());
    const study = studyOf(29);
    for (const { concept, layers } of study.concepts.filter((each) => each.layers)) {
      const row = panel.page.locator('higan-heat-grid.concepts .line', {
        has: panel.page.locator(`[title="${concept}"]`),
      });
      if ((await row.count()) === 0) continue; // not in view
      const marks = await row
        .locator('.cell')
        .evaluateAll((cells) =>
          cells.map((cell) => ['still', 'few'].filter((mark) => cell.classList.contains(mark)).join()),
        );
      assert.deepEqual(
        marks,
        layers!.map(({ moves, tooFewMovers }) => (moves ? '' : tooFewMovers ? 'few' : 'still')),
        concept,
      );
    }
    await panel.close();
  });

  for (const theme of themes) {
    test(`in ${theme} the two marks and their key are told apart without colour, with numbers too`, async () => {
      const panel = await panels.open('heatmap', scriptOf(), { theme });
      const { page } = panel;
      assert.deepEqual(await page.locator('.key > span').allInnerTexts(), [
        'largest Δ of the concept',
        'does not move',
        'too few movers to judge',
      ]);
      const grounds = (): Promise<Record<string, string>[]> =>
        page.evaluate((): Record<string, string>[] => {
          const root = document.querySelector('higan-heatmap')!.shadowRoot!;
          const grid = root.querySelector('higan-heat-grid.concepts')!.shadowRoot!;
          const numbers = grid.querySelector('.numbers') !== null;
          const image = (element: Element, pseudo?: string): string =>
            getComputedStyle(element, pseudo).backgroundImage.split('(')[0];
          return ['still', 'few'].map((mark) => ({
            key: image(root.querySelector(`.swatch.${mark}`)!),
            cell: image(grid.querySelector(`.cell.${mark}`)!, numbers ? '::after' : undefined),
          }));
        });
      const stripes = 'repeating-linear-gradient';
      const dots = 'radial-gradient';
      const wanted = [
        { key: stripes, cell: stripes },
        { key: dots, cell: dots },
      ];
      assert.deepEqual(await grounds(), wanted);
      await panel.screenshot(`heatmap-marks-${theme}`);
      await page.getByText('Numbers').click();
      await page.locator('.numbers').first().waitFor();
      assert.deepEqual(await grounds(), wanted);
      await panel.screenshot(`heatmap-marks-numbers-${theme}`);
      await panel.close();
    });
  }

  test('by keyboard: arrows go from cell to cell, Enter shows the images behind one', async () => {
    const panel = await panels.open('heatmap', scriptOf());
    const grid = panel.page.getByRole('grid', { name: 'Concepts by layers' });
    await grid.focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    const { params } = (await panel.call('renderMove')) as { params: { concept: string; layerSet: string } };
    assert.equal(params.layerSet, 'lower');
    await panel.page.locator('higan-pairs figure').nth(3).waitFor();
    await panel.page.getByLabel('View').selectOption('side');
    await panel.page.getByRole('img', { name: 'Sample 0, after' }).waitFor();
    await panel.page.getByRole('button', { name: 'Show in ranking' }).click();
    assert.deepEqual((await panel.call('open')).params, {
      panel: 'ranking',
      target: { concept: params.concept },
    });
    await panel.close();
  });

  test('another cell cancels the images of the last', async () => {
    const panel = await panels.open('heatmap', scriptOf({}, { pause: 2000 }));
    const cells = panel.page.locator('higan-heat-grid.concepts .cell');
    await cells.nth(0).click();
    await panel.call('renderMove');
    await cells.nth(5).click();
    await panel.page.locator('higan-pairs').waitFor();
    assert.deepEqual(
      (await panel.calls('renderMove')).map((call) => call.cancelled),
      [true, false],
    );
    await panel.close();
  });

  test('other results bring other images behind the cell that is looked at, and the same ones none', async () => {
    const study = studyOf(29);
    const target = { concept: 'attribute/wood', layerSet: 'upper' };
    const panel = await panels.open('heatmap', scriptOf({ study }), { target });
    await panel.page.locator('higan-pairs').waitFor();
    await panel.emit('snapshot', renewalOf({ study, currency: 'outdated' }));
    await panel.page.getByText('Re-run').waitFor();
    assert.equal((await panel.calls('renderMove')).length, 1);
    const reseeded = { ...study, provenance: { ...study.provenance, experiment: 'of another seed' } };
    await panel.emit('snapshot', renewalOf({ study: reseeded }));
    const { params } = await panel.call('renderMove', 1);
    assert.deepEqual(params, { ...target, samples: [0, 1, 2, 3] });
    // On another device the same experiment has other directions.
    const refitted = study.concepts.map((each) => ({
      ...each,
      boundary: each.boundary && { ...each.boundary, hash: `${each.boundary.hash} again` },
    }));
    await panel.emit('snapshot', renewalOf({ study: { ...reseeded, concepts: refitted } }));
    await panel.call('renderMove', 2);
    await panel.page.locator('higan-pairs').waitFor();
    await panel.close();
  });

  test('a cell that was chosen before a run has its images once its layers are known again', async () => {
    const study = studyOf(29);
    const early = study.concepts.map((each) => ({ ...each, layers: null }));
    const view = { concept: 'attribute/wood', layerSet: 'upper' };
    const state = { panel: 'heatmap', experiment: 'file:///work/bedroom.higan.yaml', view };
    const before = { ...study, concepts: early };
    const panel = await panels.open('heatmap', scriptOf({ study: before }), { state });
    await panel.page.getByText('The layers have not been analysed.').waitFor();
    assert.deepEqual(await panel.calls('renderMove'), []);
    await panel.emit('results', changeOf(before, study));
    await panel.page.locator('higan-pairs figure').nth(3).waitFor();
    assert.equal((await panel.calls('renderMove')).length, 1);
    await panel.close();
  });

  for (const width of [300, 610]) {
    test(`at ${width} px a cell and its images are in view together, and can be closed`, async () => {
      const panel = await panels.open('heatmap', scriptOf(), { width, height: 720 });
      const cell = panel.page.locator('higan-heat-grid.concepts .cell').nth(17);
      await cell.click();
      await panel.page.locator('higan-pairs figure').nth(3).waitFor();
      await inView(panel, 'higan-heat-grid.concepts .cell.chosen');
      await inView(panel, 'higan-pairs higan-wipe:nth-child(1)');
      await panel.screenshot(`heatmap-cell-${width}px`);
      await panel.assertAccessible();
      await panel.page.getByRole('button', { name: 'Close' }).click();
      assert.equal(await panel.page.locator('higan-pairs').count(), 0);
      await panel.close();
    });
  }

  test('at 300 px no concept is cut to the same words as another', async () => {
    const panel = await panels.open('heatmap', scriptOf({ study: realStudy() }), { width: 300, height: 900 });
    const cut = await panel.page
      .locator('higan-heat-grid.concepts .rows .name')
      .evaluateAll((names) =>
        names
          .filter((name) => name.scrollWidth > name.clientWidth || name.scrollHeight > name.clientHeight + 1)
          .map((name) => name.textContent),
      );
    assert.deepEqual(cut, []);
    await panel.close();
  });

  test('a cell becomes a preview of the file, one also by a double click', async () => {
    const script = scriptOf({}, { answers: { addPreview: { preview: 'wood' } } });
    const panel = await panels.open('heatmap', script, {
      target: { concept: 'attribute/wood', layerSet: 'upper' },
    });
    await panel.page.getByRole('button', { name: 'Add as preview' }).dblclick();
    assert.deepEqual((await panel.call('addPreview')).params, {
      ...{ concept: 'attribute/wood', layerSet: 'upper', samples: [0, 1, 2, 3] },
    });
    assert.equal((await panel.calls('addPreview')).length, 1);
    await panel.close();
  });

  test('every value is text for assistive technology, and numbers can be shown', async () => {
    const panel = await panels.open('heatmap', scriptOf());
    const wood = studyOf(29).concepts.find((each) => each.concept === 'attribute/wood')!;
    await panel.page
      .getByRole('gridcell', { name: `wood on upper: moves, Δ ${wood.layers![2].delta.toFixed(2)}` })
      .waitFor();
    await panel.page.getByText('Numbers').click();
    await panel.page.locator('.numbers').first().waitFor();
    await panel.assertAccessible();
    await panel.screenshot('heatmap-numbers');
    await panel.close();
  });

  test('is exported as PNG, SVG and CSV', async () => {
    const panel = await panels.open('heatmap', scriptOf());
    for (const kind of ['PNG…', 'SVG…', 'CSV…']) {
      await panel.page.getByRole('button', { name: 'Export' }).click();
      await panel.page.getByRole('menuitem', { name: kind }).click();
    }
    await panel.call('save', 2);
    const saved = await panel.page.evaluate(() =>
      window.scripted.calls
        .filter((call) => call.name === 'save')
        .map((call) => call.params as { name: string; content: string | ArrayBuffer })
        .map(({ name, content }) => ({
          name,
          start:
            typeof content === 'string'
              ? content.slice(0, 12)
              : [...new Uint8Array(content).slice(0, 4)].join(),
          marks: ['still', 'few'].map((mark) =>
            typeof content === 'string' ? content.split(`url(#${mark})`).length - 1 : 0,
          ),
          // The key of the figure, and words for each cell of the table.
          named: ['does not move', 'too few movers'].map((word) =>
            typeof content === 'string' ? content.split(word).length - 1 : 0,
          ),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
    const cells = studyOf(29).concepts.flatMap((each) => each.layers ?? []);
    const few = cells.filter((effect) => effect.tooFewMovers).length;
    const still = cells.filter((effect) => !effect.moves).length - few;
    assert.ok(still > 0 && few > 0);
    assert.deepEqual(saved, [
      { name: 'layers.csv', start: 'concept,leve', marks: [0, 0], named: [still, few] },
      { name: 'layers.png', start: '137,80,78,71', marks: [0, 0], named: [0, 0] },
      { name: 'layers.svg', start: '<svg xmlns="', marks: [still + 1, few + 1], named: [1, 1] },
    ]);
    await keepFigures(panel);
    await panel.close();
  });

  test('10,000 analysed concepts stay scrollable', async () => {
    const panel = await panels.open('heatmap', scriptOf({ study: studyOf(10_000) }));
    const lines = panel.page.locator('higan-heat-grid.concepts .rows .line');
    await lines.first().waitFor();
    assert.ok((await lines.count()) < 80, `${await lines.count()} rows are in the document`);
    await panel.close();
  });
});
