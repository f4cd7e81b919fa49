/**
 * The experiment file, `*.higan.yaml`, as data: one schema from which types, validation, the JSON Schema
 * of the editor and the documentation of each key are derived.
 */
import * as z from 'zod';

export const spaces = ['z', 'w', 'y'] as const;
/** Latent spaces: z (sampled), w (mapped), y (per-layer affine of w, the paper's y(l) = A(l) w + b(l)). */
export const spaceSchema = z.enum(spaces);
export type Space = z.infer<typeof spaceSchema>;

export const stages = ['probe', 'boundary', 'rescore', 'rank', 'layers'] as const;
export const stageSchema = z.enum(stages);
export type Stage = z.infer<typeof stageSchema>;

/** A layer range as written: a group's name (`upper`), `all`, one layer (`7`) or inclusive ranges (`0-4,7`). */
export const layersTextSchema = z.union([z.string().min(1), z.int().min(0)]);

const count = z.int().min(1).max(10_000_000);

export const probeSchema = z.strictObject({
  samples: count.default(20_000).describe('Codes drawn, synthesised and scored (the paper: 500,000).'),
  positives: count
    .optional()
    .describe(
      'Highest scoring codes taken as positives of each concept (the paper: 2,000). Default: as many as negatives where those are written, else a twentieth of the samples, 10 to 2,000.',
    ),
  negatives: count
    .optional()
    .describe('Lowest scoring codes taken as negatives of each concept. Default: as many as positives.'),
});

export const boundarySchema = z.strictObject({
  method: z
    .enum(['svm', 'logistic', 'lda'])
    .default('svm')
    .describe('The linear classifier whose unit normal is the direction.'),
  C: z
    .number()
    .positive()
    .max(1e6)
    .default(1)
    .describe('Inverse regularisation of the SVM and of the logistic regression.'),
  validation: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.3)
    .describe('Share of the chosen codes held out to measure accuracy.'),
});

export const rescoreSchema = z.strictObject({
  samples: count
    .default(1000)
    .describe('Fresh codes that are moved along each direction (the paper: K = 1,000).'),
  step: z.number().min(-100).max(100).default(2).describe('How far the codes are moved (the paper: λ = 2).'),
  unit: z
    .enum(['sigma', 'raw'])
    .optional()
    .describe(
      'sigma: standard deviations of the codes along the normal; raw: the plain λ of the paper. Default: sigma, with `compat: higan` raw.',
    ),
  layers: z
    .union([z.enum(['none', 'groups', 'each']), z.array(layersTextSchema).min(1).max(64)])
    .default('groups')
    .describe(
      'Where the move is repeated for the layer analysis: no layers, the level groups of the model, each layer, or a list of ranges.',
    ),
  top: z
    .union([z.literal('all'), z.int().min(1)])
    .default(8)
    .describe("The layer analysis covers this many of each level's top concepts."),
  nulls: z
    .int()
    .min(2)
    .max(64)
    .default(8)
    .describe('Random directions moved alike; a concept has to beat them all.'),
  confidence: z
    .number()
    .gt(0.5)
    .max(0.999)
    .default(0.95)
    .describe(
      'Confidence of the intervals; their 2,000 resamples tell nothing of rarer tails than those of 0.999.',
    ),
});

export const editSchema = z.strictObject({
  concept: z.string().min(1).describe('The concept to move, level/label.'),
  step: z.number().min(-100).max(100).default(2).describe('How far, in the unit of rescore.'),
  layers: layersTextSchema
    .default('all')
    .describe("A group's name, all, or layer ranges such as 0-4,7 (inclusive)."),
});

export const previewSchema = z.strictObject({
  samples: z
    .array(z.int().min(0))
    .min(1)
    .max(256)
    .default([0, 1, 2])
    .describe('Which codes, by index. Sample i of a seed never changes.'),
  edits: z
    .array(editSchema)
    .max(32)
    .default([])
    .describe('Moves that are applied together (joint manipulation).'),
  jitter: z
    .strictObject({
      strength: z
        .number()
        .min(0)
        .max(10)
        .default(0.3)
        .describe("Size of the noise on the direction, relative to the move's length."),
      variants: z.int().min(1).max(64).default(4),
      seed: z.int().min(0).default(1),
    })
    .optional()
    .describe('G(z + λn + ε): the same target, diverse results (section 4.3).'),
});

export const transitionSchema = z.strictObject({
  path: z.array(z.string().min(1)).min(2).max(8).describe('Categories in the order they are walked.'),
  samples: count.default(500),
  layers: layersTextSchema.default('all'),
  step: z.number().min(-100).max(100).default(2),
});

export const verdictSchema = z.strictObject({
  verdict: z.enum(['accepted', 'rejected', 'unsure']).optional(),
  note: z.string().optional(),
  result: z.string().optional().describe('Hash of the result that the verdict was given on.'),
});

/** ψ: how far codes are drawn towards their mean. */
export const psiSchema = z.number().min(-2).max(2);

export const experimentSchema = z.strictObject({
  generator: z.string().min(1).describe('A model by name, or a path to a manifest.'),
  predictors: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      "Predictors by name or path; 'color' is built in. Default: the generator's own folder, where it has predictors, and color.",
    ),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('Everything random follows from it.'),
  space: spaceSchema.optional().describe('z, w or y. Default: w where the generator has it, else z.'),
  class: z.int().min(0).optional().describe('The class of a conditional generator.'),
  truncation: z
    .strictObject({ psi: psiSchema, cutoff: z.int().min(0).optional() })
    .optional()
    .describe("ψ and the layer below which it applies. Default: the model's own."),
  probe: probeSchema.prefault({}),
  boundary: boundarySchema.prefault({}),
  rescore: rescoreSchema.prefault({}),
  concepts: z
    .array(z.string().min(1))
    .min(1)
    .default(['*/*'])
    .describe('Globs over level/label. Default: all.'),
  previews: z.record(z.string().min(1), previewSchema).default({}),
  transitions: z.array(transitionSchema).default([]),
  review: z.record(z.string().min(1), verdictSchema).default({}),
  compat: z.literal('higan').optional().describe("Reproduce the reference code's numbers."),
});

/** An experiment with every default filled in that does not depend on the model. */
export type Experiment = z.infer<typeof experimentSchema>;
export type Preview = z.infer<typeof previewSchema>;
export type Edit = z.infer<typeof editSchema>;
