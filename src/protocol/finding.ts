/**
 * How the product speaks about results: every claim is about *moves* (a concept whose score really changes when codes are
 * moved along its direction), never about what a classifier can separate. Panels, hover cards, hints and diagnostics say
 * it in the same words.
 */
import type { ConceptResult, Effect } from './results';

export type Finding = 'moves' | 'still' | 'few' | 'none' | 'pending';

/** Fewer samples than this that changed: too few movers, no intervals. */
export const fewestMovers = 20;

/** What was found about one move. */
export function findingOf(effect: Effect | null): Finding {
  if (!effect) return 'pending';
  if (effect.tooFewMovers) return 'few';
  return effect.moves ? 'moves' : 'still';
}

/** What was found about a concept: its finding and a whole sentence for it. */
export function conceptFinding(result: ConceptResult): { finding: Finding; short: string; long: string } {
  if (result.noBoundary !== null) {
    return { finding: 'none', short: 'no direction', long: `No direction: ${result.noBoundary}` };
  }
  const { effect } = result;
  const finding = findingOf(effect);
  const short = findingText(finding);
  if (!effect) return { finding, short, long: 'Not measured yet.' };
  return { finding, short, long: `${short[0].toUpperCase()}${short.slice(1)}: ${findingReason(effect)}.` };
}

export function findingText(finding: Finding): string {
  switch (finding) {
    case 'moves':
      return 'moves';
    case 'still':
      return 'does not move';
    case 'few':
      return 'too few movers';
    case 'none':
      return 'no direction';
    case 'pending':
      return 'not measured yet';
  }
}

/** Why one move counts as moving or not: the part of a sentence that stands behind the colon. */
export function findingReason(effect: Effect): string {
  const { movers, samples, meanInterval, deltaInterval, null: floor } = effect;
  switch (findingOf(effect)) {
    case 'few':
      return `its score changed in ${movers} of ${samples} samples, which is too few for an interval`;
    case 'moves':
      return 'its score rises on average, and by more than along any random direction';
    default:
      if (meanInterval && meanInterval.low <= 0) return 'its score does not rise on average beyond chance';
      if (deltaInterval && floor !== null && deltaInterval.low <= floor)
        return 'random directions change its score as much';
      return 'the rise does not stand once all concepts are tested together';
  }
}
