/** One telling scene of each panel: what its host knows, what it is pointed to, and when everything is drawn. */
import type { Comparison, PanelKind, PreviewView } from '../../src/protocol/panels';
import type { PairedConcept, PairedStudies, StudyResult } from '../../src/protocol/results';
import { scriptOf, type OpenPanel, type PanelOptions, type Panels } from './harness';
import type { Script } from './script';
import { entanglementOf, layerSets, studyOf } from './study-fixture';

export const review = {
  'attribute/wood': { verdict: 'accepted' as const, note: 'floor only', stale: true },
  'color/red': { verdict: 'rejected' as const, stale: false },
};

export const sideEffects = {
  'attribute/indoor lighting': [
    { concept: 'attribute/natural lighting', mean: 0.42 },
    { concept: 'color/brightness', mean: 0.31 },
  ],
  'attribute/wood': [{ concept: 'color/orange', mean: 0.38 }],
  'attribute/warm': [
    { concept: 'color/orange', mean: 0.61 },
    { concept: 'color/blue', mean: -0.47 },
    { concept: 'color/saturation', mean: 0.2 },
  ],
  'category/kitchen': [{ concept: 'attribute/tiles', mean: 0.33 }],
  'color/brightness': [{ concept: 'attribute/natural lighting', mean: 0.29 }],
  'layout/floor share': [],
};

export const matrix = {
  available: ['all', 'bottom', 'lower', 'upper', 'top'],
  entanglement: entanglementOf(studyOf(29), 12),
  reason: null,
};

const labels = ['wall', 'floor', 'bed', 'sofa', 'lamp'];
export const transition = {
  ...{ titles: ['living room → bedroom'], index: 0, name: 'to bedroom', samples: 500, labels, reason: null },
  note: '500 of 1,664 codes looked at start as living room; 93 % end as bedroom',
  flow: labels.map((_, i) =>
    labels.map((_, j) =>
      i === j ? [0.35, 0.2, 0.02, 0.05, 0.02][i] : i === 3 && j === 2 ? 0.06 : 0.004 * ((i + j) % 3),
    ),
  ),
};

const before = studyOf(29, 2);
export const comparison: Comparison = {
  left: {
    ...{ title: 'bedroom.higan.yaml', study: studyOf(29), reason: null, run: 'no' },
    revision: 'as committed in 9c41d07 · 2026-03-04 · Steps of two deviations',
  },
  right: {
    ...{ title: 'bedroom.higan.yaml @ 1a2b3c4', reason: null, run: 'no' },
    study: { ...before, provenance: { ...before.provenance, experiment: 'an earlier one' } },
    revision: '2026-02-11 · A first look at bedrooms',
  },
};

/** Every concept that both moved, as pairs by rule: large differences are clear, small ones are not. */
export const paired: PairedStudies = {
  ...{ samples: 1000, reason: null },
  concepts: comparison.left.study!.concepts.flatMap(({ concept, effect: a }, index): PairedConcept[] => {
    const b = before.concepts[index].effect;
    if (!a || !b) return [];
    const delta = b.delta - a.delta;
    const deltaInterval = { low: delta - 0.02, high: delta + 0.03 };
    const meanInterval = null;
    return [
      {
        ...{ concept, delta, deltaInterval, mean: delta, meanInterval, movers: 900, samples: 1000 },
        ...{ tooFewMovers: false, differs: Math.abs(delta) > 0.04 },
      },
    ];
  }),
};

export function previewView(step = 2, version = 1): PreviewView {
  return {
    version,
    names: ['evening', 'morning'],
    name: 'evening',
    preview: {
      samples: [3, 14, 15],
      edits: [
        { concept: 'attribute/indoor lighting', step, layers: 'upper' },
        { concept: 'layout/corner', step: -1.5, layers: 'bottom' },
      ],
      jitter: { strength: 0.3, variants: 2, seed: 1 },
    },
    problem: null,
    layers: 10,
    groups: layerSets,
    concepts: studyOf(29)
      .concepts.filter((each) => each.boundary)
      .map((each) => each.concept),
    segmentation: { labels: ['wall', 'floor', 'window', 'lamp'], reason: null },
  };
}

/** All images of the newest request are there. */
export async function previewDrawn({ page }: OpenPanel): Promise<void> {
  await page.locator('higan-image-grid [role=gridcell]').first().waitFor();
  await page.waitForFunction(() => {
    const grid = document.querySelector('higan-preview')!.shadowRoot!.querySelector('higan-image-grid')!;
    return [...grid.shadowRoot!.querySelectorAll('[role=gridcell]')].every(
      (cell) => cell.getAttribute('aria-busy') === 'false',
    );
  });
}

interface Scene {
  script: (study: StudyResult) => Script;
  target?: PanelOptions['target'];
  drawn: (panel: OpenPanel) => Promise<void>;
}

const scenes: Record<PanelKind, Scene> = {
  ranking: {
    script: (study) => scriptOf({ study, review, sideEffects, currency: 'outdated' }),
    target: { concept: 'attribute/wood' },
    drawn: ({ page }) => page.locator('.line.active').waitFor(),
  },
  heatmap: {
    script: (study) => scriptOf({ study }),
    target: { concept: 'attribute/warm', layerSet: 'bottom' },
    drawn: ({ page }) => page.locator('higan-pairs figure').nth(3).waitFor(),
  },
  preview: {
    script: (study) => scriptOf({ study }, { answers: { follow: previewView() } }),
    drawn: previewDrawn,
  },
  entanglement: {
    script: (study) => scriptOf({ study }, { answers: { entanglement: matrix } }),
    drawn: async ({ page }) => {
      await page.locator('higan-heat-grid .cell').nth(1).click();
      await page.getByText(/^Moving vanishing point raises/).waitFor();
    },
  },
  transition: {
    script: (study) => scriptOf({ study }, { answers: { transition } }),
    drawn: async ({ page }) => {
      await page.getByRole('button', { name: 'sofa → bed' }).click();
      await page.locator('.examples higan-image').nth(3).waitFor();
    },
  },
  compare: {
    script: (study) => scriptOf({ study }, { answers: { comparison, paired } }),
    drawn: ({ page }) => page.getByText(/^Paired over/).waitFor(),
  },
};

/** Opens a panel on its scene and waits until it is drawn, images and all. */
export async function openScene(
  panels: Panels,
  kind: PanelKind,
  options: PanelOptions = {},
  study: StudyResult = studyOf(29),
): Promise<OpenPanel> {
  const { script, target, drawn } = scenes[kind];
  const panel = await panels.open(kind, script(study), { width: 1280, target, ...options });
  await drawn(panel);
  // Canvases are painted after their element; what a pointer did there is over.
  await panel.page.mouse.move(0, 0);
  await panel.page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return panel;
}
