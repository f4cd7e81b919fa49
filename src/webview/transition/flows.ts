/** How labelled pixels change along a category boundary (section 4.4, Fig. 11), as bands from label to label. */
import type { TransitionView } from '../../protocol/panels';

export interface Flow {
  from: string;
  to: string;
  /** Share of all pixels. */
  share: number;
}

/** Flows between different labels, largest first; those that stay are told by `stays`. */
export function flows(view: Pick<TransitionView, 'labels' | 'flow'>, least = 0.001): Flow[] {
  const { labels, flow } = view;
  if (!flow) return [];
  return labels
    .flatMap((from, i) => labels.map((to, j) => ({ from, to, share: flow[i][j] })))
    .filter(({ from, to, share }) => from !== to && share >= least)
    .sort((a, b) => b.share - a.share);
}

/** Share of pixels of each label that kept it. */
export function stays({
  labels,
  flow,
}: Pick<TransitionView, 'labels' | 'flow'>): { label: string; kept: number }[] {
  if (!flow) return [];
  return labels.flatMap((label, i) => {
    const all = flow[i].reduce((sum, share) => sum + share, 0);
    return all > 0 ? [{ label, kept: flow[i][i] / all }] : [];
  });
}

export interface Band extends Flow {
  /** Top of the band at either side, and its height, as shares of the drawing's height. */
  left: number;
  right: number;
  height: number;
}

/** Bands of a Sankey diagram: each label's bands stand together at either side, in the order of the labels. */
export function bands(chosen: readonly Flow[], labels: readonly string[]): Band[] {
  const total = chosen.reduce((sum, { share }) => sum + share, 0) || 1;
  const order = new Map(labels.map((label, index) => [label, index]));
  const side = (key: 'from' | 'to'): Map<Flow, number> => {
    const other = key === 'from' ? 'to' : 'from';
    const sorted = [...chosen].sort(
      (a, b) => order.get(a[key])! - order.get(b[key])! || order.get(a[other])! - order.get(b[other])!,
    );
    let top = 0;
    return new Map(
      sorted.map((flow) => {
        const at = top;
        top += flow.share / total;
        return [flow, at];
      }),
    );
  };
  const left = side('from');
  const right = side('to');
  return chosen.map((flow) => ({
    ...flow,
    ...{ left: left.get(flow)!, right: right.get(flow)!, height: flow.share / total },
  }));
}

/** Where each label's bands stand at one side: the middle of them, as a share of the drawing's height. */
export function labelPlaces(
  drawn: readonly Band[],
  side: 'left' | 'right',
): { label: string; middle: number }[] {
  const ends = new Map<string, { top: number; bottom: number }>();
  for (const band of drawn) {
    const label = side === 'left' ? band.from : band.to;
    const end = ends.get(label);
    const bottom = band[side] + band.height;
    ends.set(label, {
      top: Math.min(end?.top ?? Infinity, band[side]),
      bottom: Math.max(end?.bottom ?? 0, bottom),
    });
  }
  return [...ends].map(([label, { top, bottom }]) => ({ label, middle: (top + bottom) / 2 }));
}
