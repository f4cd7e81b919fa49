/**
 * Concepts: what a predictor can score. A concept is written `level/label`, for example
 * `attribute/indoor lighting`; a pair of categories is written `category/living room~bedroom`.
 */
import * as z from 'zod';

/** The four levels of abstraction of the paper (section 3.1). */
export const levels = ['layout', 'category', 'attribute', 'color'] as const;
export const levelSchema = z.enum(levels);
export type Level = z.infer<typeof levelSchema>;

/** A concept's full name, `level/label`; labels keep their spaces. */
export type ConceptName = string;

/** `attribute/indoor lighting` → level and label. Throws on a name without a known level. */
export function splitConcept(name: ConceptName): { level: Level; label: string } {
  const slash = name.indexOf('/');
  const level = levelSchema.safeParse(name.slice(0, slash));
  if (slash < 1 || !level.success) {
    throw new Error(`'${name}' is not a concept: write level/label with a level of ${levels.join(', ')}.`);
  }
  return { level: level.data, label: name.slice(slash + 1) };
}

/** One form for comparing: users may write `_` for a space, as the reference's files do. */
export function normaliseConcept(name: ConceptName): ConceptName {
  return name.replaceAll('_', ' ').trim();
}

/** Bins of the hue histogram, weighted by saturation × value: bin i holds hues from i·30° up to (i + 1)·30°; 0° is red. */
export const hueBins = 12;

/** Labels of the built-in colour concepts, in the order of the scoring graph's columns. */
export const colorLabels: readonly string[] = [
  ...Array.from({ length: hueBins }, (_, bin) => `hue ${bin}`),
  'brightness',
  'saturation',
];
