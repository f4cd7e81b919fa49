/** The hops of a file's transitions: what the transition panel shows one at a time, and how it is told of changes. */
import type { Experiment } from '../../protocol/experiment';

export interface Hop {
  /** Which of the file's transitions, and which step of its path, from 0. */
  transition: number;
  hop: number;
  /** All that its walk depends on beside the study: the same wherever the transition stands in the file. */
  name: string;
  title: string;
}

export const hopsIn = (experiment: Pick<Experiment, 'transitions'> | null): Hop[] =>
  (experiment?.transitions ?? []).flatMap(({ path, samples, step, layers }, transition) =>
    path.slice(1).map((to, hop) => {
      const before = path.slice(0, hop).map(short);
      const after = before.length > 0 ? ` (after ${before.join(', ')})` : '';
      return {
        ...{ transition, hop, name: JSON.stringify([path, hop, samples, step, layers]) },
        title: `${short(path[hop])} → ${short(to)}${after}`,
      };
    }),
  );

/** A category without its level. */
export const short = (concept: string): string => concept.replace(/^category\//, '');
