/**
 * The conversation between the extension (or any other owner) and the inference process, on one page.
 * The process answers calls and sends events; the owner only calls.
 */
import * as z from 'zod';
import type { Side } from './channel';
import { stageSchema } from './experiment';
import {
  deviceSchema,
  entanglementSchema,
  pairedStudiesSchema,
  planSchema,
  progressSchema,
  transitionSchema,
  workProgressSchema,
} from './results';
import { resultsChangeSchema } from './results-change';

const deviceChoice = z.union([deviceSchema, z.literal('auto')]);

/** Which experiment, on what. `text` is the editor's, where that is not what lies on disk. */
export const studyRequestSchema = z.object({
  file: z.string(),
  text: z.string().optional(),
  store: z.string().optional(),
  modelPaths: z.array(z.string()).optional(),
  device: deviceChoice.optional(),
  threads: z.int().min(1).optional(),
  onnxruntime: z.string().optional(),
});

/** A result: its store and the study's hash. */
const storedStudySchema = z.object({ store: z.string(), study: z.string() });
/** Names long work, so that its `work` events are known. */
const work = { id: z.string() };

/** Images cross as bytes [R, R, 3]. */
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes');

/** Which cell of which request. */
const cellPlace = {
  /** Names the request that the cell answers; cells of superseded requests are dropped by the receiver. */
  request: z.string(),
  sample: z.int(),
  /** Multiple of each edit's step; 0: unedited. */
  step: z.number(),
  /** 0: without jitter. */
  variant: z.int(),
};

export const previewCellSchema = z.object({
  ...cellPlace,
  resolution: z.int(),
  image: bytes,
  /** In the order of `concepts` of the event `rendering` and of the answer; null where missing. */
  scores: z.array(z.number().nullable()),
});
export type PreviewCellMessage = z.infer<typeof previewCellSchema>;

/** A cell's segmentation: numbers of the labels as bytes [height, width], of the segmentation's own size. */
export const segmentedCellSchema = z
  .object({ ...cellPlace, height: z.int().min(1), width: z.int().min(1), labels: bytes })
  .refine(({ height, width, labels }) => labels.length === height * width, 'one byte a pixel');
export type SegmentedCellMessage = z.infer<typeof segmentedCellSchema>;

/** Cells of a preview that are asked for. */
const previewRequestSchema = studyRequestSchema.extend({
  request: z.string(),
  preview: z.string(),
  steps: z.array(z.number()).max(64).optional(),
  /** The sample that somebody looks at: its cells come first. */
  focus: z.int().optional(),
});

