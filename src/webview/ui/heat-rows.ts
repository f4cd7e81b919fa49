/** What a heatmap is drawn from, free of any drawing. */
export interface HeatCell {
  /** −1…1: strength of the colour, its sign the hue. */
  share: number;
  hatched: boolean;
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
