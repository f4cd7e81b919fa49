/** How every panel looks: in every theme against its reference, and from the narrowest to the widest view. */
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { panelKinds, type PanelKind } from '../../src/protocol/panels';
import { Panels, realStudy, themes, type OpenPanel } from './harness';
import { assertLooksAsBefore, distance, isAlike, thumbnail } from './likeness';
import { openScene } from './scenes';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

describe('in every theme', () => {
  for (const kind of panelKinds) {
    for (const theme of themes) {
      test(`${kind} in ${theme}: as its reference, and nothing for axe to find`, async () => {
        const panel = await openScene(panels, kind, { theme });
        assertLooksAsBefore(`${kind}-${theme}`, await panel.screenshot(`${kind}-${theme}`));
        await panel.assertAccessible();
        await panel.close();
      });
    }
  }
});

describe('at every width', () => {
  for (const kind of panelKinds) {
    for (const width of [300, 640, 3840]) {
      test(`${kind} at ${width} px: nothing is cut off sideways`, async () => {
        const height = width === 3840 ? 2160 : 720;
        const panel = await openScene(panels, kind, { width, height }, realStudy());
        const over = await panel.page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        assert.ok(over <= 0, `${over} px too wide`);
        await panel.screenshot(`${kind}-${width}px`);
        await panel.assertAccessible();
        await panel.close();
      });
    }
  }
});

/** What a panel is about, and so must be missed. */
const main: Record<PanelKind, string> = {
  ranking: 'higan-ranking-table',
  heatmap: 'higan-heat-grid.concepts',
  preview: 'higan-image-grid',
  entanglement: 'higan-heat-grid',
  transition: '.diagram',
  compare: 'higan-compare-table',
};

describe('the comparison with references', () => {
  for (const kind of panelKinds) {
    test(`${kind}: another font is forgiven; a missing part and a wrong ground are not`, async () => {
      const panel = await openScene(panels, kind);
      const asItIs = thumbnail(await panel.screenshot());
      const apart = async (): Promise<ReturnType<typeof distance>> =>
        distance(asItIs, thumbnail(await panel.screenshot()));
      await panel.page.evaluate(() =>
        document.documentElement.style.setProperty(
          '--vscode-font-family',
          'Liberation Sans, Arial, sans-serif',
        ),
      );
      const font = await apart();
      assert.ok(isAlike(font), `another font: ${JSON.stringify(font)}`);
      await panel.page.evaluate(() => document.documentElement.style.removeProperty('--vscode-font-family'));
      for (const rule of [`${main[kind]} { visibility: hidden }`, 'main { background: #333 }']) {
        const undo = await withRule(panel, rule);
        const broken = await apart();
        assert.ok(!isAlike(broken), `${rule}: ${JSON.stringify(broken)}`);
        await undo();
      }
      assert.ok(isAlike(await apart()), 'and all is as before');
      await panel.close();
    });
  }
});

test('axe looks into the panels: a table without its name and a text too faint are found', async () => {
  const panel = await openScene(panels, 'ranking');
  await panel.page.getByRole('grid').evaluate((grid) => {
    grid.removeAttribute('aria-label');
    grid.setAttribute('role', 'img');
  });
  await assert.rejects(panel.assertAccessible(), /role-img-alt/);
  await panel.page
    .getByRole('img')
    .first()
    .evaluate((grid) => grid.setAttribute('role', 'grid'));
  const undo = await withRule(panel, '.counted { color: #333 !important }');
  await assert.rejects(panel.assertAccessible(), /color-contrast/);
  await undo();
  await panel.close();
});

/** Adds a rule to the panel's own sheet, which its policy allows; returns what takes it away. */
async function withRule({ page }: OpenPanel, rule: string): Promise<() => Promise<void>> {
  await page.evaluate((text) => {
    const root = document.querySelector('[data-target]')!.shadowRoot!;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }, rule);
  return () =>
    page.evaluate(() => {
      const root = document.querySelector('[data-target]')!.shadowRoot!;
      root.adoptedStyleSheets = root.adoptedStyleSheets.slice(0, -1);
    });
}
