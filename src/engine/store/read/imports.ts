/**
 * Directions that people brought in for an experiment, in place of fitted ones. They lie in the store under the
 * experiment file, the generator and the space that they are for, and they are part of what names a study's result.
 */
import * as z from 'zod';
import type { ConceptName } from '../../../protocol/concept';
import { keyHash, sha256, type Json } from '../../canonical';
import type { Layout } from './layout';
import type { StoreReader } from './reader';
import { importsKind } from './study-hash';

const hashSchema = z.string().nullable();
export const importsSchema = z.object({
  file: z.string(),
  space: z.string(),
  /** SHA-256 of the generator's files. */
  models: z.object({ mapping: hashSchema, synthesis: hashSchema }).optional(),
  imports: z.record(z.string(), z.object({ direction: z.array(z.number()).min(1), source: z.string() })),
});
export type ImportsDocument = z.infer<typeof importsSchema>;
export type ImportModels = NonNullable<ImportsDocument['models']>;

/** What of a resolved experiment its imports depend on. */
export interface ImportsOf {
  generator: {
    manifest: {
      generator?: { mapping?: { sha256: string } | undefined; synthesis: { sha256: string } } | undefined;
    };
  };
  space: string;
  concepts: readonly ConceptName[];
}

export const modelsOfImports = ({ generator }: Pick<ImportsOf, 'generator'>): ImportModels => {
  const { mapping, synthesis } = generator.manifest.generator ?? {};
  return { mapping: mapping?.sha256 ?? null, synthesis: synthesis?.sha256 ?? null };
};

/** The key of an experiment file's imports: another generator or space has others. */
export const importsKey = (layout: Layout, file: string, models: ImportModels, space: string): Json => ({
  kind: importsKind,
  file: layout.relative(file),
  models: { ...models },
  space,
});

/** Hash of a direction's numbers. */
export const directionHash = (vector: Float32Array): string =>
  sha256(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));

/** What was imported for one experiment file, whichever generator and space it names. */
export class StoredImports {
  private constructor(
    private readonly layout: Layout,
    private readonly file: string,
    private readonly documents: ReadonlyMap<string, ImportsDocument>,
  ) {}

  static async read(store: StoreReader, file: string): Promise<StoredImports> {
    const all = await store.listDocuments(importsKind, importsSchema);
    const own = store.layout.relative(file);
    return new StoredImports(
      store.layout,
      file,
      new Map([...all].filter(([, document]) => document.file === own)),
    );
  }

  get all(): ImportsDocument[] {
    return [...this.documents.values()];
  }

  /** SHA-256 by concept of the directions that a study of this experiment would take; undefined for none. */
  hashes(experiment: ImportsOf): Record<ConceptName, string> | undefined {
    const key = importsKey(this.layout, this.file, modelsOfImports(experiment), experiment.space);
    const imports = this.documents.get(keyHash(key))?.imports ?? {};
    const found = experiment.concepts.filter((concept) => concept in imports);
    if (found.length === 0) return undefined;
    return Object.fromEntries(
      found.map((concept) => [concept, directionHash(Float32Array.from(imports[concept].direction))]),
    );
  }
}

/** Whether a store has something that is kept under an experiment file's path. */
export const knowsFile = async (store: StoreReader, file: string): Promise<boolean> =>
  (await store.readPointer(file)) !== null || (await StoredImports.read(store, file)).all.length > 0;
