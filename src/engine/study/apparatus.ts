/**
 * The measuring apparatus of a study: generator and predictors composed to one graph on one device.
 * Codes go in, scores of every concept come out; images stay on the device.
 */
import type { Device } from '../../protocol/results';
import type { Space } from '../../protocol/experiment';
import { keyHash } from '../canonical';
import { Failure, interrupted } from '../failure';
import {
  composeScoring,
  extractStyles,
  finishScores,
  type GeneratorInput,
  type ScoringGraph,
} from '../graph';
import type { Truncation } from '../latent';
import type { GeneratorManifest, Model } from '../manifest';
import { batchWithin, isOutOfMemory, tuneBatch, type Session, type Sessions } from '../session';
import { CodeSpace, type Move } from './code-space';
import { instructionSet, methodVersion, type ApparatusIdentity } from './identity';
import { Mapping } from './mapping';
import { generatorInput, generatorOf, meanCode, predictorInputs } from './model-inputs';
import type { Turns } from './turns';

export interface ApparatusSettings {
  generator: Model;
  predictors: readonly Model[];
  /** Whether the computed colour concepts are scored. */
  color: boolean;
  /** Which heads are read; absent: every head. */
  concepts?: readonly string[];
  space: Space;
  seed: number;
  psi: number;
  cutoff: number;
  class: number | null;
  compat: 'higan' | null;
  /** Also give images (previews). */
  image?: boolean;
}

/** Milliseconds that a batch of a study may take while a preview is visible. */
const attentiveTime = 60;

/** What one run of the scoring graph gave. */
export interface Scored {
  /** [n, C], NaN where missing. */
  scores: Float32Array;
  /** [n, 3, R, R] in [−1, 1]; only from an apparatus with images. */
  images: Float32Array | null;
}

export class Apparatus {
  /** Rows that one run takes; set by tuning. Results do not depend on it. */
  batch = 16;
  /** The same while a preview is visible; a run's own cost makes it smaller than its share of a second. */
  private shortBatch = 16;
  private tuned: Promise<number> | null = null;

  private constructor(
    readonly settings: ApparatusSettings,
    readonly graph: ScoringGraph,
    readonly space: CodeSpace,
    readonly identity: ApparatusIdentity,
    private readonly scoring: Session,
    private readonly turns: Turns,
  ) {}

  get resolution(): number {
    return generatorOf(this.settings.generator).resolution;
  }

  get width(): number {
    return this.graph.columns.length;
  }

  /**
   * Reads the models, composes the graph and opens it on the device.
   * @throws Failure where files are damaged or do not fit each other.
   */
  static async open(settings: ApparatusSettings, sessions: Sessions, turns: Turns): Promise<Apparatus> {
    const manifest = generatorOf(settings.generator);
    const { graph, generator } = await compose(settings);
    const scoring = await sessions.open(graph.bytes, 'scoring graph');
    const mapping = await Mapping.open(settings.generator, sessions, settings.class);
    const extracted = settings.space === 'y' ? extractStyles(generator) : null;
    const space = CodeSpace.create(settings.space, {
      seed: settings.seed,
      zDim: manifest.z.dim,
      normalize: manifest.z.normalize,
      L: manifest.layers.length,
      D: manifest.w?.dim ?? manifest.z.dim,
      truncation: await readTruncation(settings),
      mapping,
      styles: extracted
        ? { session: await sessions.open(extracted.bytes, 'styles'), widths: extracted.widths }
        : null,
    });
    return new Apparatus(
      settings,
      graph,
      space,
      identify(settings, manifest, graph, sessions.device),
      scoring,
      turns,
    );
  }

  /**
   * Scores n rows whose input is made batch by batch.
   * @param feedOf gives input rows first … first + count − 1
   */
  async score(
    n: number,
    feedOf: (first: number, count: number) => Promise<Float32Array>,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const scores = new Float32Array(n * this.width);
    const running: Promise<void>[] = [];
    try {
      for (let first = 0, count = 0; first < n; first += count) {
        count = Math.min(this.rowsNow, n - first);
        const at = first;
        const feed = await feedOf(first, count);
        await this.turns.studyTurn(signal);
        const run = this.scoresOf(feed, count).then((some) => scores.set(some, at * this.width));
        // It may fail while the next codes are made; whoever waits for it below is told.
        run.catch(() => undefined);
        running.push(run);
        if (running.length >= this.turns.depth) await running.shift();
      }
      await Promise.all(running);
    } catch (error) {
      // What is under way must not end unseen after its neighbour failed.
      await Promise.allSettled(running);
      throw error;
    }
    if (signal?.aborted) throw interrupted();
    return scores;
  }

  /** Rows of the next batch: while a preview is visible no more than were measured to fit in a short time. */
  private get rowsNow(): number {
    return this.turns.attentive ? this.shortBatch : this.batch;
  }

  /** Scores codes [n, width] under moves. */
  scoreCodes(
    codes: Float32Array,
    n: number,
    moves: readonly Move[],
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const { width } = this.space;
    return this.score(
      n,
      (first, count) => this.space.feed(codes.subarray(first * width, (first + count) * width), count, moves),
      signal,
    );
  }

