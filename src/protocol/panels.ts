/**
 * The conversations between the extension host and its panels (webviews), on one page. Each panel has a host side (what
 * the host answers and sends) and a panel side (what the panel answers and sends); both ends validate with these schemas.
 *
 * How a panel lives: it calls `subscribe` and gets a whole snapshot; from then on the host sends `snapshot` (everything
 * replaced), `results` (only what changed, while a study runs) and `progress`. A panel keeps nothing but navigation and
 * layout over a reload (`PanelState`); all data is fetched again. Nothing here depends on the theme.
 */
import * as z from 'zod';
import type { Side } from './channel';
import { editSchema, layersTextSchema, previewSchema, verdictSchema } from './experiment';
import {
  conceptResultSchema,
  entanglementSchema,
  layerSetSchema,
  progressSchema,
  studyResultSchema,
} from './results';

export const panelKinds = ['ranking', 'heatmap', 'preview', 'entanglement', 'transition', 'compare'] as const;
export const panelKindSchema = z.enum(panelKinds);
export type PanelKind = z.infer<typeof panelKindSchema>;

// ---- What crosses -----------------------------------------------------------------------------------------------

/** A real ArrayBuffer, whichever realm made it. */
const bufferSchema = z.custom<ArrayBuffer>(
  (value) => Object.prototype.toString.call(value) === '[object ArrayBuffer]',
  'an ArrayBuffer',
);
/** Bytes as the inference process sends them (a Node Buffer arrives as a Uint8Array too), or a whole buffer. */
const bytesSchema = z.union([
  z.custom<Uint8Array>(
    (value) => /^\[object (Uint8Array|Uint8ClampedArray)\]$/.test(Object.prototype.toString.call(value)),
    'bytes',
  ),
  bufferSchema,
]);

/**
 * An image. `rgb` and `rgba`: rows of bytes, [height, width, 3] and [height, width, 4], exactly that long; `png` and
 * `webp`: a whole file. Up to 128 × 128, raw bytes cost less than encoding; above, encode.
 */
export const imageSchema = z.object({
  format: z.enum(['rgb', 'rgba', 'png', 'webp']),
  width: z.int().min(1).max(8192),
  height: z.int().min(1).max(8192),
  data: bytesSchema,
});
export type PanelImage = z.infer<typeof imageSchema>;

/** A verdict of the file's `review:` as the panels show it. */
export const reviewEntrySchema = verdictSchema.omit({ result: true }).extend({
  /** The result changed since the verdict was given (`review.*.result` names another one). */
  stale: z.boolean(),
});
export type ReviewEntry = z.infer<typeof reviewEntrySchema>;
export const verdicts = ['accepted', 'rejected', 'unsure'] as const;
export type Verdict = (typeof verdicts)[number];

/** What else a move on all layers changes significantly: strongest first, at most three. */
export const sideEffectSchema = z.object({
  concept: z.string(),
  /** Signed mean change d̄ in standard deviations of that concept's score. */
  mean: z.number(),
});
export type SideEffect = z.infer<typeof sideEffectSchema>;

export const runStateSchema = z.object({
  /** `cancelling`: asked to stop, the batch in flight still ends. */
  state: z.enum(['idle', 'running', 'cancelling']),
  progress: progressSchema.nullable(),
  /** Why the last run ended without its result, in a sentence with the remedy; null when it did not. */
  problem: z.string().nullable(),
});
export type RunState = z.infer<typeof runStateSchema>;

/** How the shown result relates to the file as it stands in the editor. */
export const currencySchema = z.enum([
  'current',
  /** Computed for an earlier version of this file: what the file means has changed since. */
  'outdated',
]);

