/** The bundled rooms model as the graph part takes it. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { GeneratorInput, PredictorInput } from '../../../src/engine/graph';
import { manifestSchema } from '../../../src/engine/manifest/schema';

const folder = 'models/rooms';
export const roomsFile = (file: string) => new Uint8Array(readFileSync(`${folder}/${file}`));

const manifest = manifestSchema.parse(parse(readFileSync(`${folder}/manifest.yaml`, 'utf8')));
if (!manifest.generator || !manifest.predictors) throw new Error('rooms has a generator and predictors');

export const roomsGenerator: GeneratorInput = {
  manifest: manifest.generator,
  synthesis: roomsFile(manifest.generator.synthesis.file),
  name: manifest.generator.synthesis.file,
};
export const roomsPredictors: PredictorInput[] = manifest.predictors.map((predictor) => ({
  manifest: predictor,
  bytes: roomsFile(predictor.file),
  name: predictor.file,
}));

/** Uniform numbers in [−1, 1) · scale, the same in every run: a small linear congruential generator. */
export function numbers(count: number, scale = 1, seed = 12345): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return scale * (state / 2 ** 31 - 1);
  });
}
