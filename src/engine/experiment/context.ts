/** The models that an experiment names, found and read: what its meaning depends on beyond its own text. */
import type { Experiment } from '../../protocol/experiment';
import { Failure } from '../failure';
import {
  conceptsOf,
  findModel,
  listModels,
  nearestModel,
  type ConceptInfo,
  type Model,
  type ModelEntry,
  type ModelPlace,
} from '../manifest';
import type { DataPath, Finding } from '../yaml';

/** The predictor that is built in: hue histogram, brightness and saturation. */
export const builtInColor = 'color';

export interface ModelContext {
  /** Null where it was not found; then `problems` says why. */
  generator: Model | null;
  predictors: Model[];
  color: boolean;
  /** Every concept that the predictors score. */
  concepts: ConceptInfo[];
  problems: (Finding & { path: DataPath })[];
}

/** Finds the models of an experiment. What is not found is in `problems`. */
export async function loadContext(
  experiment: Pick<Experiment, 'generator' | 'predictors'>,
  place: ModelPlace,
): Promise<ModelContext> {
  const problems: ModelContext['problems'] = [];
  let entries: Promise<ModelEntry[]> | undefined;
  const list = (): Promise<ModelEntry[]> => (entries ??= listModels(place));
  const find = async (reference: string, path: DataPath): Promise<Model | null> => {
    try {
      return await findModel(reference, place, list);
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      const suggestion = nearestModel(reference, await list());
      problems.push({ path, code: 'model', message: failure.message, suggestion });
      return null;
    }
  };
  const generator = await find(experiment.generator, ['generator']);
  if (generator && !generator.manifest.generator) {
    problems.push({
      path: ['generator'],
      code: 'model',
      message: `'${generator.name}' has predictors only; name a model with a generator.`,
    });
  }
  const named = experiment.predictors ?? [builtInColor];
  const predictors: Model[] = [];
  if (experiment.predictors === undefined && generator?.manifest.predictors) predictors.push(generator);
  for (const [index, reference] of named.entries()) {
    if (reference === builtInColor) continue;
    const model = await find(reference, ['predictors', index]);
    if (!model) continue;
    if (!model.manifest.predictors) {
      problems.push({
        path: ['predictors', index],
        code: 'model',
        message: `'${model.name}' is a generator without predictors; name a model that has some.`,
      });
    } else if (predictors.some(({ folder }) => folder === model.folder)) {
      problems.push({
        path: ['predictors', index],
        code: 'duplicate',
        message: `'${model.name}' is named twice.`,
      });
    } else {
      predictors.push(model);
    }
  }
  const color = named.includes(builtInColor);
  return { generator, predictors, color, concepts: conceptsOf(predictors, { color }), problems };
}
