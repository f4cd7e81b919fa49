import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { inView, Panels, pixel, scriptOf, renewalOf, type OpenPanel, type PanelOptions } from './harness';
import { previewDrawn, previewView } from './scenes';
import type { Script } from './script';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

async function open(options: PanelOptions = {}, more: Partial<Script> = {}): Promise<OpenPanel> {
  return panels.open('preview', scriptOf({}, { answers: { follow: previewView() }, ...more }), options);
}
const lighting = 'attribute/indoor lighting';
const range = 'Step along indoor lighting';
type RenderParams = {
  sequence: number;
  preview: { edits: { step: number; layers: string }[] };
  steps: number[];
};

/** Drags a slider over some values as a person does: `input` for each, `change` at the end. */
async function drag(panel: OpenPanel, label: string, values: number[], release = true): Promise<void> {
  await panel.page.getByLabel(label, { exact: true }).evaluate(
    (element, given) => {
      const input = element as HTMLInputElement;
      for (const value of given.values) {
        input.value = String(value);
        input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      }
      if (given.release) input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    { values, release },
  );
}

describe('the preview is tied to the YAML both ways', () => {
  test('dragging previews without touching the document; release writes one edit', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await drag(panel, range, [2.2, 2.6, 3], false);
    await previewDrawn(panel);
    assert.deepEqual(await panel.calls('writePreview'), []);
    const requests = await panel.calls('renderPreview');
    assert.equal((requests.at(-1)!.params as RenderParams).preview.edits[0].step, 3);

    await drag(panel, range, [3]);
    await panel.call('writePreview');
    // The host's echo of the written document draws nothing again.
    const before = (await panel.calls('renderPreview')).length;
    await panel.emit('preview', previewView(3, 2));
    await panel.page.waitForTimeout(200);
    assert.equal((await panel.calls('renderPreview')).length, before);
    const written = await panel.calls('writePreview');
    assert.equal(written.length, 1);
    assert.deepEqual(written[0].params, {
      name: 'evening',
      change: { kind: 'edit', index: 0, of: lighting, step: 3 },
    });
    await panel.close();
  });

  test('the newest wins: what is superseded is cancelled, and sequence numbers grow', async () => {
    const panel = await open({}, { pause: 40 });
    await panel.call('renderPreview');
    await drag(panel, range, [1, 1.5, 2.5], false);
    await previewDrawn(panel);
    const requests = await panel.calls('renderPreview');
    const sequences = requests.map((call) => (call.params as RenderParams).sequence);
    assert.deepEqual(
      sequences,
      [...sequences].sort((a, b) => a - b),
    );
    assert.equal(new Set(sequences).size, sequences.length);
    assert.deepEqual(
      requests.map((call) => call.cancelled),
      requests.map((_, index) => index < requests.length - 1),
    );
    await panel.close();
  });

  test('while only edits change, unedited images are not asked for again', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await drag(panel, range, [3], false);
    const call = await panel.call('renderPreview', 1);
    assert.deepEqual((call.params as RenderParams).steps, [0.5, 1]);
    await panel.close();
  });

  test('what is typed in the YAML is drawn', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await panel.emit('preview', previewView(-1, 2));
    const call = await panel.call('renderPreview', 1);
    assert.equal((call.params as RenderParams).preview.edits[0].step, -1);
    assert.equal(await panel.page.getByLabel(range, { exact: true }).inputValue(), '-1');
    await panel.close();
  });

  test('a document older than the last gesture is ignored', async () => {
    const panel = await open({}, { version: 6 });
    await previewDrawn(panel);
    await drag(panel, range, [3]);
    await panel.call('writePreview'); // answered with version 7
    await panel.page.waitForTimeout(50);
    await panel.emit('preview', previewView(2, 6));
    await panel.page.waitForTimeout(100);
    assert.equal(await panel.page.getByLabel(range, { exact: true }).inputValue(), '3');
    await panel.close();
  });

  test('with an arrow held down, the slider goes on: the echo of a step before it does not put it back', async () => {
    const panel = await open({}, { hold: ['writePreview'] });
    await previewDrawn(panel);
    const slider = panel.page.getByLabel(range, { exact: true });
    await slider.focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('ArrowRight');
    await panel.call('writePreview', 1);
    await panel.emit('preview', previewView(2.05, 2));
    await panel.page.waitForTimeout(100);
    assert.equal(await slider.inputValue(), '2.1');
    await panel.close();
  });

  test('a refused choice of layers goes back to what the file says, be it picked before or not', async () => {
    const panel = await open();
    await previewDrawn(panel);
    const layers = panel.page.locator('higan-edit-card').first().getByRole('combobox');
    for (const [index, picked] of ['all', 'upper'].entries()) {
      await layers.selectOption(picked);
      await panel.call('writePreview', index);
    }
    await panel.page.evaluate(() => {
      window.scripted.script.refuse = { writePreview: 'bedroom.higan.yaml is read-only.' };
    });
    await layers.selectOption('all');
    await panel.page.getByRole('alert').getByText('bedroom.higan.yaml is read-only.').waitFor();
    assert.equal(await layers.inputValue(), 'upper');
    await panel.close();
  });

  test('a refused edit is said, and the slider goes back to what the file says', async () => {
    const panel = await open({}, { refuse: { writePreview: 'bedroom.higan.yaml is read-only.' } });
    await previewDrawn(panel);
    await drag(panel, range, [3]);
    const alert = panel.page.getByRole('alert');
    await alert.getByText('bedroom.higan.yaml is read-only.').waitFor();
    assert.equal(await panel.page.getByLabel(range, { exact: true }).inputValue(), '2');
    // What is drawn anew does not take the reason away; the next gesture does.
    await panel.call('renderPreview', 2);
    await previewDrawn(panel);
    await panel.page.waitForTimeout(100);
    assert.equal(await alert.count(), 1);
    await panel.page.evaluate(() => (window.scripted.script.refuse = {}));
    await drag(panel, range, [3]);
    await alert.waitFor({ state: 'detached' });
    await panel.close();
  });

  test('why images are not drawn is said until they are', async () => {
    const panel = await open({}, { refuse: { renderPreview: 'The model ‘rooms’ is gone.' } });
    const alert = panel.page.getByRole('alert').getByText('The model ‘rooms’ is gone.');
    await alert.waitFor();
    await panel.page.evaluate(() => (window.scripted.script.refuse = {}));
    await panel.emit('preview', previewView(-1, 2));
    await alert.waitFor({ state: 'detached' });
    await panel.close();
  });

  test('until their own images come, other samples stand without any, the same ones with their last', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await panel.page.getByRole('complementary').getByLabel('View').selectOption('difference');
    const lamp = (place: string): Promise<number[]> => pixel(panel, place, 34, 8);
    const places = ['#cell-0-0', '#cell-2-2', 'higan-wipe'];
    const before = await Promise.all(places.map(lamp));
    assert.ok(before.every((colour) => Math.max(...colour) > 0));
    await panel.page.evaluate(() => (window.scripted.script.hold = ['renderPreview']));
    await panel.emit('preview', previewView(-1, 2));
    await panel.page.locator('#cell-2-2.old').waitFor();
    assert.deepEqual(await Promise.all(places.map(lamp)), before);
    const view = previewView(-1, 3);
    await panel.emit('preview', { ...view, preview: { ...view.preview!, samples: [20, 21, 22] } });
    await panel.page.getByRole('img', { name: 'Sample 20, before, not drawn yet' }).waitFor();
    for (const place of places) assert.deepEqual(await lamp(place), [0, 0, 0], place);
    await panel.close();
  });

  test('dragging there and back writes nothing', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await drag(panel, range, [3, 2]);
    await panel.page.waitForTimeout(100);
    assert.deepEqual(await panel.calls('writePreview'), []);
    await panel.close();
  });

  test('by keyboard: arrows on the slider preview, and each key writes its edit', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await panel.page.getByLabel(range, { exact: true }).focus();
    await panel.page.keyboard.press('ArrowRight');
    const { params } = await panel.call('writePreview');
    assert.deepEqual(params, {
      name: 'evening',
      change: { kind: 'edit', index: 0, of: lighting, step: 2.05 },
    });
    await panel.close();
  });
});

