/** The files of models as the graph composer takes them. */
import { readFile } from 'node:fs/promises';
import { badInput } from '../failure';
import type { GeneratorInput, PredictorInput } from '../graph';
import type { GeneratorManifest, Model } from '../manifest';

/** The generator part of a model. @throws Failure when it has none. */
export function generatorOf(model: Model): GeneratorManifest {
  const { generator } = model.manifest;
  if (!generator)
    throw badInput(`The model '${model.name}' (${model.folder}) has predictors only, no generator.`);
  return generator;
}

/** @throws Failure for a model without generator, or whose file cannot be read */
export async function generatorInput(model: Model): Promise<GeneratorInput> {
  const manifest = generatorOf(model);
  const { file } = manifest.synthesis;
  return { manifest, synthesis: await readFile(model.file(file)), name: `${model.name}/${file}` };
}

/** The predictors of all models, in their order. */
export async function predictorInputs(models: readonly Model[]): Promise<PredictorInput[]> {
  const inputs = models.flatMap((model) =>
    (model.manifest.predictors ?? []).map(async (manifest) => ({
      manifest,
      bytes: await readFile(model.file(manifest.file)),
      name: `${model.name}/${manifest.file}`,
    })),
  );
  return Promise.all(inputs);
}
