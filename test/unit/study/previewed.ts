/** A study on a small model whose experiment has the preview `one`, run until its edit has a direction. */
import path from 'node:path';
import type { TestContext } from 'node:test';
import { runStudy } from '../../../src/engine/study';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';

/**
 * @param preview more lines of the preview
 * @param segmentation whether the model has a head that segments
 * @returns the experiment's file
 */
export async function previewedStudy(
  context: TestContext,
  { preview = '', segmentation = false } = {},
): Promise<string> {
  const folder = await temporaryFolder(context);
  const planted = ['one', 'two'].map((label, k) => ({ label, layers: [2 * k], scale: 1 }));
  await writeLinearModel(path.join(folder, 'models'), planted, { segmentation });
  const file = await writeExperiment(
    folder,
    `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 600, positives: 60 }
previews:
  one:
    samples: [4, 2]
    edits: [{ concept: attribute/one, step: 2, layers: all }]
${preview}`,
  );
  await runStudy({ file, device: 'cpu', until: 'boundary' });
  return file;
}
