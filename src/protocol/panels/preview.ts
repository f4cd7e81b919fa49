/** The manipulation preview's host: follows the YAML, renders what the panel asks for, and writes gestures back. */
import * as z from 'zod';
import type { Side } from '../channel';
import { editSchema, previewSchema } from '../experiment';
import { layerSetSchema } from '../results';
import { commonHostCalls, commonHostEvents, done } from './common';
import { bytesSchema, imageSchema } from './images';

/** A preview of the file as it stands in the editor, and what its controls can offer. */
export const previewViewSchema = z.object({
  /** Version of the document that this was read from; grows with every edit of the text. */
  version: z.int(),
  /** All previews of the file, in its order. */
  names: z.array(z.string()),
  /** The one shown; null when the file has none. */
  name: z.string().nullable(),
  /** Parsed, with defaults; null while the text of the preview does not parse or the file has none. */
  preview: previewSchema.nullable(),
  /** Why there is nothing to draw, as the diagnostics say it; null when there is. */
  problem: z.string().nullable(),
  /** Number of layers of the generator, and its groups. */
  layers: z.int().min(0),
  groups: z.array(layerSetSchema),
  /** Concepts that have a direction and can be edited. */
  concepts: z.array(z.string()),
  /** What pixels can be labelled as, by the numbers of label maps; without any, `reason` says why and what to do. */
  segmentation: z.object({ labels: z.array(z.string()), reason: z.string().nullable() }),
});
export type PreviewView = z.infer<typeof previewViewSchema>;

const { shape: edit } = editSchema;
const { shape: jitter } = previewSchema.shape.jitter.unwrap();
/** An edit by its place, and the concept that the panel sees there: where the file has another by now, it is refused. */
const editPlace = { index: z.int().min(0), of: edit.concept };

/** A change that a gesture in the panel makes to the preview in the YAML. */
export const previewChangeSchema = z.discriminatedUnion('kind', [
  /** Only the named keys of the edit are written, within the bounds of the file: what is written must be valid. */
  z.object({
    kind: z.literal('edit'),
    ...editPlace,
    step: edit.step.removeDefault().optional(),
    layers: edit.layers.removeDefault().optional(),
    concept: edit.concept.optional(),
  }),
  z.object({ kind: z.literal('addEdit'), edit: editSchema }),
  z.object({ kind: z.literal('removeEdit'), ...editPlace }),
  z.object({ kind: z.literal('samples'), samples: previewSchema.shape.samples.removeDefault() }),
  /** Only the named numbers are written; null removes the jitter. */
  z.object({
    kind: z.literal('jitter'),
    jitter: z
      .strictObject({
        strength: jitter.strength.removeDefault().optional(),
        variants: jitter.variants.removeDefault().optional(),
        seed: jitter.seed.removeDefault().optional(),
      })
      .nullable(),
  }),
]);
export type PreviewChange = z.infer<typeof previewChangeSchema>;

/**
 * A place of the grid: sample × step × jitter variant. `step` is a multiple of every edit's step (0: unedited, 1: as
 * the YAML says); `variant` 0 is without jitter, variants count from 1 and stand at step 1.
 */
const cellPlace = {
  /** The request that it answers: the panel drops cells of requests that it has superseded. */
  sequence: z.int(),
  sample: z.int(),
  step: z.number(),
  variant: z.int(),
};

/** One cell of the grid. */
export const previewCellSchema = z.object({
  ...cellPlace,
  image: imageSchema,
  /** Raw scores in the order of the event `rendering`; null where missing, or all null when they follow. */
  scores: z.array(z.number().nullable()).nullable(),
});
export type PreviewCellView = z.infer<typeof previewCellSchema>;

/** Each pixel's class: bytes [height, width], numbers of labels. The size is the segmentation's own, not the image's. */
export const labelMapSchema = z
  .object({ width: z.int().min(1).max(8192), height: z.int().min(1).max(8192), data: bytesSchema })
  .refine(({ width, height, data }) => data.byteLength === width * height, 'one byte a pixel');
export type LabelMap = z.infer<typeof labelMapSchema>;

/** The segmentation of one cell's image. */
export const segmentedCellSchema = z.object({ ...cellPlace, map: labelMapSchema });
export type SegmentedCellView = z.infer<typeof segmentedCellSchema>;

/** Cells that the panel wants of a preview **as given here**, which during a drag is not what the YAML says. */
const cellsWantedSchema = z.object({
  /** Grows with every request for images of this panel. */
  sequence: z.int(),
  name: z.string(),
  preview: previewSchema,
  /** Multiples of every edit's step. */
  steps: z.array(z.number()).min(1).max(64),
  focus: z.int(),
});
export type CellsWanted = z.infer<typeof cellsWantedSchema>;

export const previewHostSide = {
  calls: {
    ...commonHostCalls,
    /** What the file says of a preview; the first of the file where `name` is null or gone. `preview` events follow it from then on. */
    follow: { params: z.object({ name: z.string().nullable() }), result: previewViewSchema },
    /**
     * Renders the grid of a preview; the document is not touched. Cells come as `cell` events carrying `sequence`, those of sample `focus` first; the answer comes after the
     * last. The newest wins: the panel cancels what it supersedes, and the host passes the cancellation on.
     */
    renderPreview: {
      params: cellsWantedSchema,
      result: z.object({
        /** Names of the scores of every cell, in order. Sent ahead as the event `rendering`. */
        concepts: z.array(z.string()),
        /** Edited concepts that have no direction yet, so that nothing moves along them. */
        missing: z.array(z.string()),
      }),
    },
    /**
     * Segments cells whose images are there, of the request `sequence`; label maps come as `segmented` events in the order
     * of the images, and the answer after the last. Cancelled like `renderPreview`.
     */
    segmentPreview: { params: cellsWantedSchema, result: done },
    /**
     * Writes one change into the YAML: ONE edit, one undo step, comments kept. `version` is the document's afterwards;
     * the panel ignores `preview` events older than it, so that its own gesture never comes back as a flicker.
     */
    writePreview: {
      params: z.object({ name: z.string(), change: previewChangeSchema }),
      result: z.object({ version: z.int() }),
    },
    /** Adds a preview that edits this concept, on the layers where it moves most: one undo step. Answers with its name. */
    addPreview: { params: z.object({ concept: z.string() }), result: z.object({ preview: z.string() }) },
    /** Whether the panel can be seen: a running study's batches are kept short while it is. */
    attend: { params: z.object({ visible: z.boolean() }), result: done },
  },
  events: {
    ...commonHostEvents,
    /** The preview's YAML, the results or the models changed: draw this. */
    preview: previewViewSchema,
    cell: previewCellSchema,
    segmented: segmentedCellSchema,
    /** Ahead of the first cell of a request: the names of its scores. */
    rendering: z.object({ sequence: z.int(), concepts: z.array(z.string()) }),
  },
} satisfies Side;
