/** Are the models whole, and does this device compute them right? `higan models check`. */
import type { Device } from '../../protocol/results';
import { Failure, interrupted } from '../failure';
import { listModels, verifyModel, type Model } from '../manifest';
import type { EngineOptions, WorkEvents } from './api';
import { Laboratory, selfTestThumbnail } from './laboratory';
import { checkedNetworks } from './model-inputs';
import { workPart } from './progress';

export interface ModelCheck {
  model: string;
  /** Where it lies: models of different roots may share a name. */
  folder: string;
  device: Device;
  ok: boolean;
  /** What was found, as a sentence. */
  message: string;
}

/**
 * Checks every model of the search path: files against their SHA-256, networks against the manifest and opened on the
 * device, then its self-test there.
 */
export async function modelChecks(
  options: EngineOptions & { file?: string; folder?: string; signal?: AbortSignal },
  events: WorkEvents = {},
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): Promise<ModelCheck[]> {
  const entries = await listModels({
    experimentFile: options.file,
    folder: options.folder,
    modelPaths: options.modelPaths,
  });
  // No model decides over the device here: each is to be told of on its own.
  const lab = laboratory ? await laboratory([]) : await Laboratory.open(options, []);
  try {
    const checks: ModelCheck[] = [];
    const progress = workPart(events, 'checking', entries.length, 'models');
    for (const { name, folder, model, failure } of entries) {
      if (options.signal?.aborted) throw interrupted('Interrupted. The other models were not checked.');
      const found = await check(model, failure, lab, options.signal);
      checks.push({ model: name, folder, device: lab.device, ...found });
      progress.add(1, 1);
    }
    return checks;
  } finally {
    if (!laboratory) await lab.close();
  }
}

async function check(
  model: Model | null,
  failure: Failure | null,
  lab: Laboratory,
  signal?: AbortSignal,
): Promise<{ ok: boolean; message: string }> {
  if (!model) return { ok: false, message: failure?.message ?? 'The model cannot be read.' };
  try {
    await verifyModel(model, signal);
    for (const { bytes, name } of await checkedNetworks(model)) {
      const session = await lab.sessions.open(bytes, name);
      await session.close();
    }
    await lab.test([model]);
    const tested = model.manifest.generator?.selfTest?.thumbnail !== undefined;
    return {
      ok: true,
      message: tested
        ? 'Files as the manifest says, and all open; the self-test image is right.'
        : 'Files as the manifest says, and all open; the manifest has no self-test image.',
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ok: false, message: error.message };
  }
}

/** The self-test image that this device makes of a model, for its manifest. @throws Failure where it has no generator */
export async function makeThumbnail(
  model: Model,
  options: EngineOptions,
): Promise<{ device: Device; thumbnail: number[] }> {
  // The expected image may be the old one: it must not decide over the device.
  const lab = await Laboratory.open({ ...options, device: options.device ?? 'cpu' }, []);
  try {
    return { device: lab.device, thumbnail: await selfTestThumbnail(model, lab.sessions) };
  } finally {
    await lab.close();
  }
}
