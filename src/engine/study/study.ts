/**
 * A study from start to end: probe → boundary → rescore → rank → layers, each stage on what the one before found.
 * Everything computed goes through the store, so that a study that was stopped anywhere goes on from there.
 */
import type { Stage } from '../../protocol/experiment';
import { stages } from '../../protocol/experiment';
import type { Effect, LayerSet, LevelSummary, Provenance, StudyResult } from '../../protocol/results';
import type { BoundaryPool } from '../boundary';
import type { ResolvedExperiment } from '../experiment';
import type { Store } from '../store';
import { inTurns, type Steps } from '../turns';
import type { StudyEvents } from './api';
import type { Apparatus } from './apparatus';
import { boundarySettings, BoundaryStage, type FittedBoundary } from './boundaries';
import { conceptReaders, type ConceptReader } from './concepts';
import type { Move } from './code-space';
import { nullVector, type Direction } from './directions';
import type { ImportedDirections } from './imports';
import { PartProgress } from './progress';
import {
  addingLayers,
  judgingPass,
  Measures,
  rankConcepts,
  topConcepts,
  type RankingSettings,
} from './ranking';
import { RescorePass, type RescoreInput } from './rescore';
import type { RunRecorder } from './run-recorder';
import { chunkCount, rowsOfChunk, ScoreBook } from './score-book';
import { ProbeSelection, type ProbeSummary } from './selection';
import { Spread } from './spread';
import { weakPredictors } from './weak-predictors';
import { drawnBy, type MovesDocument } from './moves-document';

/** Boundaries under way at once: fits run on worker threads, their codes are drawn here. */
const boundariesAtOnce = 4;

/** Partial results cost bootstraps: at least this long between two, and five times what the last one cost. */
const partialInterval = 400;

export interface StudyInput {
  experiment: ResolvedExperiment;
  imports: ImportedDirections;
  apparatus: Apparatus;
  store: Store;
  pool: BoundaryPool;
  /** Names what the store keeps for this study. */
  recorder: RunRecorder;
  provenance: Omit<Provenance, 'finished'>;
  events: StudyEvents;
  signal?: AbortSignal;
}

const movesOf = (pass: RescorePass): Move[] => pass.allMoves.map(({ move }) => move);

export class Study {
  private readonly readers: ConceptReader[];
  private readonly book: ScoreBook;
  private readonly spread: Spread;
  private readonly settings: RankingSettings;
  private readonly measures: Measures;
  private readonly weak: Map<string, string>;

  private summaries: ProbeSummary[] = [];
  private readonly boundaries = new Map<string, FittedBoundary>();
  private pass: RescorePass | null = null;
  private readonly layerPasses: RescorePass[] = [];
  private readonly done: Stage[] = [];
  /** When each stage ended, as ISO 8601. */
  readonly finished: Partial<Record<Stage, string>> = {};
  private fraction: number | null = null;
  private nextPartial = 0;

  constructor(private readonly input: StudyInput) {
    const { experiment, apparatus, store, recorder, provenance, signal } = input;
    this.readers = conceptReaders(experiment.concepts, apparatus.graph.columns);
    this.book = new ScoreBook(store, apparatus, (hash) => recorder.series.add(hash), makerOf(provenance));
    this.spread = new Spread(
      store,
      apparatus,
      experiment.probe.samples,
      (hash) => recorder.series.add(hash),
      signal,
    );
    this.settings = {
      confidence: experiment.rescore.confidence,
      seed: experiment.seed,
      raw: experiment.compat === 'higan',
    };
    this.measures = new Measures(this.settings);
    this.weak = weakPredictors(experiment.concepts, experiment.infos);
  }

  /** Runs every stage up to and including `until`. @throws Failure; what was finished is in the store */
  async run(until: Stage = 'layers'): Promise<StudyResult> {
    for (const stage of stages.slice(0, stages.indexOf(until) + 1)) {
      this.fraction = 0;
      await this.stage(stage);
      this.done.push(stage);
      this.finished[stage] = new Date().toISOString();
      this.fraction = null;
      await this.tellPartial(true);
    }
    return this.result(this.input.signal);
  }

