/**
 * Host of the compare panel: two studies, or one study at two git revisions. The panel keeps what is compared in its
 * state and names it in every call, so that a reload or another window restart loses nothing.
 */
import * as z from 'zod';
import type { Side } from '../channel';
import { pairedStudiesSchema, studyResultSchema } from '../results';
import { revisionSchema } from '../revision';
import { commonHostCalls, commonHostEvents, done, nothing } from './common';

/** What stands on one side. */
export const sideChoiceSchema = z.object({
  /** URI of the experiment file; null: the panel's own, whatever it is called now. */
  experiment: z.string().nullable(),
  /** Null: the file's latest result. */
  revision: revisionSchema.nullable(),
});
export type SideChoice = z.infer<typeof sideChoiceSchema>;

/** A is the panel's own experiment, at its latest result or a revision. B is null until it is chosen. */
export const comparedSidesSchema = z.object({ left: sideChoiceSchema, right: sideChoiceSchema.nullable() });
export type ComparedSides = z.infer<typeof comparedSidesSchema>;

export const comparedStudySchema = z.object({
  /** For people: the file's name, with its revision where it is not the working copy. */
  title: z.string(),
  /** Which revision that is, in a line: date and subject, or for the latest result the newest commit; null where the file is in no repository, or git may not be run. */
  revision: z.string().nullable(),
  study: studyResultSchema.nullable(),
  /** Why there is no result for this side, and what to do; null when there is. */
  reason: z.string().nullable(),
  /** Whether `runSide` can compute what is missing: only a revision's. */
  run: z.enum(['no', 'possible', 'running']),
});
export type ComparedStudy = z.infer<typeof comparedStudySchema>;

export const comparisonSchema = z.object({
  left: comparedStudySchema,
  right: comparedStudySchema.nullable(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const sideName = z.enum(['left', 'right']);
export type SideName = z.infer<typeof sideName>;

export const compareHostSide = {
  calls: {
    ...commonHostCalls,
    comparison: { params: comparedSidesSchema, result: comparisonSchema },
    /** Both sample by sample, where they drew the same samples; read from the stores, which takes a moment. */
    paired: { params: comparedSidesSchema, result: pairedStudiesSchema },
    /** Asks the person for a side (another experiment, or a git revision of this one); null when dismissed. */
    chooseSide: {
      params: comparedSidesSchema.extend({ side: sideName }),
      result: sideChoiceSchema.nullable(),
    },
    /** Runs the study of a revision's text; answers once it is under way, `compared` tells when it ended. */
    runSide: { params: sideChoiceSchema, result: done },
  },
  events: {
    ...commonHostEvents,
    /** What is compared may have other results now: ask again. */
    compared: nothing,
    /** A side was chosen outside the panel (by the command). */
    chosen: z.object({ side: sideName, choice: sideChoiceSchema }),
  },
} satisfies Side;
