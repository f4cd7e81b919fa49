/** What a study finds, as the store keeps it and as panels, command line and reports read it. */
import * as z from 'zod';
import { levelSchema } from './concept';
import { spaceSchema, stageSchema } from './experiment';

/** A two-sided interval at the study's confidence. */
export const intervalSchema = z.object({ low: z.number(), high: z.number() });
export type Interval = z.infer<typeof intervalSchema>;

/**
 * What one move did to one concept's score. All but `deltaRaw` and `meanRaw` are in standard deviations of the
 * concept's score over the probe.
 */
export const effectSchema = z.object({
  /** The paper's Δ (section 4.2): mean over samples of max(score after − score before, 0). */
  delta: z.number(),
  deltaRaw: z.number(),
  deltaInterval: intervalSchema.nullable(),
  /** The signed mean of the difference, d̄. */
  mean: z.number(),
  meanRaw: z.number(),
  meanInterval: intervalSchema.nullable(),
  /** Samples whose score changed at all, and samples with a score before and after. */
  movers: z.int(),
  samples: z.int(),
  /** The largest upper bound of Δ over the random directions moved with the same step and layers. */
  null: z.number().nullable(),
  /**
   * Of falls, Δ⁻ = mean over samples of max(score before − score after, 0): its lower bound, 0 with too few movers, and the
   * largest upper bound of the random directions. Absent in results of older versions.
   */
  downLow: z.number().optional(),
  nullDown: z.number().nullable().optional(),
  /** Holm-adjusted lower bound of d̄ above 0 and lower bound of Δ above the null's largest upper bound. */
  moves: z.boolean(),
  /** Set when fewer than 20 samples changed: no interval is given then. */
  tooFewMovers: z.boolean(),
});
export type Effect = z.infer<typeof effectSchema>;

/** One direction found in the code space. */
export const boundarySummarySchema = z.object({
  concept: z.string(),
  /** Hash of the direction: names its files in the store. */
  hash: z.string(),
  method: z.enum(['svm', 'logistic', 'lda', 'imported']),
  accuracy: z.number().nullable(),
  support: z.int().nullable(),
  positives: z.int(),
  negatives: z.int(),
  /** Standard deviation of n·code over the untruncated probe codes. In space y, of each layer. */
  sigma: z.array(z.number()),
});
export type BoundarySummary = z.infer<typeof boundarySummarySchema>;

export const conceptResultSchema = z.object({
  concept: z.string(),
  level: levelSchema,
  /** From 1, within the concept's level, by Δ; null for a concept without a boundary. */
  rank: z.int().nullable(),
  /** Why there is no direction, in a sentence; null where there is one. */
  noBoundary: z.string().nullable(),
  boundary: boundarySummarySchema.nullable(),
  /** The move on all layers. */
  effect: effectSchema.nullable(),
  /** Share of probe samples above the head's threshold; null for continuous scores without one. */
  positiveShare: z.number().nullable(),
  /** Share of probe samples without a score. */
  missing: z.number(),
  /** Mean and standard deviation of the score over the probe. */
  probeMean: z.number(),
  probeStd: z.number(),
  /** Standard error of `probeStd`; absent in results of older versions. */
  probeStdError: z.number().optional(),
  /** A sentence about a predictor too weak to trust, else null. */
  weakPredictor: z.string().nullable(),
  /** By layer set, in the order of `Study.layerSets`; null where the layer analysis did not cover the concept. */
  layers: z.array(effectSchema).nullable(),
});
export type ConceptResult = z.infer<typeof conceptResultSchema>;

export const layerSetSchema = z.object({ name: z.string(), layers: z.array(z.int()) });
/** A named set of layers moved together: a group (`upper`) or a range (`0-1`). */
export type LayerSet = z.infer<typeof layerSetSchema>;

