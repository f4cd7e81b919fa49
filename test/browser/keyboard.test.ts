/** Every panel by keyboard alone: all that can be used is reached, the focus can be seen, and nothing holds it. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { Page } from 'playwright-core';
import { panelKinds } from '../../src/protocol/panels';
import { Panels, themes } from './harness';
import { openScene } from './scenes';

let panels: Panels;
before(async () => (panels = await Panels.launch()));
after(() => panels.close());

interface Stop {
  /** Number of the element that has the focus, in the order of `stopsWanted`; −1: it is none of them. */
  at: number;
  what: string;
  /** Whether an outline or a shadow shows the focus, on it or on what it is the inside of. */
  isSeen: boolean;
}

/**
 * Marks every element that Tab should reach, in all shadow roots: what is native or has a tab index, is visible and
 * enabled; of radio buttons the one that is chosen.
 * @returns what they are
 */
function stopsWanted(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: Element[] = [];
    const look = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        const isStop = element.matches('button, select, input, textarea, [tabindex]');
        const tabIndex = (element as HTMLElement).tabIndex;
        const isChosen = !element.matches('input[type=radio]') || (element as HTMLInputElement).checked;
        const isOpen = !element.matches(':disabled') && element.checkVisibility();
        if (isStop && tabIndex >= 0 && isChosen && isOpen) found.push(element);
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document);
    found.forEach((element, index) => Object.assign(element, { keyStop: index }));
    return found.map((element) => element.outerHTML.slice(0, 120));
  });
}

/** Where the focus is. */
function stopNow(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const path: Element[] = [];
    for (let at = document.activeElement; at; at = at.shadowRoot?.activeElement ?? null) path.push(at);
    const isSeen = path.some((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    });
    const marked = [...path].reverse().find((element) => 'keyStop' in element) as
      (Element & { keyStop: number }) | undefined;
    return { at: marked?.keyStop ?? -1, what: path.at(-1)?.outerHTML.slice(0, 120) ?? '', isSeen };
  });
}

for (const kind of panelKinds) {
  test(`${kind}: Tab goes through all there is and out again, Shift+Tab back, and the focus is always seen`, async () => {
    const panel = await openScene(panels, kind, { height: 1000 });
    // From before the first, wherever the scene has clicked.
    await panel.page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute('tabindex');
    });
    const wanted = await stopsWanted(panel.page);
    assert.ok(wanted.length > 4, `${wanted.length} stops`);
    const walk = async (key: string): Promise<number[]> => {
      const stops: number[] = [];
      for (let i = 0; i < wanted.length + 5; i++) {
        await panel.page.keyboard.press(key);
        const stop = await stopNow(panel.page);
        if (stop.at < 0) break;
        assert.ok(stop.isSeen, `the focus cannot be seen on ${stop.what}`);
        assert.ok(!stops.includes(stop.at) || stop.at === stops[0], `${stop.what} is reached twice`);
        if (stops.includes(stop.at)) break;
        stops.push(stop.at);
      }
      return stops;
    };
    const there = await walk('Tab');
    const missed = wanted.filter((_, index) => !there.includes(index));
    assert.deepEqual(missed, [], 'not reached by Tab');
    const back = await walk('Shift+Tab');
    assert.deepEqual(
      [...back].sort((a, b) => a - b),
      [...there].sort((a, b) => a - b),
    );
    await panel.close();
  });
}

for (const theme of themes) {
  test(`in ${theme} a focused row and a focused cell stand out from the others`, async () => {
    for (const kind of ['ranking', 'heatmap'] as const) {
      const panel = await openScene(panels, kind, { theme });
      const grid = panel.page.getByRole('grid').last();
      const shot = (): Promise<Buffer> => grid.screenshot({ animations: 'disabled' });
      await grid.focus();
      await panel.page.keyboard.press('ArrowDown');
      const here = await shot();
      await panel.page.keyboard.press('ArrowDown');
      assert.ok(!here.equals(await shot()), `${kind}: going on is seen`);
      await panel.close();
    }
  });
}
