/** The JSON Schema of experiment files: for other YAML tools, for completion, and for the words of diagnostics. */
import * as z from 'zod';
import { experimentSchema } from '../../protocol/experiment';
import type { JsonSchema } from '../yaml';

let made: JsonSchema | undefined;

/** JSON Schema (2020-12) of `*.higan.yaml`, with descriptions and defaults. */
export function jsonSchema(): JsonSchema & Record<string, unknown> {
  made ??= {
    ...(z.toJSONSchema(experimentSchema, { io: 'input' }) as JsonSchema),
    title: 'an experiment',
    description: 'A HiGAN experiment: which concepts a scene generator varies, and at which layers.',
  };
  return structuredClone(made) as JsonSchema & Record<string, unknown>;
}
