/**
 * How the product speaks about results: every claim is about *moves* (a concept whose score really changes when codes are
 * moved along its direction), never about what a classifier can separate.
 */
import type { Level } from '../../protocol/concept';
import type { ConceptResult, Effect } from '../../protocol/results';

export type Finding = 'moves' | 'still' | 'few' | 'none' | 'pending';

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
  const finding = findingOf(result.effect);
  return { finding, short: findingText(finding), long: findingSentence(result.effect, finding) };
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

function findingSentence(effect: Effect | null, finding: Finding): string {
  if (!effect) return 'Not measured yet.';
  if (finding === 'few') {
    return `Too few movers: only ${effect.movers} of ${effect.samples} samples changed their score, so no interval is given.`;
  }
  if (finding === 'moves') {
    return 'Moves: the score rises on average, and by more than along any random direction.';
  }
  const { meanInterval, deltaInterval, null: floor } = effect;
  if (meanInterval && meanInterval.low <= 0) {
    return 'Does not move: its score does not rise on average beyond chance.';
  }
  if (deltaInterval && floor !== null && deltaInterval.low <= floor) {
    return 'Does not move: random directions change the score as much.';
  }
  return 'Does not move: the rise does not stand once all concepts are tested together.';
}

export const levelTitles: Record<Level, string> = {
  layout: 'Layout',
  category: 'Category',
  attribute: 'Attribute',
  color: 'Colour',
};

/** `attribute/indoor lighting` → `indoor lighting`. */
export const labelOf = (concept: string): string => concept.slice(concept.indexOf('/') + 1);

/** A number with about three significant digits, a true minus sign, and never `-0`. */
export function number(value: number | null, digits = 2): string {
  if (value === null || Number.isNaN(value)) return '–';
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace('-', '−');
}

export const signed = (value: number, digits = 2): string => {
  const text = number(value, digits);
  return value > 0 && Number(text.replace('−', '-')) !== 0 ? `+${text}` : text;
};

export const percent = (share: number | null, digits = 1): string =>
  share === null ? '–' : `${number(share * 100, digits)} %`;

/** Seconds for people: `4 s`, `2 min 10 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
