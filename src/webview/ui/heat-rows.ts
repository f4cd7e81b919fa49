/** What a heatmap is drawn from, free of any drawing. */
/** How a cell that claims no effect is marked: `still` by stripes, `few` (too few samples changed to judge) by dots. */
export type Hatch = 'still' | 'few';

export interface HeatCell {
  /** −1…1: strength of the colour, its sign the hue. */
  share: number;
  /** Null where the cell is a plain colour. */
  hatch: Hatch | null;
  /** The cell claims an effect: however weak it is, it stands out from the ground. */
  isEffect?: boolean;
  /** The number shown with `numbers`. */
  text: string;
  /** Everything about the cell in words. */
  title: string;
}

export interface HeatRow {
  key: string;
  label: string;
  /** Smaller text behind the label, such as the level. */
  note?: string;
  cells: readonly HeatCell[];
}