  private async stage(stage: Stage): Promise<void> {
    switch (stage) {
      case 'probe':
        return this.probe();
      case 'boundary':
        return this.fitBoundaries();
      case 'rescore':
        return this.rescore();
      case 'rank':
        // Ranking is computed from the differences whenever a result is asked for.
        return;
      case 'layers':
        return this.analyseLayers();
    }
  }

  /**
   * The result so far. Others have their turns while it is measured.
   * @throws Failure 'interrupted' when the signal aborts
   */
  result(signal?: AbortSignal): Promise<StudyResult> {
    return inTurns(this.measuring(), signal);
  }

  private *measuring(): Steps<StudyResult> {
    const { experiment, provenance } = this.input;
    const stdOf = new Map(this.summaries.map((summary) => [summary.concept, summary.std]));
    const effects = this.pass
      ? yield* judgingPass(this.pass, stdOf, this.measures)
      : new Map<string, Effect>();
    const ranked =
      this.summaries.length > 0
        ? rankConcepts(this.readers, this.summaries, this.boundaries, effects, this.weak, this.settings)
        : [];
    const layered =
      this.layerPasses.length > 0
        ? yield* addingLayers(
            ranked,
            experiment.layerSets,
            this.layerPasses,
            stdOf,
            this.measures,
            this.settings,
          )
        : { concepts: ranked, levels: [] as LevelSummary[] };
    return {
      format: 1,
      stages: [...this.done],
      partial: this.fraction,
      generator: experiment.generator.name,
      space: experiment.space,
      seed: experiment.seed,
      confidence: experiment.rescore.confidence,
      step: experiment.rescore.step,
      unit: experiment.rescore.unit,
      ...(experiment.compat ? { compat: experiment.compat } : {}),
      probed: this.summaries[0]?.probed ?? 0,
      rescored: this.pass ? experiment.rescore.samples : 0,
      layerSets: experiment.layerSets,
      concepts: layered.concepts,
      levels: layered.levels,
      provenance: { ...provenance, finished: new Date().toISOString() },
    };
  }

  /** What reading needs to rebuild matrices of this study from the store. */
  movesDocument(): MovesDocument {
    const { apparatus, experiment } = this.input;
    const passes = [...(this.pass ? [this.pass] : []), ...this.layerPasses];
    return {
      columns: apparatus.graph.columns.map((column) => column.concept),
      samples: experiment.rescore.samples,
      drawn: drawnBy(apparatus.identity),
      probe: this.book.seriesHash('probe', null),
      originals: this.book.seriesHash('rescore', null),
      moves: passes.flatMap((pass) =>
        pass.allMoves.map(({ concept, move }) => ({
          layers: pass.input.layerSet.name,
          concept,
          series: this.book.seriesHash('rescore', move),
        })),
      ),
    };
  }

  /** Scores N codes and picks each concept's positives and negatives. */
  private async probe(): Promise<void> {
    const { experiment, signal } = this.input;
    const { samples, positives, negatives } = experiment.probe;
    const selection = new ProbeSelection(this.readers, positives, negatives);
    const progress = this.progress('probe', samples, 'images');
    await this.record([null], 'probe');
    for (let chunk = 0, first = 0; chunk < chunkCount(samples); chunk++) {
      const rows = rowsOfChunk(chunk, samples);
      const { scores, computed } = await this.book.rows('probe', null, chunk, rows, signal);
      selection.add(scores, this.book.apparatus.width, first, rows);
      progress.add(rows, computed);
      this.fraction = progress.fraction;
      first += rows;
    }
    this.summaries = selection.summaries();
  }

  private async fitBoundaries(): Promise<void> {
    const { apparatus, store, recorder, pool, signal } = this.input;
    const stage = new BoundaryStage(
      store,
      apparatus,
      this.spread,
      boundarySettings(this.input),
      pool,
      signal,
    );
    const progress = this.progress('boundary', this.summaries.length, 'boundaries');
    const waiting = [...this.summaries];
    const worker = async (): Promise<void> => {
      for (let summary = waiting.shift(); summary; summary = waiting.shift()) {
        const { boundary, computed, document } = await stage.fit(summary);
        this.boundaries.set(summary.concept, boundary);
        if (boundary.summary) recorder.boundaries.add(boundary.summary.hash);
        if (document) recorder.documents.add(document);
        if (computed) await recorder.save();
        progress.add(1, computed ? 1 : 0);
        this.fraction = progress.fraction;
      }
    };
    await Promise.all(Array.from({ length: boundariesAtOnce }, worker));
  }

