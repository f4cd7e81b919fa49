/** What a run would cost on this device, before it is run: images, seconds, bytes, and what the store has already. */
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { stages, type Stage } from '../../protocol/experiment';
import type { LayerSet, Plan, StudyResult } from '../../protocol/results';
import { levels, splitConcept } from '../../protocol/concept';
import type { Model } from '../manifest';
import { openStoreForReading } from '../store/read';
import { openStore } from '../store';
import type { StudyRequest } from './api';
import type { Apparatus } from './apparatus';
import { boundarySettings, fitKnown } from './boundaries';
import { moveAlong, nullVector, type Direction } from './directions';
import { Laboratory } from './laboratory';
import { apparatusSettings, isAnswer, modelsOf, prepareStudy, type PreparedStudy } from './run';
import { chunkRows, ScoreBook } from './score-book';
import { Spread } from './spread';

/** Bytes of a chunk file beside its numbers: header, checksum, and its share of the series' description. */
const chunkOverhead = 512;

/**
 * Seconds that one boundary takes, from the work of a fit: rows × length of a code. Measured on 2,800 × 128 codes; a
 * guess for the plan only.
 */
const secondsPerCode = 4e-7;

/** How long the rate is measured. */
const measureSeconds = 3;

/**
 * Where the store answers, as it would answer `run`, nothing is measured and no model is opened.
 * @param laboratory as in `runStudy`
 * @throws Failure where the experiment or its models are wrong
 */
export async function planStudy(
  request: StudyRequest,
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): Promise<Plan> {
  const prepared = await prepareStudy(request);
  const until = request.until ?? 'layers';
  // Opened as `run` does, to which a damaged result is none; without a lock, since nothing is written.
  const store = await openStore(prepared.store, { write: true });
  const known = (await store.wholeResult(prepared.hash))?.result;
  const work = workOf(prepared, known, until);
  // It may be another machine's, whose scores do not count as cached here, but `run` takes it for its answer.
  if (known && (await isAnswer(store, known, until, request.device))) {
    const done = work.map((each) => ({ ...each, cached: each.total, seconds: 0, bytes: 0 }));
    return planOf(prepared, { device: known.provenance.device, batch: null, rate: null }, done);
  }
  const models = modelsOf(prepared.experiment);
  const lab = laboratory ? await laboratory(models) : await Laboratory.open(request, models, request.signal);
  try {
    const apparatus = await lab.apparatus(apparatusSettings(prepared.experiment));
    await apparatus.tune(request.signal);
    const rate = await measureRate(apparatus, request.signal);
    const device = apparatus.identity.provider;
    return await planOf(
      prepared,
      { device, batch: apparatus.batch, rate },
      await estimated(prepared, apparatus, rate, work),
    );
  } finally {
    if (!laboratory) await lab.close();
  }
}

/** Images a second over a few seconds of real work. */
async function measureRate(apparatus: Apparatus, signal?: AbortSignal): Promise<number> {
  const rows = 4 * apparatus.batch;
  const codes = await apparatus.space.draw('probe', 0, rows);
  const started = performance.now();
  let images = 0;
  do {
    await apparatus.scoreCodes(codes, rows, [], signal);
    images += rows;
  } while (performance.now() - started < measureSeconds * 1000);
  return (1000 * images) / (performance.now() - started);
}

type Work = Pick<Plan['stages'][number], 'stage' | 'total' | 'unit'>;

/** What each stage has to do in all, whatever the store has of it. */
function workOf({ experiment }: PreparedStudy, known: StudyResult | undefined, until: Stage): Work[] {
  const { samples } = experiment.rescore;
  // No work is left on a concept that the study found no direction of. The store keeps that in the result alone, so
  // before the study was run to its boundaries every concept counts.
  const without = new Set(
    known?.concepts.flatMap((each) => (each.noBoundary === null ? [] : [each.concept])),
  );
  const moved = experiment.concepts.filter((concept) => !without.has(concept));
  const covered = levels.reduce((sum, level) => {
    const there = moved.filter((concept) => splitConcept(concept).level === level).length;
    return sum + (experiment.rescore.top === 'all' ? there : Math.min(experiment.rescore.top, there));
  }, 0);
  const totals: Record<Stage, number> = {
    probe: experiment.probe.samples,
    boundary: moved.length,
    rescore: (moved.length + experiment.rescore.nulls + 1) * samples,
    rank: 0,
    layers: experiment.layerSets.length * (covered + experiment.rescore.nulls) * samples,
  };
  return stages
    .slice(0, stages.indexOf(until) + 1)
    .map((stage) => ({ stage, total: totals[stage], unit: stage === 'boundary' ? 'boundaries' : 'images' }));
}

