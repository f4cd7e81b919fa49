/** The JSON records of a store. */
import * as z from 'zod';
import { stageSchema } from '../../../protocol/experiment';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const formatSchema = z.looseObject({ format: z.int().min(1), writer: z.string() });

/** What an experiment file's latest result is, or will be once its first run has found something. Paths are relative to the folder that holds the store. */
export const pointerSchema = z.object({
  file: z.string(),
  /** Hashes of the file's text and of what was understood from it, as in the result's provenance. */
  text: z.string(),
  experiment: sha256,
  /** A run that began after that result was found, and has none yet: its chunks are kept, too. */
  unfinished: sha256.optional(),
});
export type ExperimentPointer = z.infer<typeof pointerSchema>;

/** What a run reads and writes; `prune` keeps what the runs that are still wanted name. */
export const runSchema = z.object({
  experiment: sha256,
  file: z.string(),
  generator: z.string(),
  series: z.array(sha256),
  boundaries: z.array(sha256),
  documents: z.array(z.string()),
  /** When each stage was first finished, as ISO 8601; absent in records of older versions. */
  finished: z.partialRecord(stageSchema, z.string()).optional(),
});
export type RunRecord = z.infer<typeof runSchema>;

/** A direction: beside its `.npy`, float32 [1, D], or [1, L, D] where every layer has its own. */
export const boundaryRecordSchema = z.looseObject({ concept: z.string(), space: z.string() });
/** At least the concept and the space; whatever else its maker wants to keep. */
export type BoundaryRecord = z.infer<typeof boundaryRecordSchema>;
