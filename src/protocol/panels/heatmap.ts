/** The layer heatmap's host: the images behind a cell, and the way of a cell into the file. */
import * as z from 'zod';
import type { Side } from '../channel';
import { commonHostCalls, commonHostEvents } from './common';
import { imageSchema } from './images';

/** One sample before and after a move. Scores are raw and of the moved concept; null where missing. */
export const framePairSchema = z.object({
  sample: z.int(),
  before: imageSchema,
  after: imageSchema,
  scoreBefore: z.number().nullable(),
  scoreAfter: z.number().nullable(),
});
export type FramePair = z.infer<typeof framePairSchema>;

export const heatmapHostSide = {
  calls: {
    ...commonHostCalls,
    /**
     * The images behind a cell: samples moved along the concept on the layers of the set (`all`: every layer) by the
     * study's step. The panel cancels it when another cell is chosen.
     */
    renderMove: {
      params: z.object({
        concept: z.string(),
        layerSet: z.string(),
        samples: z.array(z.int().min(0)).min(1).max(16),
      }),
      result: z.object({ pairs: z.array(framePairSchema), step: z.number() }),
    },
    /**
     * Adds a preview with this one move to the YAML (one undo step), and opens its panel. Answers with the preview's name.
     */
    addPreview: {
      params: z.object({
        concept: z.string(),
        layerSet: z.string(),
        samples: z.array(z.int().min(0)).min(1),
      }),
      result: z.object({ preview: z.string() }),
    },
  },
  events: commonHostEvents,
} satisfies Side;