  /** Something that takes a batch's time, when no interactive work is pending. @throws Failure when aborted */
  async studyTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.turns.studyTurn(signal);
    return work();
  }

  /** One run at once, before any study's: input rows → scores and, where the apparatus has them, images. */
  look(feed: Float32Array, n: number): Promise<Scored> {
    return this.turns.now(() => this.run(feed, n));
  }

  /** Scores of input rows; where memory does not suffice for all at once, in halves, and in smaller batches from then on. */
  private async scoresOf(feed: Float32Array, n: number): Promise<Float32Array> {
    try {
      return (await this.run(feed, n)).scores;
    } catch (error) {
      if (n === 1 || !isOutOfMemory(error)) throw error;
      const half = Math.floor(n / 2);
      this.batch = Math.min(this.batch, half);
      this.shortBatch = Math.min(this.shortBatch, half);
      const middle = (half * feed.length) / n;
      const first = await this.scoresOf(feed.subarray(0, middle), half);
      const rest = await this.scoresOf(feed.subarray(middle), n - half);
      const scores = new Float32Array(n * this.width);
      scores.set(first);
      scores.set(rest, first.length);
      return scores;
    }
  }

  /**
   * Chooses the batch size by a brief measurement, once.
   * @returns images a second
   * @throws Failure 'interrupted' when the signal aborts
   */
  async tune(signal?: AbortSignal): Promise<number> {
    for (;;) {
      const tuned = (this.tuned ??= this.measureBatch(signal));
      try {
        return await tuned;
      } catch (error) {
        // A failed measurement is not remembered: other programs may free what it lacked.
        if (this.tuned === tuned) this.tuned = null;
        // Whoever measured was interrupted, and we were not: measure ourselves.
        const isTheirs = error instanceof Failure && error.kind === 'interrupted' && !signal?.aborted;
        if (!isTheirs) throw error;
      }
    }
  }

  private async measureBatch(signal?: AbortSignal): Promise<number> {
    const most = 64;
    const codes = await this.space.draw('probe', 0, most);
    const feed = await this.space.feed(codes, most, []);
    const size = feed.length / most;
    const { name } = this.graph.input;
    const feedOf = (rows: number): Parameters<Session['run']>[0] => ({
      [name]: { data: feed.slice(0, rows * size), dims: [rows, ...this.space.feedDims] },
    });
    const tuned = await tuneBatch(this.scoring, feedOf, { signal });
    this.batch = tuned.batch;
    this.shortBatch = batchWithin(tuned, attentiveTime);
    return tuned.rate;
  }

  /** Runs the composed graph on input rows [n, …]. */
  async run(feed: Float32Array, n: number): Promise<Scored> {
    const { name } = this.graph.input;
    const out = await this.scoring.run({ [name]: { data: feed, dims: [n, ...this.space.feedDims] } });
    return { scores: finishScores(this.graph, out.scores.data, n), images: out.image?.data ?? null };
  }
}

/** Reads the models and makes one graph of them. @throws Failure where files are damaged or do not fit each other */
async function compose(
  settings: ApparatusSettings,
): Promise<{ graph: ScoringGraph; generator: GeneratorInput }> {
  const generator = await generatorInput(settings.generator);
  const predictors = await predictorInputs(settings.predictors);
  const { color, concepts, space, image = false, compat } = settings;
  const graph = composeScoring({
    ...{ generator, predictors, color, concepts, space, image },
    compat: compat ?? undefined,
  });
  return { graph, generator };
}

/** The identity that an apparatus of these settings would have on a device; opens no sessions. @throws as `open` */
export async function identityOf(settings: ApparatusSettings, device: Device): Promise<ApparatusIdentity> {
  const { graph } = await compose(settings);
  return identify(settings, generatorOf(settings.generator), graph, device);
}

const isTruncated = ({ psi, cutoff }: ApparatusSettings): boolean => psi !== 1 && cutoff > 0;

async function readTruncation(settings: ApparatusSettings): Promise<Truncation | null> {
  const { generator, psi, cutoff } = settings;
  if (!isTruncated(settings)) return null;
  const mean = await meanCode(generator);
  return mean && { psi, cutoff, mean };
}

function identify(
  settings: ApparatusSettings,
  manifest: GeneratorManifest,
  graph: ScoringGraph,
  provider: Device,
): ApparatusIdentity {
  const models: Record<string, string> = { synthesis: manifest.synthesis.sha256 };
  if (manifest.mapping) models.mapping = manifest.mapping.sha256;
  // A truncation that changes no code is none, however it is written.
  const truncated = isTruncated(settings);
  if (truncated && manifest.truncation) models.mean = manifest.truncation.mean.sha256;
  return {
    method: methodVersion,
    models,
    normalize: manifest.z.normalize,
    mappingOutput: manifest.mapping?.output ?? null,
    graph: graph.hash,
    confidences:
      graph.confidences.length > 0 ? keyHash(graph.confidences.map((each) => ({ ...each }))) : null,
    columns: keyHash(graph.columns.map(({ concept }) => concept)),
    space: settings.space,
    // Only where there are any: other spaces keep the keys that they have.
    ...(graph.styleWidths ? { styleWidths: graph.styleWidths } : {}),
    seed: settings.seed,
    psi: truncated ? settings.psi : 1,
    cutoff: truncated ? Math.min(settings.cutoff, manifest.layers.length) : 0,
    class: settings.class,
    provider,
    instructions: provider === 'cpu' ? instructionSet() : null,
  };
}
