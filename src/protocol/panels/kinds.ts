/** The panels there are. Without schemas, so that naming one builds none. */
export const panelKinds = ['ranking', 'heatmap', 'preview', 'entanglement', 'transition', 'compare'] as const;
export type PanelKind = (typeof panelKinds)[number];
