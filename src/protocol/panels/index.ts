/**
 * The conversations between the extension host and its panels (webviews), a file each. Each panel has a host side (what
 * the host answers and sends) and a panel side (what the panel answers and sends); both ends validate with these schemas.
 *
 * How a panel lives: it calls `subscribe` and gets a whole snapshot; from then on the host sends `snapshot` (everything
 * replaced), `results` (only what changed, while a study runs) and `progress`. A panel keeps nothing but navigation and
 * layout over a reload (`PanelState`); all data is fetched again. Nothing here depends on the theme.
 */
import type { Side } from '../channel';
import { entanglementHostSide, transitionHostSide } from './analysis';
import { rankingHostSide } from './common';
import { compareHostSide } from './compare';
import { heatmapHostSide } from './heatmap';
import type { PanelKind } from './kinds';
import { previewHostSide } from './preview';

export * from './analysis';
export * from './common';
export * from './compare';
export * from './heatmap';
export * from './images';
export * from './kinds';
export * from './preview';

/** The host's side of each panel's conversation; read where one is asked for, since most windows need few of them. */
export const hostSides = {
  get ranking() {
    return rankingHostSide;
  },
  get heatmap() {
    return heatmapHostSide;
  },
  get preview() {
    return previewHostSide;
  },
  get entanglement() {
    return entanglementHostSide;
  },
  get transition() {
    return transitionHostSide;
  },
  get compare() {
    return compareHostSide;
  },
} satisfies Record<PanelKind, Side>;
export type HostSides = typeof hostSides;
