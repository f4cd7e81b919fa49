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
