/** The files of models as the engine takes them: as their manifests describe them, or not at all. */
import { badInput } from '../failure';
import { asFloat32, decodeNpy } from '../formats';
import {
  checkMapping,
  readPredictor,
  readSynthesis,
  type GeneratorInput,
  type MappingInput,
  type PredictorInput,
} from '../graph';
import { readModelFile, type GeneratorManifest, type Model } from '../manifest';

/** The generator part of a model. @throws Failure when it has none. */
export function generatorOf(model: Model): GeneratorManifest {
  const { generator } = model.manifest;
  if (!generator)
    throw badInput(`The model '${model.name}' (${model.folder}) has predictors only, no generator.`);
  return generator;
}

/** @throws Failure for a model without generator, or whose file is not the manifest's */
export async function generatorInput(model: Model): Promise<GeneratorInput> {
  const manifest = generatorOf(model);
  const { synthesis } = manifest;
  return {
    manifest,
    synthesis: await readModelFile(model, synthesis),
    name: `${model.name}/${synthesis.file}`,
  };
}

/** As `generatorInput`, the network held against its manifest. @throws Failure also where it is damaged, or does not fit */
export async function synthesisInput(model: Model): Promise<GeneratorInput> {
  const input = await generatorInput(model);
  readSynthesis(input);
  return input;
}

/**
 * The mapping network, held against its manifest; null where the model has none.
 * @throws Failure as `generatorInput`, or where the network does not fit the manifest
 */
export async function mappingInput(model: Model): Promise<MappingInput | null> {
  const manifest = generatorOf(model);
  if (!manifest.mapping) return null;
  const input = {
    manifest,
    mapping: await readModelFile(model, manifest.mapping),
    name: `${model.name}/${manifest.mapping.file}`,
  };
  checkMapping(input);
  return input;
}

/** The mean code that truncation is towards; null where the model has none. @throws Failure as `generatorInput` */
export async function meanCode(model: Model): Promise<Float32Array | null> {
  const { truncation } = generatorOf(model);
  if (!truncation) return null;
  const bytes = await readModelFile(model, truncation.mean);
  return asFloat32(decodeNpy(bytes, model.file(truncation.mean.file)));
}

/** The predictors of all models, in their order. @throws Failure where a file is not the manifest's */
export async function predictorInputs(models: readonly Model[]): Promise<PredictorInput[]> {
  const inputs = models.flatMap((model) =>
    (model.manifest.predictors ?? []).map(async (manifest) => ({
      manifest,
      bytes: await readModelFile(model, manifest),
      name: `${model.name}/${manifest.file}`,
    })),
  );
  return Promise.all(inputs);
}

/** An ONNX file that was held against its manifest. */
export interface CheckedNetwork {
  bytes: Uint8Array;
  name: string;
}

/** Every network of a model. @throws Failure where one is damaged, or does not fit its manifest */
export async function checkedNetworks(model: Model): Promise<CheckedNetwork[]> {
  const networks: CheckedNetwork[] = [];
  if (model.manifest.generator) {
    const mapping = await mappingInput(model);
    if (mapping) networks.push({ bytes: mapping.mapping, name: mapping.name });
    const generator = await synthesisInput(model);
    networks.push({ bytes: generator.synthesis, name: generator.name });
  }
  for (const predictor of await predictorInputs([model])) {
    readPredictor(predictor);
    networks.push({ bytes: predictor.bytes, name: predictor.name });
  }
  return networks;
}