/** Level × layer set: the mean over the level's analysed concepts of Δ, normalised by each concept's largest. */
export const levelSummarySchema = z.object({
  level: levelSchema,
  /** Concepts in the mean, and analysed concepts left out of it because no layer set moves them. */
  concepts: z.int(),
  unmoved: z.int().optional(),
  share: z.array(z.object({ value: z.number(), interval: intervalSchema.nullable() })),
});
export type LevelSummary = z.infer<typeof levelSummarySchema>;

/** A concept whose score a move on another one changes beyond chance (docs/statistics.md, Side effects). */
export const sideEffectSchema = z.object({
  concept: z.string(),
  /** Signed mean change d̄ in standard deviations of that concept's score: above 0 raised, below 0 lowered. */
  mean: z.number(),
});
export type SideEffect = z.infer<typeof sideEffectSchema>;

/** What moving concept i (row) does to the score of concept j (column). */
export const entanglementSchema = z.object({
  /** Layer set of the move. */
  layers: z.string(),
  /** Concepts moved, and concepts scored. */
  rows: z.array(z.string()),
  concepts: z.array(z.string()),
  effects: z.array(z.array(effectSchema)),
  /** Of each row, what else than its own concept the move changes, the largest change first. */
  sideEffects: z.array(z.array(sideEffectSchema)),
});
export type Entanglement = z.infer<typeof entanglementSchema>;

/**
 * One concept in two studies of the same samples: B − A, in the unit that both rank by (standard deviations of the score over
 * the probe, each side's own where these are two scores, or units of the score).
 */
export const pairedConceptSchema = z.object({
  concept: z.string(),
  /** Of Δ. The interval is null where fewer than 20 samples rise by another amount. */
  delta: z.number(),
  deltaInterval: intervalSchema.nullable(),
  /** Of the signed mean. */
  mean: z.number(),
  meanInterval: intervalSchema.nullable(),
  /** Samples whose change differs between the two, and samples with a score before and after in both. */
  movers: z.int(),
  samples: z.int(),
  tooFewMovers: z.boolean(),
  /** Δ differs, at the Holm-adjusted level of all concepts that were compared. */
  differs: z.boolean(),
});
export type PairedConcept = z.infer<typeof pairedConceptSchema>;

/** Two studies sample by sample, for the concepts that both moved on all layers. */
export const pairedStudiesSchema = z.object({
  /** Samples that both have; 0 where they cannot be paired. */
  samples: z.int(),
  /** Why nothing is paired, in a sentence; null where it is. */
  reason: z.string().nullable(),
  concepts: z.array(pairedConceptSchema),
});
export type PairedStudies = z.infer<typeof pairedStudiesSchema>;

/** What the pixels of one label became: one step of a walk between categories. */
export const hopSchema = z.object({
  /** Categories, as concepts. */
  from: z.string(),
  to: z.string(),
  /** [labels, labels]: share of all pixels with the row's label before this hop and the column's after it. */
  flow: z.array(z.array(z.number())),
  /** Share of the samples that score at least 0.5 as `to` after it. */
  reached: z.number(),
});

/** How labelled pixels change on a walk between categories (section 4.4, Fig. 11). */
export const transitionSchema = z.object({
  path: z.array(z.string()),
  /** Name of the layer set moved, and λ of each hop. */
  layers: z.string(),
  step: z.number(),
  unit: z.enum(['sigma', 'raw']),
  /** Samples asked for; samples found that score at least 0.5 as the path's first category; codes looked at. */
  wanted: z.int(),
  samples: z.array(z.int()),
  looked: z.int(),
  /** Labels of the segmentation. */
  labels: z.array(z.string()),
  hops: z.array(hopSchema),
  /** Series of label maps in the store: before the walk, and after each hop. */
  series: z.array(z.string()),
});
export type Transition = z.infer<typeof transitionSchema>;

export const deviceSchema = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export type Device = z.infer<typeof deviceSchema>;

