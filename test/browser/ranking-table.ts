/** The ranking's table as tests look at it. */
import type { Locator } from 'playwright-core';
import type { OpenPanel } from './harness';

export const grid = (panel: OpenPanel): Locator => panel.page.getByRole('grid');
export const active = (panel: OpenPanel): Locator => panel.page.locator('.line.active');
/** Concepts in the document, in the order drawn. */
export async function shown(panel: OpenPanel): Promise<string[]> {
  const rows = panel.page.locator('.rows .line');
  const found = await rows.evaluateAll((lines) =>
    lines.map((line) => ({
      at: Number(line.getAttribute('aria-rowindex')),
      name: line.querySelector('[title*="/"]')?.getAttribute('title') ?? '',
    })),
  );
  return found.sort((a, b) => a.at - b.at).map((each) => each.name);
}

/** The concept of the active row. */
export const activeConcept = (panel: OpenPanel): Promise<string | null> =>
  active(panel).locator('[title*="/"]').first().getAttribute('title');
