/** The segmentation laid over a preview's images: asked for only when it is looked at, and readable without its colours. */
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import type { CellsWanted } from '../../src/protocol/panels';
import { classColour } from '../../src/webview/ui/class-colours';
import { Panels, pixel, scriptOf, themes, type OpenPanel, type PanelOptions } from './harness';
import { previewDrawn, previewView } from './scenes';
import type { Script } from './script';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

async function open(options: PanelOptions = {}, more: Partial<Script> = {}): Promise<OpenPanel> {
  const script = scriptOf({}, { answers: { follow: previewView() }, ...more });
  const panel = await panels.open('preview', script, { width: 1280, ...options });
  await previewDrawn(panel);
  return panel;
}

const theSwitch = ({ page }: OpenPanel) => page.getByRole('checkbox', { name: 'Segmentation' });
const legend = ({ page }: OpenPanel) => page.getByRole('table', { name: /^Classes in / });
/** Rows of the legend as they are read. */
const rows = async (panel: OpenPanel): Promise<string[]> => {
  const texts = await legend(panel).locator('tbody tr').allInnerTexts();
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
};
const wanted = async (panel: OpenPanel): Promise<CellsWanted[]> =>
  (await panel.calls('segmentPreview')).map(({ params }) => params as CellsWanted);

/** All label maps of the newest request are there. */
const segmented = ({ page }: OpenPanel): Promise<unknown> =>
  page.waitForFunction(() => {
    const images = document
      .querySelector('higan-preview')!
      .shadowRoot!.querySelector('higan-image-grid')!
      .shadowRoot!.querySelectorAll('higan-image');
    return [...images].every(
      (image) => (image as unknown as { segmentation: unknown }).segmentation !== null,
    );
  });

/** The host sends a label map of 2 × 2 pixels. */
const sendMap = ({ page }: OpenPanel, sequence: number, step: number, labels: number[]): Promise<void> =>
  page.evaluate(
    (sent) =>
      window.scripted.emit('segmented', {
        ...{ sequence: sent.sequence, sample: 3, step: sent.step, variant: 0 },
        map: { width: 2, height: 2, data: Uint8Array.from(sent.labels) },
      }),
    { sequence, step, labels },
  );