  private async rescore(): Promise<void> {
    const moved = this.readers.map((reader) => reader.concept);
    this.pass = await this.newPass(this.input.experiment.allLayers, moved);
    const images = RescorePass.images(this.countsOf(this.pass, true));
    const progress = this.progress('rescore', images, 'images');
    await this.record([null, ...movesOf(this.pass)], 'rescore');
    await this.pass.run(async (rows, computed) => {
      progress.add(rows, computed);
      this.fraction = progress.fraction;
      if (computed > 0) await this.tellPartial(false);
    }, this.input.signal);
  }

  private async analyseLayers(): Promise<void> {
    const { experiment, signal } = this.input;
    const { concepts } = await this.result(signal);
    const top = topConcepts(concepts, experiment.rescore.top);
    const passes: RescorePass[] = [];
    for (const layerSet of experiment.layerSets) passes.push(await this.newPass(layerSet, top));
    const images = passes.reduce((sum, pass) => sum + RescorePass.images(this.countsOf(pass, false)), 0);
    const progress = this.progress('layers', images, 'images');
    await this.record(passes.flatMap(movesOf), 'rescore');
    for (const pass of passes) {
      await pass.run((rows, computed) => {
        progress.add(rows, computed);
        this.fraction = progress.fraction;
      }, signal);
      this.layerPasses.push(pass);
      await this.tellPartial(false);
    }
  }

  private countsOf(pass: RescorePass, withOriginals: boolean): Parameters<typeof RescorePass.images>[0] {
    const { moved, nulls, samples } = pass.input;
    return { moved: moved.length, nulls: nulls.length, samples, withOriginals };
  }

  private async newPass(layerSet: LayerSet, concepts: readonly string[]): Promise<RescorePass> {
    const { rescore } = this.input.experiment;
    const moved = concepts.flatMap((concept) => {
      const direction = this.boundaries.get(concept)?.direction;
      return direction ? [{ concept, direction }] : [];
    });
    const input: RescoreInput = {
      layerSet,
      moved,
      nulls: await this.nullDirections(),
      samples: rescore.samples,
      size: { step: rescore.step, unit: rescore.unit },
    };
    return new RescorePass(this.book, input, this.readers);
  }

  private async nullDirections(): Promise<Direction[]> {
    const { experiment, apparatus } = this.input;
    const directions: Direction[] = [];
    for (let r = 0; r < experiment.rescore.nulls; r++) {
      const vector = nullVector(experiment.seed, r, apparatus.space.slices);
      directions.push({ vector, sigma: await this.spread.along(vector) });
    }
    return directions;
  }

  /** Names the series of these moves (null: of none) in the store, before their scores are computed. */
  private async record(moves: readonly (Move | null)[], purpose: 'probe' | 'rescore'): Promise<void> {
    const { recorder } = this.input;
    for (const move of moves) recorder.series.add(this.book.seriesHash(purpose, move));
    await recorder.save();
  }

  private progress(
    stage: Stage,
    total: number,
    unit: 'images' | 'boundaries',
  ): PartProgress<{ stage: Stage }> {
    return new PartProgress({ stage }, total, unit, (progress) => this.input.events.progress?.(progress));
  }

  private async tellPartial(now: boolean): Promise<void> {
    const { events, signal } = this.input;
    const { partial } = events;
    const started = performance.now();
    if (!partial || (!now && started < this.nextPartial)) return;
    partial(await this.result(signal));
    const cost = performance.now() - started;
    this.nextPartial = performance.now() + Math.max(partialInterval, 5 * cost);
  }
}

/** What a series' list of makers says of the scores that are computed here. */
const makerOf = ({
  device,
  onnxruntime,
  machine,
}: Pick<Provenance, 'device' | 'onnxruntime' | 'machine'>): string =>
  `${device}, ONNX Runtime ${onnxruntime}, ${machine}`;