/** What the inference process answers and sends. */
export const inferenceSide = {
  calls: {
    /** Answers at once: the process is up. */
    hello: {
      params: z.object({}),
      result: z.object({ pid: z.int(), version: z.string(), node: z.string() }),
    },
    /**
     * Runs or resumes a study; `progress` and `partial` events carry its `id` while it runs. The result has been told by
     * `partial` events, all of it, when the call is answered. Cancel to stop it.
     */
    run: {
      params: studyRequestSchema.extend({
        id: z.string(),
        until: stageSchema.optional(),
        /** False: the text is an earlier one, and its result does not become the file's latest. */
        latest: z.boolean().optional(),
      }),
      result: z.object({ path: z.string(), cached: z.boolean() }),
    },
    /** What `run` would cost, up to the same stage. */
    plan: { params: studyRequestSchema.extend({ until: stageSchema.optional() }), result: planSchema },
    /** Renders a preview; a `rendering` event names the scores, `cell` events carry the images as they come, the focused sample first. */
    preview: {
      params: previewRequestSchema,
      result: z.object({ concepts: z.array(z.string()), cells: z.int(), missing: z.array(z.string()) }),
    },
    /** Segments the cells of a preview, in the order of their images; `segmented` events carry the label maps. */
    segmentPreview: { params: previewRequestSchema, result: z.object({}) },
    /** What moving each concept does to every other; read from the store. */
    entanglement: {
      params: studyRequestSchema.extend({ layers: z.string().default('all') }),
      result: entanglementSchema,
    },
    /** Two stored studies sample by sample, where both drew the same samples; read from their stores. */
    compare: {
      params: z.object({ left: storedStudySchema, right: storedStudySchema }),
      result: pairedStudiesSchema,
    },
    /**
     * A walk between categories, computed where the store does not have it. Cancel to stop it. It and the calls below
     * with an `id` tell how far they are by `work` events that carry it.
     */
    transition: {
      params: studyRequestSchema.extend({ ...work, index: z.int().min(0) }),
      result: transitionSchema,
    },
    /** The samples with most pixels that went from one label to another in a hop; `mask` [R, R] is 255 there. */
    transitionExamples: {
      params: studyRequestSchema.extend({
        index: z.int().min(0),
        hop: z.int().min(0),
        from: z.string(),
        to: z.string(),
        count: z.int().min(1).max(64),
      }),
      result: z.array(
        z.object({ sample: z.int(), resolution: z.int(), before: bytes, after: bytes, mask: bytes }),
      ),
    },
    /** Runs each model's self-test on the device. */
    checkModels: {
      params: studyRequestSchema.partial({ file: true }).extend({ ...work, folder: z.string().optional() }),
      result: z.array(
        z.object({
          model: z.string(),
          folder: z.string(),
          device: deviceSchema,
          ok: z.boolean(),
          message: z.string(),
        }),
      ),
    },
    /** Writes the study into a folder, in the reference's own layout of arrays. */
    exportArrays: {
      params: studyRequestSchema.extend({ ...work, folder: z.string() }),
      result: z.object({ notes: z.array(z.string()) }),
    },
    /** A methods section in Markdown, of what the store holds. */
    report: { params: studyRequestSchema, result: z.object({ text: z.string() }) },
    /** Deletes from a store what no experiment file and no verdict names. */
    cleanStore: {
      params: z.object({ ...work, store: z.string() }),
      result: z.object({ items: z.int(), bytes: z.number() }),
    },
    /** An experiment file got another name: its results and imports in the store follow. */
    rename: {
      params: z.object({ store: z.string(), from: z.string(), to: z.string() }),
      result: z.object({ followed: z.boolean() }),
    },
    /** Whether a preview is visible: a study's batches are kept short then. */
    attend: { params: z.object({ visible: z.boolean() }), result: z.object({}) },
    /** The text of a visible preview has changed and is being read: a study begins no batch until the preview is asked for. */
    expect: { params: z.object({}), result: z.object({}) },
    /** Ends the process after what is running reached its next batch boundary. */
    shutdown: { params: z.object({}), result: z.object({}) },
  },
  events: {
    progress: progressSchema.extend({ id: z.string() }),
    /** The result so far: what changed since the last one, in pieces; `more` says that another piece of it follows. */
    partial: z.object({ id: z.string(), change: resultsChangeSchema, more: z.boolean() }),
    work: workProgressSchema.extend({ id: z.string() }),
    /** Ahead of a preview's first cell: the names of its scores, in order. */
    rendering: z.object({ request: z.string(), concepts: z.array(z.string()) }),
    cell: previewCellSchema,
    segmented: segmentedCellSchema,
    log: z.object({ line: z.string() }),
    /** Every second while anything runs, every few seconds else. */
    heartbeat: z.object({
      device: deviceSchema.nullable(),
      state: z.enum(['idle', 'opening', 'running', 'previewing']),
      /** Bytes of resident memory. */
      memory: z.number(),
      /** Images a second; 0 when none. */
      rate: z.number(),
      /** Why devices that come before this one are not used, a sentence each. */
      rejected: z.array(z.string()),
    }),
  },
} satisfies Side;
export type InferenceSide = typeof inferenceSide;

/** The owner answers nothing and sends nothing. */
export const ownerSide = { calls: {}, events: {} } satisfies Side;
export type OwnerSide = typeof ownerSide;