describe('beside a file', () => {
  const four = {
    ...previewView(),
    preview: { ...previewView().preview!, samples: [0, 1, 2, 3], jitter: undefined },
  };
  for (const width of [300, 610]) {
    test(`at ${width} px a slider and the images that it changes are in view together, scrolled or not`, async () => {
      const panel = await open({ width, height: 720 }, { answers: { follow: four } });
      await previewDrawn(panel);
      const slider = 'higan-edit-card input[type=range]';
      await inView(panel, slider);
      await inView(panel, '#cell-0-2 higan-image');
      if (width === 610) await inView(panel, '#cell-2-2 higan-image');
      await panel.screenshot(`preview-four-${width}px`);
      // What says more follows below; the controls stay.
      await panel.page.getByRole('heading', { name: 'Samples and jitter' }).scrollIntoViewIfNeeded();
      await inView(panel, slider);
      await panel.assertAccessible();
      await panel.close();
    });
  }

  test('at 3840 px the images fill the screen', async () => {
    const panel = await open({ width: 3840, height: 2160 });
    await previewDrawn(panel);
    const grid = (await panel.page.locator('higan-image-grid').boundingBox())!;
    const image = (await panel.page.locator('#cell-2-4').boundingBox())!;
    assert.ok(image.x + image.width > 0.95 * (grid.x + grid.width), `up to ${image.x + image.width}`);
    assert.ok(image.y + image.height > 0.8 * 2160, `down to ${image.y + image.height}`);
    await panel.close();
  });
});

