/** The directions that a study takes from people instead of fitting them. */
import type { ConceptName } from '../../protocol/concept';
import type { Json } from '../canonical';
import {
  directionHash,
  importsKey,
  importsKind,
  importsSchema,
  modelsOfImports,
  type ImportsDocument,
  type ImportsOf,
  type StoreReader,
} from '../store/read';

/** One direction in place of a concept's own. */
export interface ImportedDirection {
  /** Unit vector [width]; in y a unit vector for each layer, one after the other. */
  vector: Float32Array;
  /** SHA-256 of its numbers. */
  hash: string;
  /** Name of the file that it came from. */
  source: string;
}

export type ImportedDirections = ReadonlyMap<ConceptName, ImportedDirection>;

/** The key of the imports of an experiment file, its generator and its space. */
export const importsKeyOf = (store: StoreReader, file: string, experiment: ImportsOf): Json =>
  importsKey(store.layout, file, modelsOfImports(experiment), experiment.space);

/** What is stored for an experiment file, its generator and its space; null where nothing was imported. */
export const readImportsDocument = (
  store: StoreReader,
  file: string,
  experiment: ImportsOf,
): Promise<ImportsDocument | null> =>
  store.readDocument(importsKind, importsKeyOf(store, file, experiment), importsSchema);

/** The imported directions of the concepts that an experiment studies. */
export async function readImports(
  store: StoreReader,
  file: string,
  experiment: ImportsOf,
): Promise<ImportedDirections> {
  const document = await readImportsDocument(store, file, experiment);
  const found = new Map<ConceptName, ImportedDirection>();
  for (const concept of experiment.concepts) {
    const entry = document?.imports[concept];
    if (!entry) continue;
    const vector = Float32Array.from(entry.direction);
    found.set(concept, { vector, hash: directionHash(vector), source: entry.source });
  }
  return found;
}

/** Hashes by concept: what the study's name and its provenance say of imports. Undefined where there are none. */
export function importHashes(imports: ImportedDirections): Record<ConceptName, string> | undefined {
  if (imports.size === 0) return undefined;
  return Object.fromEntries([...imports].map(([concept, { hash }]) => [concept, hash]));
}
