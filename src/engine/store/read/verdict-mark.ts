/**
 * What a verdict of `review:` notes of the result that it was given on: the study's first digits, which keep the result
 * in the store, and the first digits of a hash over what was found for the concept. So a verdict goes stale when its own
 * concept's numbers change, be it on another device, and not when another concept was added to the study.
 *
 * `1f0c5a9be3d2-77ab01c2d3e4`; before the ranking, and as older versions wrote it, `1f0c5a9be3d2` alone.
 */
import type { ConceptName } from '../../../protocol/concept';
import type { ConceptResult, StudyResult } from '../../../protocol/results';
import { sha256 } from '../../canonical';

const digits = 12;

/** What to note beside a verdict on a concept that is given now. */
export function verdictMark(study: StudyResult, concept: ConceptName): string {
  const start = study.provenance.experiment.slice(0, digits);
  const found = findingHash(study, concept);
  return found === null ? start : `${start}-${found}`;
}

/** Whether the result of a concept is another one than a verdict was given on. While it is not known again: no. */
export function isStaleMark(mark: string, study: StudyResult, concept: ConceptName): boolean {
  const [experiment, found] = mark.split('-');
  if (found === undefined) return !study.provenance.experiment.startsWith(experiment);
  const now = findingHash(study, concept);
  return now !== null && now !== found;
}

/** The studies, of those in a store, that verdicts with these marks were given on. */
export function markedStudies(marks: readonly string[], hashes: readonly string[]): string[] {
  const starts = marks.map((mark) => mark.split('-')[0]).filter((start) => start.length >= digits);
  return hashes.filter((hash) => starts.some((start) => hash.startsWith(start)));
}

/** Null before the ranking. Rank is left out: it changes with other concepts. */
function findingHash(study: StudyResult, concept: ConceptName): string | null {
  const result = study.concepts.find((one) => one.concept === concept);
  if (!result || !study.stages.includes('rank')) return null;
  return sha256(JSON.stringify(numbersOf(result))).slice(0, digits);
}

/** Numbers in a fixed order: an object's keys may come back from a file in another one. */
function numbersOf({ boundary, effect }: ConceptResult): unknown[] {
  const ends = (interval: { low: number; high: number } | null | undefined): unknown =>
    interval ? [interval.low, interval.high] : null;
  return [
    boundary?.hash ?? null,
    ...[effect?.delta, effect?.deltaRaw, effect?.mean, effect?.meanRaw].map((number) => number ?? null),
    ...[ends(effect?.deltaInterval), ends(effect?.meanInterval), effect?.null ?? null, effect?.moves ?? null],
    ...[effect?.movers ?? null, effect?.samples ?? null],
  ];
}
