/** What a study opens of a toy model, without a study. */
import type { TestContext } from 'node:test';
import { loadModel, type Model } from '../../../src/engine/manifest';
import { Laboratory } from '../../../src/engine/study';
import type { Apparatus, ApparatusSettings } from '../../../src/engine/study/apparatus';
import { writeLinearModel, type LinearModel, type LinearModelOptions } from '../../fixtures/linear-model';
import { temporaryFolder } from './folders';

export const settingsOf = (model: Model, changed: Partial<ApparatusSettings> = {}): ApparatusSettings => ({
  ...{ generator: model, predictors: [model], color: false, space: 'w', seed: 1, psi: 1, cutoff: 0 },
  ...{ class: null, compat: null, ...changed },
});

/** The apparatus of a toy with one concept, truncated as its manifest says. */
export async function toyApparatus(
  context: TestContext,
  options: LinearModelOptions,
  changed: Partial<ApparatusSettings>,
): Promise<{ toy: LinearModel; apparatus: Apparatus }> {
  const planted = [{ label: 'one', layers: [0], scale: 1 }];
  const toy = await writeLinearModel(await temporaryFolder(context), planted, { D: 16, ...options });
  const model = await loadModel(toy.folder);
  const laboratory = await Laboratory.open({ device: 'cpu' }, [model]);
  context.after(() => laboratory.close());
  const apparatus = await laboratory.apparatus(settingsOf(model, { ...options.truncation, ...changed }));
  return { toy, apparatus };
}
