/**
 * Opens what a study needs once and keeps it: sessions on a device that passed the models' self-tests, and the
 * apparatus of an experiment. The command line opens one for a run; the inference process keeps one warm.
 */
import type { Device } from '../../protocol/results';
import { failed, interrupted } from '../failure';
import { drawCodes, layerCodes, pixelNormalise } from '../latent';
import { verifyModel, type Model } from '../manifest';
import { checkThumbnail, thumbnail, type Sessions } from '../session';
import type { EngineOptions } from './api';
import { Apparatus, identityOf, type ApparatusSettings } from './apparatus';
import type { ApparatusIdentity } from './identity';
import { Mapping } from './mapping';
import { synthesisInput } from './model-inputs';
import { openProven } from './proven-sessions';
import { canonicalJson } from '../canonical';
import { truncationOf } from './sample';
import { Segmentation } from './segmentation';
import { once, SharedSessions } from './shared-sessions';
import { Turns } from './turns';

export class Laboratory {
  private readonly apparatuses = new Map<string, Promise<Apparatus>>();
  private readonly identities = new Map<string, Promise<ApparatusIdentity>>();
  private readonly segmentations = new Map<string, Promise<Segmentation>>();

  /** Models that passed their self-test here, by their manifest. */
  private readonly tested = new Set<string>();
  /** Shared by all apparatuses: there is one device to take turns on. */
  private readonly turns = new Turns();
  private readonly shared: Sessions;

  private constructor(
    readonly sessions: Sessions,
    /** Why `auto` passed over the devices before this one, a sentence each. */
    readonly rejected: string[],
  ) {
    this.shared = new SharedSessions(sessions);
  }

  /**
   * @param models their files are compared with their manifests; tested on each candidate device before it is accepted
   * @throws Failure where a file is not its manifest's, or no device passes, and 'interrupted' when the signal aborts
   */
  static async open(
    options: EngineOptions,
    models: readonly Model[],
    signal?: AbortSignal,
  ): Promise<Laboratory> {
    for (const model of models) await verifyModel(model, signal);
    const rejected: string[] = [];
    const log = (line: string): void => {
      rejected.push(line);
      options.log?.(line);
    };
    const { sessions } = await openProven({ ...options, log }, async (candidate) => {
      for (const model of models) {
        if (signal?.aborted) throw interrupted();
        await selfTest(model, candidate, signal);
      }
      if (signal?.aborted) throw interrupted();
    });
    const laboratory = new Laboratory(sessions, rejected);
    for (const model of models) laboratory.tested.add(JSON.stringify(model.manifest));
    return laboratory;
  }

  /**
   * Looks whether the models' files are still those of their manifests, and runs the self-tests that have not been run
   * here yet.
   * @throws Failure where a file has changed, or a test fails
   */
  async test(models: readonly Model[]): Promise<void> {
    for (const model of models) {
      await verifyModel(model);
      const key = JSON.stringify(model.manifest);
      if (this.tested.has(key)) continue;
      await selfTest(model, this.sessions);
      this.tested.add(key);
    }
  }

  /** Whether somebody looks at a preview: studies run short batches then. */
  attend(visible: boolean): void {
    this.turns.attentive = visible;
  }

  /** A preview is about to be asked for: studies begin no batch until it is, or a moment has passed. */
  expect(): void {
    this.turns.expect();
  }

  get device(): Device {
    return this.sessions.device;
  }

  /** The apparatus of these settings, opened at most once. */
  apparatus(settings: ApparatusSettings): Promise<Apparatus> {
    const open = (): Promise<Apparatus> => Apparatus.open(settings, this.shared, this.turns);
    return once(this.apparatuses, keyOf(settings), open);
  }

  /** The identity of the apparatus of these settings: what names stored directions. Opens no sessions. */
  identity(settings: ApparatusSettings): Promise<ApparatusIdentity> {
    const key = keyOf(settings);
    const opened = this.apparatuses.get(key);
    if (opened) return opened.then(({ identity }) => identity);
    return once(this.identities, key, () => identityOf(settings, this.device));
  }

  /** Keeps studies from beginning another batch, for somebody who waits, until the returned function is called. */
  hold(): () => void {
    return this.turns.hold();
  }

  /** Runs something that somebody waits for, before any study's next batch. */
  now<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.now(work);
  }

  /** The segmentation of what these settings generate, opened at most once. @throws as `Segmentation.open` */
  segmentation(settings: ApparatusSettings): Promise<Segmentation> {
    return once(this.segmentations, keyOf(settings), () => Segmentation.open(settings, this.shared));
  }

  async close(): Promise<void> {
    await this.sessions.close();
  }
}

function keyOf({ generator, predictors, concepts, ...rest }: ApparatusSettings): string {
  return canonicalJson({
    ...rest,
    // Models by content: an edited model folder is another apparatus.
    generator: JSON.stringify(generator.manifest),
    predictors: predictors.map((model) => JSON.stringify(model.manifest)),
    concepts: concepts ? [...concepts].sort() : null,
  });
}

/** The image of a model's self-test code as an 8×8 thumbnail. @throws Failure for a model without generator */
export async function selfTestThumbnail(
  model: Model,
  sessions: Sessions,
  signal?: AbortSignal,
): Promise<number[]> {
  const generator = await synthesisInput(model);
  const { manifest } = generator;
  const { seed, index } = manifest.selfTest ?? { seed: 0, index: 0 };
  const L = manifest.layers.length;
  const D = manifest.w?.dim ?? manifest.z.dim;
  let code = drawCodes({ seed, purpose: 'probe', dim: manifest.z.dim }, index, 1);
  if (manifest.z.normalize === 'pixel') code = pixelNormalise(code, manifest.z.dim);
  const mapping = await Mapping.open(model, sessions, null);
  if (mapping) code = await mapping.run(code, 1);
  await mapping?.close();
  const synthesis = await sessions.open(generator.synthesis, generator.name);
  const codes = layerCodes(code, 1, D, L, await truncationOf(model));
  const feeds = { [manifest.synthesis.input]: { data: codes, dims: [1, L, D] } };
  const out = await synthesis.run(feeds, signal ? { signal } : {});
  await synthesis.close();
  return thumbnail(out[manifest.synthesis.output].data, manifest.resolution);
}

/**
 * Looks whether the device makes the image that the manifest has. Where it has none, a device other than the CPU makes one
 * all the same: some take a graph and refuse at its first run, or give no numbers.
 * @throws Failure when the device makes another image, or none
 */
export async function selfTest(model: Model, sessions: Sessions, signal?: AbortSignal): Promise<void> {
  const { generator } = model.manifest;
  const expected = generator?.selfTest?.thumbnail;
  if (!generator || (!expected && sessions.device === 'cpu')) return;
  const made = await selfTestThumbnail(model, sessions, signal);
  if (expected) checkThumbnail(made, expected, sessions.device, model.name);
  else if (!made.every(Number.isFinite)) {
    throw failed(`${model.name}: the image made on ${sessions.device} has pixels that are no numbers.`);
  }
}
