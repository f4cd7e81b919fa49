/** What can stand at a place of an experiment beyond what the JSON Schema says: the names that models bring. */
import type { ConceptNames, ConceptProblem } from '../../engine/experiment';
import type { DataPath } from '../../engine/yaml';
import type { ConceptName } from '../../protocol/concept';
import type { Place } from './place';

export type NameKind = 'generator' | 'predictor' | 'concept' | 'concept glob' | 'category' | 'layers';

/** Paths are matched by pattern; `*` is any key or index. */
const values: [string, NameKind][] = [
  ['generator', 'generator'],
  ['predictors.*', 'predictor'],
  ['concepts.*', 'concept glob'],
  ['previews.*.edits.*.concept', 'concept'],
  ['previews.*.edits.*.layers', 'layers'],
  ['rescore.layers.*', 'layers'],
  ['transitions.*.path.*', 'category'],
  ['transitions.*.layers', 'layers'],
];

/** The kind of name that the value at a path is, or null. */
export function nameKindAt(path: DataPath): NameKind | null {
  return values.find(([pattern]) => matches(path, pattern))?.[1] ?? null;
}

/** Whether the keys of the map that a key's path lies in are concepts. */
export const isConceptKey = (path: DataPath): boolean => matches(path, 'review.*');

/** Whether a concept, a category or a glob of concepts is named at a place. */
export function namesConcepts({ path, part }: Pick<Place, 'path' | 'part'>): boolean {
  if (part === 'key') return isConceptKey(path);
  const kind = nameKindAt(path);
  return kind === 'concept' || kind === 'concept glob' || kind === 'category';
}

/** The one concept that is named at a place where `namesConcepts`, or why it is none. */
export const conceptNamed = (
  { path, part, written }: Place,
  names: ConceptNames,
): ConceptName | ConceptProblem =>
  part === 'value' && nameKindAt(path) === 'category' ? names.category(written) : names.resolve(written);

function matches(path: DataPath, pattern: string): boolean {
  const parts = pattern.split('.');
  return (
    parts.length === path.length && parts.every((part, index) => part === '*' || part === String(path[index]))
  );
}