/** How a study was computed: enough to repeat it. */
export const provenanceSchema = z.object({
  higan: z.string(),
  onnxruntime: z.string(),
  node: z.string(),
  device: deviceSchema,
  machine: z.string(),
  /** Where scores were computed by more than this device and machine: all of them. */
  makers: z.array(z.string()).optional(),
  /** SHA-256 by file of every model read. */
  models: z.record(z.string(), z.string()),
  graph: z.string(),
  /** Hash of the experiment's text, and of what was understood from it. */
  text: z.string(),
  experiment: z.string(),
  /** SHA-256 by concept of directions that were imported instead of fitted. */
  imports: z.record(z.string(), z.string()).optional(),
  finished: z.string(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const studyResultSchema = z.object({
  format: z.literal(1),
  /** Stages done so far; a partial result lists fewer. */
  stages: z.array(stageSchema),
  /** Progress of a stage that is still running, 0…1. */
  partial: z.number().nullable(),
  generator: z.string(),
  space: spaceSchema,
  seed: z.int(),
  confidence: z.number(),
  step: z.number(),
  unit: z.enum(['sigma', 'raw']),
  /** Ranked in units of the score, as the reference code does; absent otherwise. */
  compat: z.literal('higan').optional(),
  /** Numbers of codes probed and moved. */
  probed: z.int(),
  rescored: z.int(),
  layerSets: z.array(layerSetSchema),
  concepts: z.array(conceptResultSchema),
  levels: z.array(levelSummarySchema),
  provenance: provenanceSchema,
});
export type StudyResult = z.infer<typeof studyResultSchema>;

/** How far long work is, and how fast it goes. */
const amountSchema = z.object({
  done: z.int(),
  total: z.int(),
  unit: z.enum(['images', 'boundaries', 'samples', 'codes', 'concepts', 'items', 'models']),
  /** Units a second over the last seconds; 0 while unknown. */
  rate: z.number(),
  /** Seconds left at that rate; null while unknown. */
  left: z.number().nullable(),
  /** Units that the store already had. */
  cached: z.int(),
});
export type Amount = z.infer<typeof amountSchema>;

/** A stage of a study: images (probe, rescore, layers) or concepts (boundary). */
export const progressSchema = amountSchema.extend({ stage: stageSchema });
export type Progress = z.infer<typeof progressSchema>;

/** Work that is no stage of a study, a part at a time; `doing` says which, as in 'following the pixels'. */
export const workProgressSchema = amountSchema.extend({ doing: z.string() });
export type WorkProgress = z.infer<typeof workProgressSchema>;

export const planStageSchema = z.object({
  stage: stageSchema,
  total: z.int(),
  cached: z.int(),
  unit: z.enum(['images', 'boundaries']),
  seconds: z.number(),
  bytes: z.number(),
});
export const planSchema = z.object({
  /** Where it would run; where the store answers, what its result was computed on. */
  device: deviceSchema,
  /** Images at a time, and images a second as measured on this device; null where the store answers. */
  batch: z.int().nullable(),
  rate: z.number().nullable(),
  stages: z.array(planStageSchema),
  images: z.int(),
  cached: z.int(),
  seconds: z.number(),
  bytes: z.number(),
  freeBytes: z.number().nullable(),
});
/** What a run would cost here, before it is run. */
export type Plan = z.infer<typeof planSchema>;

/** Where in a file something is wrong, and what to do about it. Lines and columns count from 0. */
export const diagnosticSchema = z.object({
  severity: z.enum(['error', 'warning', 'information']),
  message: z.string(),
  /** A stable name for the rule: `unknown-key`, `unknown-concept`, … */
  code: z.string(),
  start: z.object({ line: z.int(), column: z.int(), offset: z.int() }),
  end: z.object({ line: z.int(), column: z.int(), offset: z.int() }),
  /** A replacement that would mend it (the nearest name). */
  suggestion: z.string().optional(),
});
export type Diagnostic = z.infer<typeof diagnosticSchema>;