describe('a first preview', () => {
  const none = { ...previewView(), names: [], name: null, preview: null };

  test('is offered for the attribute that moves most, and shown once it stands in the file', async () => {
    const panel = await open({}, { answers: { follow: none, addPreview: { preview: 'evening' } } });
    await panel.assertAccessible();
    await panel.screenshot('preview-first');
    await panel.page.getByRole('button', { name: 'Add a preview of warm' }).click();
    assert.deepEqual((await panel.call('addPreview')).params, { concept: 'attribute/warm' });
    assert.deepEqual((await panel.call('follow', 1)).params, { name: 'evening' });
    await panel.close();
  });

  test('comes after a run: where there is no result, Run is offered instead', async () => {
    const script = scriptOf({ study: null }, { answers: { follow: none } });
    const panel = await panels.open('preview', script);
    await panel.page.getByText('A run comes first').waitFor();
    await panel.page.getByRole('button', { name: 'Run' }).click();
    await panel.call('run');
    await panel.close();
  });

  test('written before the first run says so once, with Run, and not that a result lacks its direction', async () => {
    const script = scriptOf({ study: null }, { answers: { follow: previewView() } });
    const panel = await panels.open('preview', script, { width: 610 });
    await previewDrawn(panel);
    await panel.page.getByText('This experiment has not been run yet').waitFor();
    assert.equal(await panel.page.getByText('no direction in this result').count(), 0);
    await panel.assertAccessible();
    await panel.screenshot('preview-not-run');
    await panel.page.getByRole('button', { name: 'Run' }).click();
    await panel.call('run');
    await panel.emit(
      'snapshot',
      renewalOf({ study: null, run: { state: 'running', progress: null, problem: null } }),
    );
    await panel.page.getByText('the run that is under way').waitFor();
    assert.equal(await panel.page.getByRole('button', { name: 'Run' }).count(), 0);
    await panel.close();
  });
});

