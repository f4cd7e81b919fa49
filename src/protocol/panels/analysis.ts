/** Hosts of the panels that look closer at a finished result: entanglement, transition. */
import * as z from 'zod';
import type { Side } from '../channel';
import { entanglementSchema, workProgressSchema } from '../results';
import { commonHostCalls, commonHostEvents } from './common';
import { bytesSchema, imageSchema } from './images';

// ---- Entanglement -----------------------------------------------------------------------------------------------

export const entanglementViewSchema = z.object({
  /** Names of the layer sets that it can be asked for, `all` first. */
  available: z.array(z.string()),
  /** Null while it has not been computed; `reason` says what to do. */
  entanglement: entanglementSchema.nullable(),
  reason: z.string().nullable(),
});
export type EntanglementView = z.infer<typeof entanglementViewSchema>;

export const entanglementHostSide = {
  calls: {
    ...commonHostCalls,
    /**
     * What moving one concept does to each of the others: at most `limit` concepts, those that move most. `concept`, where
     * the panel is pointed to one, is always among them, and all that its move changes is scored.
     */
    entanglement: {
      params: z.object({
        layers: z.string(),
        limit: z.int().min(2).max(200),
        concept: z.string().nullable(),
      }),
      result: entanglementViewSchema,
    },
  },
  events: commonHostEvents,
} satisfies Side;

// ---- Transition -------------------------------------------------------------------------------------------------

/** How labelled pixels change along a category boundary (section 4.4, Fig. 11). */
export const transitionViewSchema = z.object({
  /** Every hop of the file's transitions, as titles (`living room → bedroom`). */
  titles: z.array(z.string()),
  /** The hop that is shown, and its name as the snapshot has it; null where the file names none. */
  index: z.int(),
  name: z.string().nullable(),
  samples: z.int(),
  /** In a sentence: how the samples were found and how many arrive; null where there is no flow. */
  note: z.string().nullable(),
  labels: z.array(z.string()),
  /** [labels, labels]: share of all pixels that had the row's label before and have the column's after. */
  flow: z.array(z.array(z.number())).nullable(),
  /** Why there is no flow, and what to do; null when there is. */
  reason: z.string().nullable(),
});
export type TransitionView = z.infer<typeof transitionViewSchema>;

export const transitionHostSide = {
  calls: {
    ...commonHostCalls,
    /** A walk that the store does not have is computed, and tells by `walked` how far it is. Cancel to stop it. */
    transition: { params: z.object({ index: z.int().min(0) }), result: transitionViewSchema },
    /**
     * Samples in which most pixels went from one label to the other, in the hop of this name: the file may have another at
     * its place by now. `mask`: one byte a pixel, 255 where they did.
     */
    transitionPixels: {
      params: z.object({ name: z.string(), from: z.string(), to: z.string() }),
      result: z.object({
        examples: z.array(
          z.object({ sample: z.int(), before: imageSchema, after: imageSchema, mask: bytesSchema }),
        ),
      }),
    },
  },
  events: { ...commonHostEvents, walked: workProgressSchema },
} satisfies Side;