/** Everything a panel knows about its experiment. */
export const snapshotSchema = z.object({
  /** URI of the experiment file; names the experiment in `PanelState`. */
  experiment: z.string(),
  /** For people: the file's name, with its folder where two open files share the name. */
  title: z.string(),
  /** The stored or running result; null when there is none yet. */
  study: studyResultSchema.nullable(),
  currency: currencySchema,
  run: runStateSchema,
  /** Why Run is not possible now (untrusted workspace, errors in the file, file gone), in a sentence; null: it is. */
  cannotRun: z.string().nullable(),
  /** `review:` of the file, by concept. */
  review: z.record(z.string(), reviewEntrySchema),
  /** By moved concept, once the entanglement is known; a concept that drags nothing has an empty list. */
  sideEffects: z.record(z.string(), z.array(sideEffectSchema)),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** A part of a result that changed; concepts are named again in full, the others stay as they were. */
export const resultsChangeSchema = z.object({
  study: studyResultSchema.omit({ concepts: true }),
  concepts: z.array(conceptResultSchema),
});
export type ResultsChange = z.infer<typeof resultsChangeSchema>;

/** Where a panel is pointed to: any part may be left out. */
export const targetSchema = z.object({
  concept: z.string().optional(),
  /** Name of a layer set of the study. */
  layerSet: z.string().optional(),
  /** Name of a preview of the file. */
  preview: z.string().optional(),
});
export type Target = z.infer<typeof targetSchema>;

const done = z.null();
const nothing = z.object({});

// ---- Common to all panels ---------------------------------------------------------------------------------------

/** Calls that the host answers for every panel. All may be refused with an error whose message is shown as it is. */
const commonHostCalls = {
  /** Starts the events and returns what is known now. Calling again returns it afresh. */
  subscribe: { params: nothing, result: snapshotSchema },
  /**
   * Opens (or reveals) another panel of the same experiment, pointed to something. A preview for a concept is the first of
   * the file that edits it; where there is none, the host offers to add one.
   */
  open: { params: z.object({ panel: panelKindSchema, target: targetSchema }), result: done },
  /** Shows the place in the YAML: the preview or review entry where named, else the concept's first mention, else the top. */
  showSource: { params: targetSchema, result: done },
  /**
   * Writes `review:` of the YAML as one undo step. The entry is replaced as given; null removes it. The host notes the
   * present result's hash beside a verdict. A `snapshot` with the new review follows.
   */
  setReview: {
    params: z.object({ concept: z.string(), entry: verdictSchema.omit({ result: true }).nullable() }),
    result: done,
  },
  /** Runs or continues the study of the file as it stands in the editor; answers once it has started. */
  run: { params: nothing, result: done },
  /** Stops the running study; answers at once, `progress` tells when it has stopped. */
  cancelRun: { params: nothing, result: done },
  /** Asks where to save and writes it. `saved` is false when the person dismissed the dialog. */
  save: {
    params: z.object({
      /** A plain file name with its ending. */
      name: z.string().regex(/^[^/\\]+\.(png|svg|csv|md|json)$/),
      /** Text is written as UTF-8. */
      content: z.union([z.string(), bufferSchema]),
    }),
    result: z.object({ saved: z.boolean() }),
  },
  /** Puts text on the clipboard. */
  copy: { params: z.object({ text: z.string() }), result: done },
} as const;

const commonHostEvents = {
  /** Everything replaced: another file or revision, an edit of the YAML, a finished run. */
  snapshot: snapshotSchema,
  /** While a study runs, at most a few times a second; applies to the last snapshot. */
  results: resultsChangeSchema,
  /** The run's state; far more frequent than results. */
  progress: runStateSchema,
  /** Point to this: the panel was revealed by a command, a code lens or another panel. */
  show: targetSchema,
} as const;

const commonPanelEvents = {
  /** Something went wrong in the panel: for the log, never for a notification. */
  problem: z.object({ message: z.string(), stack: z.string().optional() }),
} as const;

// ---- Ranking ----------------------------------------------------------------------------------------------------

/** Boundary ranking: the common part is all it needs. */
export const rankingHostSide = { calls: commonHostCalls, events: commonHostEvents } satisfies Side;

// ---- Heatmap ----------------------------------------------------------------------------------------------------

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

// ---- Preview ----------------------------------------------------------------------------------------------------

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
});
export type PreviewView = z.infer<typeof previewViewSchema>;

/** A change that a gesture in the panel makes to the preview in the YAML. */
export const previewChangeSchema = z.discriminatedUnion('kind', [
  /** Only the named keys of edit `index` are written. */
  z.object({
    kind: z.literal('edit'),
    index: z.int().min(0),
    step: z.number().optional(),
    layers: layersTextSchema.optional(),
    concept: z.string().optional(),
  }),
  z.object({ kind: z.literal('addEdit'), edit: editSchema }),
  z.object({ kind: z.literal('removeEdit'), index: z.int().min(0) }),
  z.object({ kind: z.literal('samples'), samples: previewSchema.shape.samples.removeDefault() }),
  /** null removes the jitter. */
  z.object({ kind: z.literal('jitter'), jitter: previewSchema.shape.jitter.unwrap().nullable() }),
]);
export type PreviewChange = z.infer<typeof previewChangeSchema>;

/**
 * One cell of the grid: sample × step × jitter variant. `step` is a multiple of every edit's step (0: unedited, 1: as
 * the YAML says); `variant` 0 is without jitter, variants count from 1 and stand at step 1.
 */
export const previewCellSchema = z.object({
  /** The request that it answers: the panel drops cells of requests that it has superseded. */
  sequence: z.int(),
  sample: z.int(),
  step: z.number(),
  variant: z.int(),
  image: imageSchema,
  /** Raw scores in the order of `RenderResult.concepts` (see `renderPreview`); null where missing, or all null when they follow. */
  scores: z.array(z.number().nullable()).nullable(),
});
export type PreviewCellView = z.infer<typeof previewCellSchema>;