describe('controls of the preview', () => {
  test('layers are picked one by one or by group, and written in the shortest way', async () => {
    const panel = await open();
    await previewDrawn(panel);
    const layers = panel.page.getByRole('group', { name: 'Layers of indoor lighting' });
    assert.equal(await layers.getByLabel('Layer 6').getAttribute('aria-pressed'), 'true');
    await layers.getByLabel('Layer 8').click();
    assert.deepEqual((await panel.call('writePreview')).params, {
      name: 'evening',
      change: { kind: 'edit', index: 0, of: lighting, layers: '5-8' },
    });
    await layers.getByLabel('Layer 8').click();
    assert.deepEqual((await panel.call('writePreview', 1)).params, {
      name: 'evening',
      change: { kind: 'edit', index: 0, of: lighting, layers: 'upper' },
    });
    await panel.close();
  });

  test('edits are added and removed, samples and jitter set', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await panel.page.getByLabel('Concept to add').selectOption('attribute/wood');
    await panel.page.getByRole('button', { name: 'Add edit' }).click();
    await panel.page.getByRole('button', { name: 'Remove corner' }).click();
    await panel.page.getByLabel('Samples', { exact: true }).fill('7 8;9');
    await panel.page.keyboard.press('Enter');
    await panel.page.getByText('Show variants').click();
    await panel.call('writePreview', 3);
    assert.deepEqual(
      (await panel.calls('writePreview')).map((call) => (call.params as { change: unknown }).change),
      [
        { kind: 'addEdit', edit: { concept: 'attribute/wood', step: 2, layers: 'all' } },
        { kind: 'removeEdit', index: 1, of: 'layout/corner' },
        { kind: 'samples', samples: [7, 8, 9] },
        { kind: 'jitter', jitter: null },
      ],
    );
    await panel.close();
  });

  test('a double click adds or removes one edit', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await panel.page.getByRole('button', { name: 'Remove indoor lighting' }).dblclick();
    await panel.page.getByLabel('Concept to add').selectOption('attribute/wood');
    await panel.page.getByRole('button', { name: 'Add edit' }).dblclick();
    await panel.page.getByRole('button', { name: 'Remove wood' }).waitFor();
    assert.deepEqual(
      (await panel.calls('writePreview')).map((call) => (call.params as { change: unknown }).change),
      [
        { kind: 'removeEdit', index: 0, of: lighting },
        { kind: 'addEdit', edit: { concept: 'attribute/wood', step: 2, layers: 'all' } },
      ],
    );
    assert.equal(await panel.page.locator('higan-edit-card').count(), 2);
    await panel.close();
  });

  test('a slider that reaches beyond its scale keeps its reach while it is dragged', async () => {
    const panel = await open({}, { answers: { follow: previewView(10) } });
    await previewDrawn(panel);
    const slider = panel.page.getByLabel(range, { exact: true });
    await drag(panel, range, [8, 6], false);
    assert.deepEqual([await slider.inputValue(), await slider.getAttribute('max')], ['6', '10']);
    await drag(panel, range, [6]);
    assert.deepEqual([await slider.inputValue(), await slider.getAttribute('max')], ['6', '6']);
    await panel.close();
  });

  test('once an edit is added, the next concept that would be is the one that is shown', async () => {
    const panel = await open();
    await previewDrawn(panel);
    const select = panel.page.getByLabel('Concept to add');
    // An option that was picked once is not selected by its attribute any more.
    for (const picked of [{ index: 1 }, { index: 0 }, 'attribute/wood']) await select.selectOption(picked);
    const add = panel.page.getByRole('button', { name: 'Add edit' });
    await add.click();
    const view = previewView(2, 2);
    const edits = [...view.preview!.edits, { concept: 'attribute/wood', step: 2, layers: 'all' }];
    await panel.emit('preview', { ...view, preview: { ...view.preview!, edits } });
    await panel.page.getByRole('button', { name: 'Remove wood' }).waitFor();
    const next = await select.inputValue();
    await add.click();
    const { change } = (await panel.call('writePreview', 1)).params as { change: { edit: unknown } };
    assert.deepEqual(change.edit, { concept: next, step: 2, layers: 'all' });
    await panel.close();
  });

  test('jitter has its seed, which can be set and stepped on', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await panel.page.getByLabel('Seed').fill('42');
    await panel.page.keyboard.press('Enter');
    await panel.page.getByRole('button', { name: 'Others' }).click();
    await panel.call('writePreview', 1);
    assert.deepEqual(
      (await panel.calls('writePreview')).map((call) => (call.params as { change: unknown }).change),
      [42, 2].map((seed) => ({ kind: 'jitter', jitter: { seed } })),
    );
    await panel.close();
  });

  test('a step that is typed is brought within what the file takes, and no number changes nothing', async () => {
    const panel = await open();
    await previewDrawn(panel);
    const field = panel.page.getByLabel(`${range}, as a number`);
    await field.fill('250');
    await field.press('Enter');
    assert.equal(await field.inputValue(), '100');
    // Beyond the bounds again, it is where it was.
    await field.fill('300');
    await field.press('Enter');
    assert.equal(await field.inputValue(), '100');
    await field.fill('');
    await field.press('Enter');
    assert.equal(await field.inputValue(), '100');
    await field.fill('0');
    await field.press('Enter');
    await panel.call('writePreview', 1);
    assert.deepEqual(
      (await panel.calls('writePreview')).map((call) => (call.params as { change: unknown }).change),
      [100, 0].map((step) => ({ kind: 'edit', index: 0, of: lighting, step })),
    );
    await panel.close();
  });

  test('the scores of the sample looked at stand beside the images, edited concepts first', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await panel.page.getByRole('grid').focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.getByRole('heading', { name: 'Sample 14: before and after' }).waitFor();
    const names = await panel.page.locator('tbody th').allTextContents();
    assert.deepEqual(new Set(names.slice(0, 2)), new Set(['indoor lighting', 'corner']));
    assert.ok(names.length > 2, 'and what they drag along');
    await panel.page.getByRole('complementary').getByLabel('View').selectOption('difference');
    await panel.page.getByRole('img', { name: 'Difference of Sample 14' }).waitFor();
    await panel.close();
  });

  test('captions and scores stand beside the first image, not only when all are there', async () => {
    const panel = await open({}, { pause: 400 });
    await panel.page.locator('higan-image-grid .caption .name').first().waitFor();
    await panel.page.locator('higan-preview-scores tbody th').first().waitFor();
    const busy = panel.page.locator('higan-image-grid [aria-busy=true]');
    assert.ok((await busy.count()) > 0, 'more images are to come');
    await panel.close();
  });

  test('the grid is saved as a PNG', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await panel.page.getByRole('button', { name: 'Save PNG…' }).click();
    await panel.call('save');
    const signature = await panel.page.evaluate(() => {
      const { content } = window.scripted.calls.find((call) => call.name === 'save')!.params as {
        content: ArrayBuffer;
      };
      return [...new Uint8Array(content).slice(1, 4)];
    });
    assert.deepEqual(signature, [0x50, 0x4e, 0x47]);
    await panel.close();
  });

  test('the preview that was shown is shown again after a reload', async () => {
    const first = await open();
    await previewDrawn(first);
    const state = await first.state();
    await first.close();
    const second = await open({ state });
    assert.deepEqual((await second.call('follow')).params, { name: 'evening' });
    await second.close();
  });

  test('a panel that follows another experiment asks for its preview', async () => {
    const panel = await open();
    await previewDrawn(panel);
    await panel.emit(
      'snapshot',
      renewalOf({ experiment: 'file:///work/kitchen.higan.yaml', title: 'kitchen.higan.yaml' }),
    );
    await panel.call('follow', 1);
    assert.equal(
      ((await panel.state()) as { experiment: string }).experiment,
      'file:///work/kitchen.higan.yaml',
    );
    await panel.close();
  });

  test('a preview that does not parse says why, and what was drawn stays away', async () => {
    const broken = {
      ...previewView(),
      preview: null,
      problem: 'Line 31: ‘attribute/indor lighting’ is not a concept.',
    };
    const panel = await open({}, { answers: { follow: broken } });
    await panel.page.getByText('Line 31:').waitFor();
    await panel.assertAccessible();
    await panel.close();
  });
});
