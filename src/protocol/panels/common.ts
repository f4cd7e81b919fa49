/** What all panels have in common: everything known about an experiment, and the calls and events of every panel's host. */
import * as z from 'zod';
import type { Side } from '../channel';
import { verdictSchema } from '../experiment';
import { progressSchema, sideEffectSchema, studyResultSchema } from '../results';
import { resultsChangeSchema } from '../results-change';
import { bufferSchema } from './images';
import { panelKinds } from './kinds';

export const panelKindSchema = z.enum(panelKinds);

/** A verdict of the file's `review:` as the panels show it. */
export const reviewEntrySchema = verdictSchema.omit({ result: true }).extend({
  /** The result changed since the verdict was given (`review.*.result` names another one). */
  stale: z.boolean(),
});
export type ReviewEntry = z.infer<typeof reviewEntrySchema>;
export const verdicts = ['accepted', 'rejected', 'unsure'] as const;
export type Verdict = (typeof verdicts)[number];

/** What changes of the file's entry on a concept: a part that is absent stays as it is, null removes it. */
export const reviewChangeSchema = z.object({
  verdict: z.enum(verdicts).nullable().optional(),
  note: z.string().nullable().optional(),
});
export type ReviewChange = z.infer<typeof reviewChangeSchema>;

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
  /**
   * Names of the hops of all the file's transitions, in its order. A name says all that the hop's walk depends on beside
   * the study, so that a transition that is changed has other names, and one that changes its place has not.
   */
  hops: z.array(z.string()),
  /**
   * By moved concept, once the entanglement is known: what else a move on all layers changes, at most three, the largest
   * first; a concept that drags nothing has an empty list.
   */
  sideEffects: z.record(z.string(), z.array(sideEffectSchema)),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** A snapshot for a page that has an earlier one: of the study, what changed; null: there is none. */
export const renewalSchema = snapshotSchema.extend({ study: resultsChangeSchema.nullable() });
export type Renewal = z.infer<typeof renewalSchema>;

/** Where a panel is pointed to: any part may be left out. */
export const targetSchema = z.object({
  concept: z.string().optional(),
  /** Name of a layer set of the study. */
  layerSet: z.string().optional(),
  /** Name of a preview of the file. */
  preview: z.string().optional(),
  /** Number of a hop among those of all the file's transitions, as the transition panel counts them. */
  hop: z.int().min(0).optional(),
});
export type Target = z.infer<typeof targetSchema>;

/**
 * Which experiment the page shows as it calls, from its snapshot: a ranking follows the active file, so that the host may
 * show another one already, and what a person decided looking at one file belongs into that file.
 */
const shown = { experiment: z.string() };

/** Parameters of a call that needs none, and the answer of one that only says that it is done. */
export const nothing = z.object({});
export const done = z.null();

/** Calls that the host answers for every panel. All may be refused with an error whose message is shown as it is. */
export const commonHostCalls = {
  /**
   * Starts the events and returns what is known now. A page calls it first, and once: what a page before it called for is
   * dropped.
   */
  subscribe: { params: nothing, result: snapshotSchema },
  /**
   * Opens (or reveals) another panel of the same experiment, pointed to something. A preview for a concept is the first of
   * the file that edits it; where there is none, the host offers to add one.
   */
  open: { params: z.object({ panel: panelKindSchema, target: targetSchema }), result: done },
  /** Shows the place in the YAML: the preview or review entry where named, else the concept's first mention, else the top. */
  showSource: { params: targetSchema, result: done },
  /**
   * Writes `review:` of the YAML as one undo step. Only what `entry` names is changed, since a panel may not know yet what
   * it wrote last; null removes all of it. The host notes the present result's hash beside a verdict. A `snapshot` with
   * the new review follows.
   */
  setReview: {
    params: z.object({ ...shown, concept: z.string(), entry: reviewChangeSchema.nullable() }),
    result: done,
  },
  /** Runs or continues the study of the file as it stands in the editor; answers once it has started. */
  run: { params: z.object(shown), result: done },
  /** Stops the running study; answers at once, `progress` tells when it has stopped. */
  cancelRun: { params: z.object(shown), result: done },
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

export const commonHostEvents = {
  /** Everything anew: another file or revision, an edit of the YAML, a finished run. Applies to the last snapshot. */
  snapshot: renewalSchema,
  /** While a study runs, at most a few times a second; applies to the last snapshot. */
  results: resultsChangeSchema,
  /** The run's state; far more frequent than results. */
  progress: runStateSchema,
  /** Point to this: the panel was revealed by a command, a code lens or another panel. */
  show: targetSchema,
} as const;

/** What a panel itself answers (nothing) and sends (its problems); alike for every panel. */
export const panelSide = {
  calls: {},
  events: {
    /** Something went wrong in the panel: for the log, never for a notification. */
    problem: z.object({ message: z.string(), stack: z.string().optional() }),
  },
} satisfies Side;
export type PanelSide = typeof panelSide;

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

/** Boundary ranking: the common part is all it needs. */
export const rankingHostSide = { calls: commonHostCalls, events: commonHostEvents } satisfies Side;
