/**
 * Directions that people brought in for an experiment, in place of fitted ones. They lie in the store under the
 * experiment file, the generator and the space that they are for, and they are part of what names a study's result.
 */
import { z } from 'zod';
import type { ConceptName } from '../../protocol/concept';
import type { ResolvedExperiment } from '../experiment';
import type { Json } from '../canonical';
import { importsKind, type StoreReader } from '../store/read';
import { directionHash } from './directions';

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

const importsSchema = z.object({
  file: z.string(),
  space: z.string(),
  imports: z.record(z.string(), z.object({ direction: z.array(z.number()).min(1), source: z.string() })),
});
export type ImportsDocument = z.infer<typeof importsSchema>;

type ImportsOf = Pick<ResolvedExperiment, 'generator' | 'space' | 'concepts'>;

/** The key of an experiment file's imports: another generator or space has others. */
export function importsKey(store: StoreReader, file: string, { generator, space }: ImportsOf): Json {
  const { mapping, synthesis } = generator.manifest.generator ?? {};
  const models = { mapping: mapping?.sha256 ?? null, synthesis: synthesis?.sha256 ?? null };
  return { kind: importsKind, file: store.layout.relative(file), models, space };
}

/** What is stored for an experiment file, its generator and its space; null where nothing was imported. */
export const readImportsDocument = (
  store: StoreReader,
  file: string,
  experiment: ImportsOf,
): Promise<ImportsDocument | null> =>
  store.readDocument(importsKind, importsKey(store, file, experiment), importsSchema);

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
