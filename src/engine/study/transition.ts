/**
 * Walks between categories (section 4.4, Fig. 11): samples of one category are moved along the boundary to the next,
 * and every pixel's label is followed. What becomes of a sofa when a living room turns into a bedroom?
 */
import { splitConcept } from '../../protocol/concept';
import type { Transition } from '../../protocol/results';
import { transitionSchema } from '../../protocol/results';
import type { ResolvedTransition } from '../experiment';
import { badInput, failed, interrupted } from '../failure';
import type { Model } from '../manifest';
import { openStore, type Series, type Store } from '../store';
import { openStoreForReading, transitionKey } from '../store/read';
import type { StudyRequest, WorkEvents } from './api';
import type { Apparatus } from './apparatus';
import type { Move } from './code-space';
import { conceptReaders, type ConceptReader } from './concepts';
import { moveAlong } from './directions';
import { labelKey } from './identity';
import { Laboratory } from './laboratory';
import { workPart, type WorkPart } from './progress';
import { apparatusSettings, modelsOf, prepareStudy, recorderOf, version, type PreparedStudy } from './run';
import type { RunRecorder } from './run-recorder';
import { chunkRows, ScoreBook } from './score-book';
import type { Segmentation } from './segmentation';
import { studyDirections } from './study-directions';

/** A sample counts as of a category from this score on, as with pairs of categories. */
const clearly = 0.5;
/** Codes looked at for each sample that is wanted: a category rarer than 1 in 50 gives what is found. */
const patience = 50;
/** Rows of one segmentation run. */
const segmented = 16;

export interface TransitionRequest extends StudyRequest {
  /** Which of the file's `transitions`, from 0. */
  index: number;
}

/** The transition at an index, from 0. @throws Failure 'bad-input' where the file has none there, counting from 1 */
export function transitionOf({ experiment, file }: PreparedStudy, index: number): ResolvedTransition {
  const found = experiment.transitions.at(index);
  if (found && index >= 0) return found;
  const count = experiment.transitions.length;
  const known =
    count === 1 ? '1 transition, the number 1' : `${count} transitions, the numbers 1 to ${count}`;
  throw badInput(
    count === 0
      ? `${file} names no transition: add \`transitions:\` with a path of categories.`
      : `${file} has ${known}; there is none with the number ${index + 1}.`,
  );
}

/** The transition as the store has it, or null where it was not computed. @throws Failure for a number out of range */
export async function readTransition(request: TransitionRequest): Promise<Transition | null> {
  const prepared = await prepareStudy(request);
  const transition = transitionOf(prepared, request.index);
  const store = await openStoreForReading(prepared.store);
  return store.readDocument('transition', transitionKey(prepared.hash, transition), transitionSchema);
}

/**
 * Computes a transition, or reads it from the store. Label maps are kept in chunks: one that was stopped goes on.
 * @throws Failure where the study has no direction for a pair of the path, no code shows the first category, or no
 *   predictor segments
 */
export async function runTransition(
  request: TransitionRequest,
  events: WorkEvents = {},
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): Promise<Transition> {
  const prepared = await prepareStudy(request);
  const transition = transitionOf(prepared, request.index);
  const store = await openStore(prepared.store, { write: true, writer: `higan ${version()}` });
  const key = transitionKey(prepared.hash, transition);
  const known = await store.readDocument('transition', key, transitionSchema);
  if (known) return known;
  const models = modelsOf(prepared.experiment);
  const lab = laboratory ? await laboratory(models) : await Laboratory.open(request, models, request.signal);
  try {
    const lock = await store.lockTogether();
    try {
      const recorder = recorderOf(store, prepared);
      const walk = await Walk.prepare(prepared, transition, lab, store, recorder, request.signal);
      const found = await walk.run(events);
      recorder.documents.add(await store.writeDocument('transition', key, found));
      await recorder.save();
      return found;
    } finally {
      await lock.release();
    }
  } finally {
    if (!laboratory) await lab.close();
  }
}

/** The moves of each hop, on the study's own directions. @throws Failure where the store lacks one */
export async function hopMoves(
  prepared: PreparedStudy,
  { pairs, layers, step, path }: ResolvedTransition,
  apparatus: Apparatus,
): Promise<Move[]> {
  const concepts = pairs.map(({ concept }) => concept);
  const directions = await studyDirections(prepared, apparatus.identity, concepts);
  const { unit } = prepared.experiment.rescore;
  return pairs.map(({ concept, sign }, hop) => {
    const direction = directions[hop];
    if (!direction) {
      throw failed(
        `The store ${prepared.store} has no direction from ${path[hop]} to ${path[hop + 1]}: run the study ` +
          `(higan run ${prepared.file} --until boundary). Where it was run, its ranking says why '${concept}' has none.`,
      );
    }
    return moveAlong(apparatus.space, direction, layers.layers, { step: sign * step, unit });
  });
}

class Walk {
  private constructor(
    private readonly transition: ResolvedTransition,
    private readonly unit: Transition['unit'],
    private readonly apparatus: Apparatus,
    private readonly segmentation: Segmentation,
    private readonly moves: readonly Move[],
    private readonly readers: readonly ConceptReader[],
    private readonly store: Store,
    private readonly recorder: RunRecorder,
    private readonly signal: AbortSignal | undefined,
  ) {}

  static async prepare(
    prepared: PreparedStudy,
    transition: ResolvedTransition,
    lab: Laboratory,
    store: Store,
    recorder: RunRecorder,
    signal?: AbortSignal,
  ): Promise<Walk> {
    const settings = apparatusSettings(prepared.experiment);
    const apparatus = await lab.apparatus(settings);
    const moves = await hopMoves(prepared, transition, apparatus);
    const segmentation = await lab.segmentation(settings);
    const readers = conceptReaders(transition.path, apparatus.graph.columns);
    const { unit } = prepared.experiment.rescore;
    return new Walk(transition, unit, apparatus, segmentation, moves, readers, store, recorder, signal);
  }

