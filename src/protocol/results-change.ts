/**
 * A result told by what changed since the last one: a study of a thousand concepts, told as a whole several times a second,
 * would hold up whoever reads it.
 */
import * as z from 'zod';
import { conceptResultSchema, studyResultSchema, type StudyResult } from './results';

export const resultsChangeSchema = z.object({
  /** All of the result but its concepts. */
  study: studyResultSchema.omit({ concepts: true }),
  /** The concepts that changed or are new, each in full; new ones come after the others. */
  concepts: z.array(conceptResultSchema),
  /** Whether nothing of the last result stays; else the concepts that are not named stay as they were. */
  whole: z.boolean(),
});
export type ResultsChange = z.infer<typeof resultsChangeSchema>;

/** What changed from one result to the next; all of it where they are not of the same concepts. */
export function changeOf(before: StudyResult | null, { concepts, ...study }: StudyResult): ResultsChange {
  const known = before?.concepts ?? [];
  const alike =
    known.length === concepts.length &&
    concepts.every(({ concept }, index) => concept === known[index].concept);
  if (!alike) return { study, concepts, whole: true };
  return { study, concepts: concepts.filter((result, index) => !same(known[index], result)), whole: false };
}

/** The next result: the last one and what changed. */
export function withChange(
  before: StudyResult | null,
  { study, concepts: changed, whole }: ResultsChange,
): StudyResult {
  const concepts = whole ? [] : [...(before?.concepts ?? [])];
  const places = new Map(concepts.map(({ concept }, index) => [concept, index]));
  for (const result of changed) concepts[places.get(result.concept) ?? concepts.length] = result;
  return { ...study, concepts };
}

/** The same change in pieces of at most `size` concepts, to be applied one after the other. */
export function inPieces({ study, concepts, whole }: ResultsChange, size: number): ResultsChange[] {
  const pieces = Math.max(1, Math.ceil(concepts.length / size));
  return Array.from({ length: pieces }, (_, index) => ({
    study,
    concepts: concepts.slice(index * size, (index + 1) * size),
    whole: whole && index === 0,
  }));
}

/** Whether two values of plain data are equal; stops at the first difference, as writing both out would not. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), b as Record<string, unknown>];
  return left.length === Object.keys(b).length && left.every(([key, value]) => same(value, right[key]));
}