export const previewHostSide = {
  calls: {
    ...commonHostCalls,
    /** What the file says of a preview; the first of the file where `name` is null or gone. `preview` events follow it from then on. */
    follow: { params: z.object({ name: z.string().nullable() }), result: previewViewSchema },
    /**
     * Renders the grid of `preview` **as given here**, which during a drag is not what the YAML says; the document is not
     * touched. Cells come as `cell` events carrying `sequence`, those of sample `focus` first; the answer comes after the
     * last. The newest wins: the panel cancels what it supersedes, and the host passes the cancellation on.
     */
    renderPreview: {
      params: z.object({
        /** Grows with every request of this panel. */
        sequence: z.int(),
        name: z.string(),
        preview: previewSchema,
        /** Multiples of every edit's step. */
        steps: z.array(z.number()).min(1).max(64),
        focus: z.int(),
      }),
      result: z.object({
        /** Names of the scores of every cell, in order. Also sent ahead as the event `rendering`. */
        concepts: z.array(z.string()),
        /** Edited concepts that have no direction yet, so that nothing moves along them. */
        missing: z.array(z.string()),
      }),
    },
    /**
     * Writes one change into the YAML: ONE edit, one undo step, comments kept. `version` is the document's afterwards;
     * the panel ignores `preview` events older than it, so that its own gesture never comes back as a flicker.
     */
    writePreview: {
      params: z.object({ name: z.string(), change: previewChangeSchema }),
      result: z.object({ version: z.int() }),
    },
    /** Whether the panel can be seen: a running study's batches are kept short while it is. */
    attend: { params: z.object({ visible: z.boolean() }), result: done },
  },
  events: {
    ...commonHostEvents,
    /** The preview's YAML, the results or the models changed: draw this. */
    preview: previewViewSchema,
    cell: previewCellSchema,
    /** Ahead of the first cell of a request: the names of its scores, where they are known before the answer. */
    rendering: z.object({ sequence: z.int(), concepts: z.array(z.string()) }),
  },
} satisfies Side;

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
    /** What moving one concept does to each of the others: at most `limit` concepts, those that move most. */
    entanglement: {
      params: z.object({ layers: z.string(), limit: z.int().min(2).max(200) }),
      result: entanglementViewSchema,
    },
  },
  events: commonHostEvents,
} satisfies Side;

// ---- Transition -------------------------------------------------------------------------------------------------

/** How labelled pixels change along a category boundary (section 4.4, Fig. 11). */
export const transitionViewSchema = z.object({
  /** The transitions of the file, as titles (`living room → bedroom`). */
  titles: z.array(z.string()),
  index: z.int(),
  samples: z.int(),
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
    transition: { params: z.object({ index: z.int().min(0) }), result: transitionViewSchema },
    /** Samples in which most pixels went from one label to the other. `mask`: one byte a pixel, 255 where they did. */
    transitionPixels: {
      params: z.object({ index: z.int().min(0), from: z.string(), to: z.string() }),
      result: z.object({
        examples: z.array(
          z.object({ sample: z.int(), before: imageSchema, after: imageSchema, mask: bytesSchema }),
        ),
      }),
    },
  },
  events: commonHostEvents,
} satisfies Side;

// ---- Compare ----------------------------------------------------------------------------------------------------

const comparedStudySchema = z.object({
  /** For people: the file's name, with its revision where it is not the working copy. */
  title: z.string(),
  study: studyResultSchema.nullable(),
  /** Why there is no result for this side; null when there is. */
  reason: z.string().nullable(),
});
export const comparisonSchema = z.object({
  left: comparedStudySchema,
  right: comparedStudySchema.nullable(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const compareHostSide = {
  calls: {
    ...commonHostCalls,
    comparison: { params: nothing, result: comparisonSchema },
    /** Asks the person for the other side (another experiment, or a git revision of this one); null when dismissed. */
    chooseOther: { params: nothing, result: comparisonSchema.nullable() },
  },
  events: { ...commonHostEvents, comparison: comparisonSchema },
} satisfies Side;

// ---- Together ---------------------------------------------------------------------------------------------------

/** What a panel itself answers (nothing) and sends (its problems); alike for every panel. */
export const panelSide = { calls: {}, events: commonPanelEvents } satisfies Side;
export type PanelSide = typeof panelSide;

/** The host's side of each panel's conversation. */
export const hostSides = {
  ranking: rankingHostSide,
  heatmap: heatmapHostSide,
  preview: previewHostSide,
  entanglement: entanglementHostSide,
  transition: transitionHostSide,
  compare: compareHostSide,
} satisfies Record<PanelKind, Side>;
export type HostSides = typeof hostSides;

/**
 * What `setState` keeps, and what a serializer gets back after a window restart: which experiment the panel belongs to,
 * and the panel's own navigation and layout (`view`), which only the panel reads.
 */
export const panelStateSchema = z.object({
  panel: panelKindSchema,
  /** URI of the experiment file. */
  experiment: z.string(),
  view: z.record(z.string(), z.unknown()),
});
export type PanelState = z.infer<typeof panelStateSchema>;