  async run(events: WorkEvents): Promise<Transition> {
    const { path, layers, step, samples: wanted } = this.transition;
    const { samples, looked } = await this.startingSamples(events);
    if (samples.length === 0) {
      throw failed(
        `None of ${looked} codes scores ${clearly} or more as ${path[0]}: there is no start for the walk.`,
      );
    }
    const { labels } = this.segmentation;
    const stages = this.moves.length + 1;
    const total = samples.length * (stages + this.moves.length);
    const flows = this.moves.map(() => labels.map(() => new Float64Array(labels.length)));
    const reached = this.moves.map(() => 0);
    const series = Array.from({ length: stages }, (_, stage) => this.labelSeries(stage));
    for (const { hash } of series) this.recorder.series.add(hash);
    await this.recorder.save();
    const progress = workPart(events, 'following the pixels', total, 'images');
    for (let first = 0; first < samples.length; first += chunkRows) {
      const chunk = samples.slice(first, first + chunkRows);
      const codes = await this.apparatus.space.drawAt('transition', chunk);
      const at = first / chunkRows;
      let before = await this.maps(series[0], at, codes, 0, chunk.length, progress);
      for (let hop = 0; hop < this.moves.length; hop++) {
        const after = await this.maps(series[hop + 1], at, codes, hop + 1, chunk.length, progress);
        for (let p = 0; p < before.length; p++) flows[hop][before[p]][after[p]]++;
        reached[hop] += await this.arrivals(codes, chunk.length, hop);
        progress.add(chunk.length, chunk.length);
        before = after;
      }
    }
    const pixels = flows[0].reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
    return {
      ...{ path, layers: layers.name, step, unit: this.unit, wanted, samples, looked, labels: [...labels] },
      hops: this.moves.map((_, hop) => ({
        ...{ from: path[hop], to: path[hop + 1] },
        flow: flows[hop].map((row) => Array.from(row, (count) => count / pixels)),
        reached: reached[hop] / samples.length,
      })),
      series: series.map(({ hash }) => hash),
    };
  }

  /** The first codes of their own purpose that are clearly of the path's first category. */
  private async startingSamples(events: WorkEvents): Promise<{ samples: number[]; looked: number }> {
    const { samples: wanted, path } = this.transition;
    const doing = `looking for samples of ${splitConcept(path[0]).label}`;
    const progress = workPart(events, doing, wanted, 'samples');
    const book = new ScoreBook(this.store, this.apparatus);
    this.recorder.series.add(book.seriesHash('transition', null));
    await this.recorder.save();
    const samples: number[] = [];
    let looked = 0;
    for (let chunk = 0; samples.length < wanted && looked < patience * wanted; chunk++) {
      const { scores, computed } = await book.rows('transition', null, chunk, chunkRows, this.signal);
      const before = samples.length;
      for (let i = 0; i < chunkRows && samples.length < wanted; i++) {
        looked++;
        if (this.readers[0].score(scores, i * this.apparatus.width) >= clearly)
          samples.push(chunk * chunkRows + i);
      }
      const found = samples.length - before;
      progress.add(found, computed > 0 ? found : 0);
    }
    return { samples, looked };
  }

  /** How many of the samples are clearly of the hop's category after it. */
  private async arrivals(codes: Float32Array, n: number, hop: number): Promise<number> {
    const { width } = this.apparatus;
    const scores = await this.apparatus.scoreCodes(codes, n, this.moves.slice(0, hop + 1), this.signal);
    const reader = this.readers[hop + 1];
    return Array.from({ length: n }, (_, i) => reader.score(scores, i * width)).filter((p) => p >= clearly)
      .length;
  }

  /** Label maps of the starting samples in their order, after so many hops. */
  private labelSeries(hops: number): Series<'uint8'> {
    const { identity } = this.apparatus;
    const key = labelKey(
      identity,
      this.segmentation.hash,
      this.transition.path[0],
      this.moves.slice(0, hops),
    );
    return this.store.series(key, 'uint8');
  }

  /** Label maps [n, H, W] of one chunk, from the store or made now. */
  private async maps(
    series: Series<'uint8'>,
    chunk: number,
    codes: Float32Array,
    hops: number,
    n: number,
    progress: WorkPart,
  ): Promise<Uint8Array> {
    const stored = await series.read(chunk);
    // A chunk of fewer samples comes from a transition that asked for fewer.
    if (stored && stored.dims[0] >= n) {
      progress.add(n, 0);
      return stored.data.subarray(0, (stored.data.length / stored.dims[0]) * n);
    }
    const { space } = this.apparatus;
    const parts: Uint8Array[] = [];
    let size: number[] = [];
    for (let first = 0; first < n; first += segmented) {
      if (this.signal?.aborted) throw interrupted();
      const rows = Math.min(segmented, n - first);
      const some = codes.subarray(first * space.width, (first + rows) * space.width);
      const feed = await space.feed(some, rows, this.moves.slice(0, hops));
      const { data, height, width } = await this.apparatus.studyTurn(
        () => this.segmentation.maps(feed, rows, space.feedDims),
        this.signal,
      );
      parts.push(data);
      size = [height, width];
      progress.add(rows, rows);
    }
    const all = new Uint8Array(Buffer.concat(parts));
    await series.write(chunk, all, [n, ...size]);
    return all;
  }
}
