/** A study on a small model whose experiment has the preview `one`, run until its edit has a direction. */
import path from 'node:path';
import type { TestContext } from 'node:test';
import { runStudy } from '../../../src/engine/study';
import { writeLinearModel, type LinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';

interface Previewed {
  /** The edits of the preview. */
  edits?: string;
  /** More lines of the preview. */
  preview?: string;
  /** Whether the model has a head that segments. */
  segmentation?: boolean;
  /** Layers of the concepts `one` and `two`. */
  layers?: [number[], number[]];
}

/** @returns the experiment's file */
export const previewedStudy = async (...study: Parameters<typeof previewedToy>): Promise<string> =>
  (await previewedToy(...study)).file;

/** The same, and what was planted. */
export async function previewedToy(
  context: TestContext,
  {
    edits = '{ concept: attribute/one, step: 2, layers: all }',
    preview = '',
    segmentation = false,
    layers = [[0], [2]],
  }: Previewed = {},
): Promise<{ file: string; toy: LinearModel }> {
  const folder = await temporaryFolder(context);
  const planted = ['one', 'two'].map((label, k) => ({ label, layers: layers[k], scale: 1 }));
  const toy = await writeLinearModel(path.join(folder, 'models'), planted, { segmentation });
  const file = await writeExperiment(
    folder,
    `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 600, positives: 60 }
rescore: { samples: 40, nulls: 2 }
previews:
  one:
    samples: [4, 2]
    edits: [${edits}]
${preview}`,
  );
  await runStudy({ file, device: 'cpu', until: 'boundary' });
  return { file, toy };
}
