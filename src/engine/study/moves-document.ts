/** Which series of the store hold which move's scores: what entanglement, Compare and exports read. */
import * as z from 'zod';
import type { StoreReader } from '../store/read';
import type { ApparatusIdentity } from './identity';

/** What the samples themselves depend on, whatever is moved and scored: alike in both, sample k is the same image. */
export const drawnSchema = z.object({
  method: z.int(),
  /** SHA-256 by role of the generator's files. */
  models: z.record(z.string(), z.string()),
  /** As in `ApparatusIdentity`; stores of earlier versions do not say it. */
  normalize: z.string().optional(),
  mappingOutput: z.string().nullable().optional(),
  seed: z.int(),
  /** Null: not truncated. */
  truncation: z.object({ psi: z.number(), cutoff: z.int() }).nullable(),
  /** In y, where it is truncated: which styles are. */
  styleWidths: z.array(z.int()).optional(),
  class: z.int().nullable(),
});
export type Drawn = z.infer<typeof drawnSchema>;

export const drawnBy = (identity: ApparatusIdentity): Drawn => {
  const { method, models, normalize, mappingOutput, styleWidths, seed, psi, cutoff, class: drawn } = identity;
  const truncation = psi === 1 ? null : { psi, cutoff };
  return {
    ...{ method, models, normalize, mappingOutput, seed, class: drawn, truncation },
    ...(truncation && styleWidths ? { styleWidths } : {}),
  };
};

export const movesDocumentSchema = z.object({
  /** Concepts of the columns of every score chunk. */
  columns: z.array(z.string()),
  samples: z.int(),
  /** What the samples depend on; stores of earlier versions do not say it. */
  drawn: drawnSchema.optional(),
  /** Hash of the series of probe scores; stores of earlier versions do not say it. */
  probe: z.string().optional(),
  /** Hash of the series of unmoved scores. */
  originals: z.string(),
  moves: z.array(
    z.object({
      /** Name of the layer set. */
      layers: z.string(),
      /** The concept moved; null for a random direction. */
      concept: z.string().nullable(),
      series: z.string(),
    }),
  ),
});
export type MovesDocument = z.infer<typeof movesDocumentSchema>;

/** The key of a study's moves document. */
export const movesKey = (experiment: string): { kind: string; experiment: string } => ({
  kind: 'moves',
  experiment,
});

/** The moves of a study by its hash; null where it has not been re-scored. */
export const readMoves = (store: StoreReader, experiment: string): Promise<MovesDocument | null> =>
  store.readDocument('moves', movesKey(experiment), movesDocumentSchema);
