/** How many codes a boundary is fitted on. */
import type { Experiment } from '../../protocol/experiment';

/** Most positives that are chosen by default: the paper's number. */
const most = 2000;
/** Fewest that are chosen by default, as far as the samples allow. */
const fewest = 10;

/** Positives and negatives with the defaults filled in: each as many as the other, or a twentieth of the samples, 10 to 2,000. */
export function chosenCounts(probe: Experiment['probe']): { positives: number; negatives: number } {
  const usual = Math.min(
    most,
    Math.max(Math.floor(probe.samples / 20), Math.min(fewest, Math.floor(probe.samples / 2))),
  );
  const positives = probe.positives ?? probe.negatives ?? Math.max(1, usual);
  return { positives, negatives: probe.negatives ?? positives };
}
