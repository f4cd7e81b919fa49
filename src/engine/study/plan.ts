/** What a run would cost on this device, before it is run: images, seconds, bytes, and what the store has already. */
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { stages, type Stage } from '../../protocol/experiment';
import type { LayerSet, Plan } from '../../protocol/results';
import { levels, splitConcept } from '../../protocol/concept';
import type { Model } from '../manifest';
import { answers, openStoreForReading } from '../store/read';
import { openStore } from '../store';
import type { StudyRequest } from './api';
import type { Apparatus } from './apparatus';
import { boundarySettings, fitKnown } from './boundaries';
import { moveAlong, nullVector, type Direction } from './directions';
import { Laboratory } from './laboratory';
import { apparatusSettings, modelsOf, prepareStudy, type PreparedStudy } from './run';
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
 * @param laboratory as in `runStudy`
 * @throws Failure where the experiment or its models are wrong
 */
export async function planStudy(
  request: StudyRequest,
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): Promise<Plan> {
  const prepared = await prepareStudy(request);
  const models = modelsOf(prepared.experiment);
  const lab = laboratory ? await laboratory(models) : await Laboratory.open(request, models);
  try {
    const apparatus = await lab.apparatus(apparatusSettings(prepared.experiment));
    await apparatus.tune();
    const rate = await measureRate(apparatus, request.signal);
    return await estimate(prepared, apparatus, rate, request);
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

async function estimate(
  prepared: PreparedStudy,
  apparatus: Apparatus,
  rate: number,
  request: StudyRequest,
): Promise<Plan> {
  const { experiment } = prepared;
  const { samples } = experiment.rescore;
  const cached = await cachedImages(prepared, apparatus);
  // Opened as `run` does, to which a damaged result is none; without a lock, since nothing is written.
  const known = (await (await openStore(prepared.store, { write: true })).wholeResult(prepared.hash))?.result;
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
  const fitRows =
    (experiment.probe.positives + experiment.probe.negatives) * (1 - experiment.boundary.validation);
  const totals: Record<Stage, { total: number; cached: number }> = {
    probe: { total: experiment.probe.samples, cached: cached.probe },
    boundary: { total: moved.length, cached: cached.boundaries },
    rescore: {
      total: (moved.length + experiment.rescore.nulls + 1) * samples,
      cached: cached.rescore,
    },
    rank: { total: 0, cached: 0 },
    layers: {
      total: experiment.layerSets.length * (covered + experiment.rescore.nulls) * samples,
      cached: cached.layers,
    },
  };
  const until = request.until ?? 'layers';
  // It may be another machine's, whose scores do not count as cached here, but `run` takes it for its answer.
  const answered = known !== undefined && answers(known, until, request.device);
  const planned = stages.slice(0, stages.indexOf(until) + 1).map((stage) => {
    const { total } = totals[stage];
    const have = answered ? total : totals[stage].cached;
    const left = Math.max(0, total - have);
    const boundaries = stage === 'boundary';
    return {
      stage,
      total,
      cached: Math.min(have, total),
      unit: boundaries ? ('boundaries' as const) : ('images' as const),
      seconds: boundaries ? left * fitRows * apparatus.space.width * secondsPerCode : left / rate,
      bytes: boundaries
        ? left * (apparatus.space.width * 4 + 2 * chunkOverhead)
        : left * apparatus.width * 4 + Math.ceil(left / chunkRows) * chunkOverhead,
    };
  });
  const images = planned.filter((stage) => stage.unit === 'images');
  const sum = (of: (stage: (typeof planned)[number]) => number, over = planned): number =>
    over.reduce((total, stage) => total + of(stage), 0);
  return {
    device: apparatus.identity.provider,
    batch: apparatus.batch,
    rate,
    stages: planned,
    images: sum((stage) => stage.total, images),
    cached: sum((stage) => stage.cached, images),
    seconds: sum((stage) => stage.seconds),
    bytes: sum((stage) => stage.bytes),
    freeBytes: await freeBytes(prepared.store),
  };
}

/** What the store has of each stage. Moves are known only once their boundaries are. */
async function cachedImages(
  prepared: PreparedStudy,
  apparatus: Apparatus,
): Promise<{ probe: number; boundaries: number; rescore: number; layers: number }> {
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
    boundaries: directions.size,
    rescore:
      (await countOn(experiment.allLayers)) +
      (await book.stored('rescore', null, experiment.rescore.samples)),
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
