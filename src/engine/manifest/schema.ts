/** `manifest.yaml` of a model folder: what its ONNX files mean. Layer ranges are half-open, layers count from 0. */
import * as z from 'zod';
import { levels } from '../../protocol/concept';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 lower-case hexadecimal digits');
/** Plain file names only: a model's files lie in its own folder. */
const fileName = z
  .string()
  .regex(/^(?!\.{1,2}$)[^/\\]+$/, 'a model names files of its own folder only, without a path');
const fileSchema = z.strictObject({ file: fileName, sha256 });
const range = z.tuple([z.int().min(0), z.int().min(1)]);

export const generatorSchema = z.strictObject({
  /** z [B, Dz] (and `class`, one-hot [B, classes]) → w [B, Dw]. Absent where there is no w (PGGAN). */
  mapping: fileSchema
    .extend({ input: z.string(), classInput: z.string().optional(), output: z.string() })
    .optional(),
  /** codes [B, L, D] → image [B, 3, R, R] in [−1, 1]. */
  synthesis: fileSchema.extend({ input: z.string(), output: z.string() }),
  resolution: z.int().min(1).max(8192),
  /** z ~ N(0, I) of this length. `normalize: pixel` divides by the root mean square before use, moved or not, outside the graphs. */
  z: z.strictObject({ dim: z.int().min(1), normalize: z.enum(['none', 'pixel']).default('none') }),
  w: z.strictObject({ dim: z.int().min(1) }).optional(),
  classes: z.int().min(1).optional(),
  truncation: z.strictObject({ psi: z.number(), cutoff: z.int().min(0), mean: fileSchema }).optional(),
  layers: z
    .array(z.strictObject({ resolution: z.int().min(1), styles: z.array(z.string()).default([]) }))
    .min(1)
    .max(256),
  groups: z.record(z.string().regex(/^[a-z][a-z0-9 _-]*$/i), range),
  selfTest: z
    .strictObject({
      seed: z.int().min(0),
      index: z.int().min(0),
      thumbnail: z.array(z.number()).length(192).optional(),
    })
    .optional(),
  emergence: z.string().optional(),
});

export const activations = ['none', 'sigmoid', 'softmax'] as const;

export const headSchema = z.strictObject({
  output: z.string(),
  level: z.enum([...levels, 'segmentation']),
  labels: z.array(z.string().min(1)).min(1),
  activation: z.enum(activations).default('none'),
  /** The last column of the output is a confidence; below `minimum` the score is missing. */
  confidence: z.strictObject({ activation: z.enum(['none', 'sigmoid']), minimum: z.number() }).optional(),
  /** What counts as a positive. `none`: a continuous score. */
  threshold: z.union([z.number(), z.enum(['argmax', 'none'])]).default('none'),
  /** Errors on held-out images, one number a label. `base`: accuracy of always guessing the commonest. */
  error: z
    .strictObject({
      mae: z.array(z.number()).optional(),
      r2: z.array(z.number()).optional(),
      accuracy: z.array(z.number()).optional(),
      base: z.array(z.number()).optional(),
      iou: z.array(z.number()).optional(),
    })
    .optional(),
});

export const predictorSchema = fileSchema.extend({
  input: z.strictObject({
    name: z.string(),
    size: z.int().min(1).max(8192),
    /** `average`: exact integer box filter; `bilinear`: Pillow's antialiased bilinear with 8-bit rounding after each pass. */
    resize: z.enum(['none', 'average', 'bilinear']).default('bilinear'),
    range: z.tuple([z.number(), z.number()]).default([0, 1]),
    mean: z.tuple([z.number(), z.number(), z.number()]).default([0, 0, 0]),
    std: z.tuple([z.number(), z.number(), z.number()]).default([1, 1, 1]),
    /** Round the image to bytes before scoring, as scoring a saved file would. */
    quantise: z.boolean().default(true),
  }),
  heads: z.array(headSchema).min(1),
});

export const manifestSchema = z
  .strictObject({
    manifest: z.literal(1),
    name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i),
    title: z.string().optional(),
    license: z.string().optional(),
    source: z.string().optional(),
    generator: generatorSchema.optional(),
    predictors: z.array(predictorSchema).optional(),
  })
  .refine((m) => m.generator !== undefined || m.predictors !== undefined, {
    message: 'a manifest describes a generator, predictors, or both',
  });

export type Manifest = z.infer<typeof manifestSchema>;
export type GeneratorManifest = z.infer<typeof generatorSchema>;
export type PredictorManifest = z.infer<typeof predictorSchema>;
export type HeadManifest = z.infer<typeof headSchema>;
