/** A small experiment whose boundaries are fitted at once, for tests of what comes after the fit. */
import path from 'node:path';
import type { TestContext } from 'node:test';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';

export const smallExperiment = `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 1500, positives: 150 }
boundary: { method: lda }
rescore: { samples: 60, layers: groups, top: all, nulls: 2 }
`;

/**
 * Writes it beside a model that is planted with the concept `one`; with `still`, also with one that no code changes.
 * @returns the experiment's file
 */
export async function smallStudy(context: TestContext, { still = false } = {}): Promise<string> {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [
    { label: 'one', layers: [0], scale: 1 },
    ...(still ? [{ label: 'still', layers: [], scale: 1 }] : []),
  ]);
  return writeExperiment(folder, smallExperiment);
}
