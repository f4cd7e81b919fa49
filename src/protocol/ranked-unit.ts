/** The unit that a study ranks by, in which people are shown its effects; a result's JSON keeps both. */
import type { ConceptResult, Effect, Interval, StudyResult } from './results';

type Ranked = Pick<StudyResult, 'compat'>;

/** Whether Δ ranks in units of the score, as in the reference code. */
export const ranksRaw = ({ compat }: Ranked): boolean => compat === 'higan';

/** `Δ in …`: what the numbers of a study count in. */
export const rankedUnit = (study: Ranked): string =>
  ranksRaw(study) ? 'units of the score' : 'standard deviations of the score';

/** The same for the heads of tables. */
export const shortUnit = (study: Ranked): 'SD' | 'score units' => (ranksRaw(study) ? 'score units' : 'SD');

/** Why Δ of two studies cannot be taken from each other, in a sentence; null where both count in one unit. */
export const unitsApart = (left: Ranked, right: Ranked): string | null =>
  ranksRaw(left) === ranksRaw(right)
    ? null
    : `A counts in ${rankedUnit(left)}, B in ${rankedUnit(right)}, so there is no difference between them: give both ` +
      "'compat: higan' or neither, and run them again.";

/** A study whose effects are in the unit that it ranks by: as stored, or, under `compat: higan`, in units of the score. */
export function inRankedUnit(study: StudyResult): StudyResult {
  if (!ranksRaw(study)) return study;
  return { ...study, concepts: study.concepts.map(inScoreUnits) };
}

function inScoreUnits(concept: ConceptResult): ConceptResult {
  const { effect, layers, probeStd } = concept;
  return {
    ...concept,
    effect: effect && rawEffect(effect, probeStd),
    layers: layers && layers.map((one) => rawEffect(one, probeStd)),
  };
}

function rawEffect(effect: Effect, std: number): Effect {
  const scaled = (interval: Interval | null): Interval | null =>
    interval && { low: interval.low * std, high: interval.high * std };
  const bound = <T extends null | undefined>(number: number | T): number | T =>
    typeof number === 'number' ? number * std : number;
  return {
    ...effect,
    delta: effect.deltaRaw,
    deltaInterval: scaled(effect.deltaInterval),
    mean: effect.meanRaw,
    meanInterval: scaled(effect.meanInterval),
    null: bound(effect.null),
    downLow: bound(effect.downLow),
    nullDown: bound(effect.nullDown),
  };
}