describe('the segmentation of a preview', () => {
  test('is asked for while it is looked at, and not else', async () => {
    const panel = await open();
    assert.equal(await theSwitch(panel).getAttribute('aria-checked'), 'false');
    assert.deepEqual(await panel.calls('segmentPreview'), []);
    await theSwitch(panel).click();
    await segmented(panel);
    const [{ sequence, steps, focus }] = await wanted(panel);
    const [drawn] = (await panel.calls('renderPreview')).map(({ params }) => params as CellsWanted);
    assert.deepEqual({ sequence, steps, focus }, { sequence: drawn.sequence, steps: drawn.steps, focus: 3 });

    // Put away and taken out again, what is known is shown.
    await theSwitch(panel).click();
    assert.equal(await legend(panel).count(), 0);
    await theSwitch(panel).click();
    await legend(panel).waitFor();
    assert.equal((await wanted(panel)).length, 1);

    await theSwitch(panel).click();
    await panel.emit('preview', previewView(-1, 2));
    await panel.call('renderPreview', 1);
    await previewDrawn(panel);
    assert.equal((await wanted(panel)).length, 1);
    await panel.close();
  });

  test('tells each class of the cell looked at, its share, and the change against the original', async () => {
    const panel = await open({}, { hold: ['segmentPreview'] });
    await theSwitch(panel).click();
    await panel.page.getByText('Classes follow the images').waitFor();
    const { sequence } = (await panel.call('segmentPreview')).params as CellsWanted;
    await sendMap(panel, sequence, 1, [0, 0, 2, 2]);
    await legend(panel).waitFor();
    assert.deepEqual(
      await rows(panel),
      ['wall 50.0 % –', 'window 50.0 % –'],
      'no original to compare with yet',
    );
    await sendMap(panel, sequence, 0, [0, 0, 0, 1]);
    await legend(panel).getByRole('row', { name: 'floor' }).waitFor();
    assert.deepEqual(await rows(panel), ['wall 50.0 % −25.0', 'window 50.0 % +50.0', 'floor 0.0 % −25.0']);

    await panel.page.locator('#cell-0-0').click();
    await panel.page.getByRole('heading', { name: 'Segmentation of sample 3, before' }).waitFor();
    assert.deepEqual(await rows(panel), ['wall 75.0 %', 'floor 25.0 %']);
    await panel.close();
  });

  test('lies over the images in its colours, at the images’ size, and goes without a trace', async () => {
    const panel = await open({}, { hold: ['segmentPreview'] });
    const [inside, edge] = [[10, 10] as const, [10, 31.9] as const];
    const plain = await pixel(panel, '#cell-0-2', ...inside);
    await theSwitch(panel).click();
    const { sequence } = (await panel.call('segmentPreview')).params as CellsWanted;
    await sendMap(panel, sequence, 1, [0, 0, 2, 2]);
    await legend(panel).waitFor();
    const mixed = classColour(0).map((colour, c) => Math.round((colour + plain[c]) / 2));
    assert.deepEqual(await pixel(panel, '#cell-0-2', ...inside), mixed);
    assert.deepEqual(await pixel(panel, 'higan-wipe .after', ...inside), mixed, 'in the wipe too');
    const strong = await pixel(panel, '#cell-0-2', ...edge);
    const far = (a: readonly number[], b: readonly number[]): number =>
      Math.hypot(...a.map((value, c) => value - b[c]));
    assert.ok(far(strong, classColour(0)) < 0.3 * far(mixed, classColour(0)), 'regions are edged');

    await legend(panel).getByRole('button', { name: 'window' }).click();
    assert.deepEqual(await pixel(panel, '#cell-0-2', ...inside), plain, 'walls are not shown alone');
    await theSwitch(panel).click();
    assert.deepEqual(
      await pixel(panel, '#cell-0-2', 10, 40),
      await pixel(panel, 'higan-wipe .after', 10, 40),
    );
    assert.deepEqual(await pixel(panel, '#cell-0-2', ...inside), plain);
    await panel.close();
  });

  test('comes after images and scores; the newest wins, and unedited images are segmented once', async () => {
    const panel = await open({}, { pause: 30 });
    await theSwitch(panel).click();
    await panel.call('segmentPreview');
    const drag = (step: number): Promise<void> =>
      panel.page.getByLabel('Step along indoor lighting', { exact: true }).evaluate((element, value) => {
        (element as HTMLInputElement).value = String(value);
        element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      }, step);
    await drag(3);
    await panel.call('renderPreview', 1);
    await drag(3.5);
    await segmented(panel);
    const asked = await panel.calls();
    const names = asked.map(({ name }) => name).filter((name) => /^(render|segment)Preview$/.test(name));
    assert.deepEqual(names, [
      'renderPreview',
      'segmentPreview',
      'renderPreview',
      'renderPreview',
      'segmentPreview',
    ]);
    const calls = asked.filter(({ name }) => name === 'segmentPreview');
    assert.deepEqual(
      calls.map(({ cancelled }) => cancelled),
      [true, false],
    );
    const last = (await panel.calls('renderPreview')).at(-1)!.params as CellsWanted;
    assert.equal((calls[1].params as CellsWanted).sequence, last.sequence);

    await drag(2.5);
    await previewDrawn(panel);
    await segmented(panel);
    assert.deepEqual((await wanted(panel)).at(-1)!.steps, [0.5, 1]);
    await panel.close();
  });

  test('is on again after a reload, with the class that was looked at', async () => {
    const first = await open();
    await theSwitch(first).click();
    await legend(first).getByRole('button', { name: 'floor' }).click();
    const state = await first.state();
    await first.close();
    const second = await open({ state });
    await segmented(second);
    assert.equal(await theSwitch(second).getAttribute('aria-checked'), 'true');
    assert.equal(
      await legend(second).getByRole('button', { name: 'floor' }).getAttribute('aria-pressed'),
      'true',
    );
    await second.close();
  });

  test('by keyboard: Space switches it on, Enter shows one class, and all again', async () => {
    const panel = await open();
    await theSwitch(panel).focus();
    await panel.page.keyboard.press('Space');
    await segmented(panel);
    const wall = legend(panel).getByRole('button', { name: 'wall' });
    await wall.focus();
    await panel.page.keyboard.press('Enter');
    assert.equal(await wall.getAttribute('aria-pressed'), 'true');
    assert.deepEqual(((await panel.state()) as { view: { only: string } }).view.only, 'wall');
    await panel.page.getByRole('button', { name: 'Show all classes' }).focus();
    await panel.page.keyboard.press('Enter');
    assert.equal(await wall.getAttribute('aria-pressed'), 'false');
    await panel.close();
  });

  test('without a segmentation head the switch says why, asks for nothing, and keeps what was chosen', async () => {
    const on = await open();
    await theSwitch(on).click();
    const state = await on.state();
    await on.close();
    const reason = 'No predictor of this experiment has a segmentation head.';
    const without = { ...previewView(), segmentation: { labels: [], reason } };
    const panel = await open({ state }, { answers: { follow: without } });
    assert.equal(await theSwitch(panel).getAttribute('aria-disabled'), 'true');
    assert.equal(await theSwitch(panel).getAttribute('aria-checked'), 'false');
    assert.equal(await theSwitch(panel).getAttribute('title'), reason);
    assert.equal(await theSwitch(panel).getAttribute('aria-description'), reason);
    assert.equal(await panel.page.getByRole('alert').count(), 0);
    assert.deepEqual(await panel.calls('segmentPreview'), []);
    await panel.assertAccessible();

    await panel.emit('preview', previewView(2, 2));
    await panel.call('segmentPreview');
    assert.equal(await theSwitch(panel).getAttribute('aria-checked'), 'true');
    await panel.emit('preview', { ...without, version: 3 });
    await previewDrawn(panel);
    assert.equal(await theSwitch(panel).getAttribute('aria-disabled'), 'true');
    assert.equal(((await panel.state()) as { view: { segmentation: boolean } }).view.segmentation, true);
    await panel.close();
  });

  test('a difference goes without; a saved PNG has it, with the names of its classes', async () => {
    const panel = await open();
    const height = async (saves: number): Promise<number> => {
      await panel.page.getByRole('button', { name: 'Save PNG…' }).click();
      await panel.call('save', saves);
      return panel.page.evaluate((index) => {
        const call = window.scripted.calls.filter(({ name }) => name === 'save')[index];
        const { content } = call.params as { content: ArrayBuffer };
        return new DataView(content).getUint32(20);
      }, saves);
    };
    const alone = await height(0);
    await panel.page.getByRole('complementary').getByLabel('View').selectOption('difference');
    const plain = await pixel(panel, 'higan-wipe', 10, 10);
    await theSwitch(panel).click();
    await segmented(panel);
    assert.deepEqual(await pixel(panel, 'higan-wipe', 10, 10), plain);
    assert.ok((await height(1)) > alone, 'the key has its lines');
    await panel.close();
  });
});

describe('with the segmentation on, axe finds nothing', () => {
  for (const theme of themes) {
    test(`in ${theme}`, async () => {
      const panel = await open({ theme });
      await theSwitch(panel).click();
      await segmented(panel);
      await panel.page.mouse.move(0, 0);
      await panel.screenshot(`segmentation-${theme}`);
      await panel.assertAccessible();
      await legend(panel).getByRole('button', { name: 'floor' }).click();
      await panel.assertAccessible();
      await panel.close();
    });
  }
  for (const width of [300, 610]) {
    test(`at ${width} px, and nothing is cut off sideways`, async () => {
      const panel = await open({ width, height: 720 });
      await theSwitch(panel).click();
      await segmented(panel);
      await legend(panel).scrollIntoViewIfNeeded();
      const over = await panel.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${over} px too wide`);
      await panel.screenshot(`segmentation-${width}px`);
      await panel.assertAccessible();
      await panel.close();
    });
  }
});
