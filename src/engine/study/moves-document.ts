/** Which series of the store hold which move's scores: what entanglement, Compare and exports read. */
import * as z from 'zod';

export const movesDocumentSchema = z.object({
  /** Concepts of the columns of every score chunk. */
  columns: z.array(z.string()),
  samples: z.int(),
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
