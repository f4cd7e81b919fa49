/** Owners of real inference processes, and toy studies for them. */
import path from 'node:path';
import type { TestContext } from 'node:test';
import { workerFile } from '../../../src/engine/worker-file';
import { InferenceClient, type ClientOptions } from '../../../src/extension/inference/client';
import type { Progress } from '../../../src/protocol/results';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from '../study/folders';

export const entry = workerFile('inference');
const planted = [
  { label: 'one', layers: [0], scale: 1 },
  { label: 'two', layers: [2], scale: 1 },
];

/** A client whose process is gone when the test ends, and what it told of crashes. */
export function owner(
  context: TestContext,
  options: Partial<ClientOptions> = {},
): { client: InferenceClient; crashes: { message: string; continues: boolean }[] } {
  const crashes: { message: string; continues: boolean }[] = [];
  const client = new InferenceClient({
    entry,
    nodePath: () => undefined,
    idleMinutes: () => 10,
    log: () => undefined,
    crashed: (message, continues) => void crashes.push({ message, continues }),
    ...options,
  });
  context.after(() => client.end());
  return { client, crashes };
}

/** A study of the planted concepts with this many samples. */
export const textOf = (probe: number, rescore: number): string => `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: ${probe}, positives: 300 }
rescore: { samples: ${rescore}, layers: groups, top: all, nulls: 2 }
`;

/** A folder with the toy model and an experiment on it; gone when the test ends. */
export async function toyStudy(
  context: TestContext,
  text: string,
): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
  return { folder, file: await writeExperiment(folder, text) };
}

export const ears = (progress: (progress: Progress) => void = () => undefined) => ({
  progress,
  partial: () => undefined,
});
/** The signal of who never cancels. */
export const never = new AbortController().signal;