/** The same with what the store has of it, and what the rest takes. */
async function estimated(
  prepared: PreparedStudy,
  apparatus: Apparatus,
  rate: number,
  work: readonly Work[],
): Promise<Plan['stages']> {
  const { probe, boundary } = prepared.experiment;
  const fitRows = (probe.positives + probe.negatives) * (1 - boundary.validation);
  const cached = await cachedWork(prepared, apparatus);
  return work.map((each) => {
    const left = Math.max(0, each.total - cached[each.stage]);
    const boundaries = each.unit === 'boundaries';
    return {
      ...each,
      cached: each.total - left,
      seconds: boundaries ? left * fitRows * apparatus.space.width * secondsPerCode : left / rate,
      bytes: boundaries
        ? left * (apparatus.space.width * 4 + 2 * chunkOverhead)
        : left * apparatus.width * 4 + Math.ceil(left / chunkRows) * chunkOverhead,
    };
  });
}

async function planOf(
  { store }: PreparedStudy,
  measured: Pick<Plan, 'device' | 'batch' | 'rate'>,
  planned: Plan['stages'],
): Promise<Plan> {
  const images = planned.filter((stage) => stage.unit === 'images');
  const sum = (of: (stage: (typeof planned)[number]) => number, over = planned): number =>
    over.reduce((total, stage) => total + of(stage), 0);
  return {
    ...measured,
    stages: planned,
    images: sum((stage) => stage.total, images),
    cached: sum((stage) => stage.cached, images),
    seconds: sum((stage) => stage.seconds),
    bytes: sum((stage) => stage.bytes),
    freeBytes: await freeBytes(store),
  };
}

/** What the store has of each stage. Moves are known only once their boundaries are. */
async function cachedWork(prepared: PreparedStudy, apparatus: Apparatus): Promise<Record<Stage, number>> {
  const { experiment } = prepared;
  const reader = await openStoreForReading(prepared.store);
  // Opened without a lock: nothing is written by a plan.
  const store = await openStore(prepared.store, { write: true });
  const book = new ScoreBook(store, apparatus);
  const probe = await book.stored('probe', null, experiment.probe.samples);
  const directions = new Map<string, Direction>();
  const known = new Spread(store, apparatus, experiment.probe.samples);
  for (const concept of experiment.concepts) {
    const fit = await fitKnown(reader, apparatus, concept, boundarySettings(prepared));
    const sigma = fit && (await known.stored(fit.vector));
    if (fit && sigma) directions.set(concept, { vector: fit.vector, sigma });
  }
  const size = { step: experiment.rescore.step, unit: experiment.rescore.unit };
  const nulls: Direction[] = [];
  for (let r = 0; r < experiment.rescore.nulls; r++) {
    const vector = nullVector(experiment.seed, r, apparatus.space.slices);
    const sigma = await known.stored(vector);
    if (sigma) nulls.push({ vector, sigma });
  }
  const countOn = async ({ layers }: LayerSet): Promise<number> => {
    let rows = 0;
    for (const direction of [...nulls, ...directions.values()]) {
      const move = moveAlong(apparatus.space, direction, layers, size);
      rows += await book.stored('rescore', move, experiment.rescore.samples);
    }
    return rows;
  };
  let layers = 0;
  for (const set of experiment.layerSets) layers += await countOn(set);
  return {
    probe,
    boundary: directions.size,
    rescore:
      (await countOn(experiment.allLayers)) +
      (await book.stored('rescore', null, experiment.rescore.samples)),
    rank: 0,
    layers,
  };
}

/** Free bytes where the store lies or will lie; null where the system does not say. */
async function freeBytes(folder: string): Promise<number | null> {
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch {
      if (path.dirname(at) === at) return null;
    }
  }
}
