/** Renders a preview of an experiment: what `higan edit` writes and the preview panel shows. */
import { failed } from '../failure';
import type { Model } from '../manifest';
import { openStore } from '../store';
import { openStoreForReading } from '../store/read';
import type { PreviewCell, PreviewRequest } from './api';
import { boundarySettings, fitKnown } from './boundaries';
import { conceptReaders } from './concepts';
import { Laboratory } from './laboratory';
import { renderCells, type PreparedEdit } from './preview';
import { apparatusSettings, modelsOf, prepareStudy, type PreparedStudy } from './run';
import { Spread } from './spread';
import type { Apparatus } from './apparatus';

/** What a preview is about, told before its cells come. */
export interface PreviewHeader {
  /** Concepts in the order of every cell's scores. */
  concepts: string[];
  /** Number of cells that will come. */
  cells: number;
  /** Edited concepts whose direction is not in the store: their edits are left out. */
  missing: string[];
}

/** Shown steps, as multiples of each edit's own. */
export const defaultSteps = [0, 0.5, 1];

/**
 * Renders a preview cell by cell, the most wanted first.
 * @param onHeader told once before the first cell
 * @throws Failure where the preview is not there; where every edit's direction is missing, unless `lenient`
 */
export async function* renderPreview(
  request: PreviewRequest & { focus?: number; lenient?: boolean },
  onHeader: (header: PreviewHeader) => void = () => undefined,
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): AsyncGenerator<PreviewCell> {
  const prepared = await prepareStudy(request);
  const preview = prepared.experiment.previews[request.preview];
  if (!preview) {
    const names = Object.keys(prepared.experiment.previews);
    throw failed(
      `${request.file} has no preview '${request.preview}'${names.length > 0 ? `; it has ${names.join(', ')}` : ''}.`,
    );
  }
  const models = modelsOf(prepared.experiment);
  const lab = laboratory ? await laboratory(models) : await Laboratory.open(request, models);
  try {
    const apparatus = await lab.apparatus(apparatusSettings(prepared.experiment, true));
    const { edits, missing } = await prepareEdits(prepared, lab, preview.edits);
    if (missing.length > 0 && !request.lenient) {
      throw failed(
        `The direction of ${missing.map((name) => `'${name}'`).join(', ')} is not in the store ${prepared.store} yet: ` +
          `run the study first (higan run ${request.file} --until boundary).`,
      );
    }
    const steps = request.steps ?? (edits.length > 0 ? defaultSteps : [0]);
    const jitter = preview.jitter ?? undefined;
    const variants = jitter && edits.length > 0 ? jitter.variants : 0;
    onHeader({
      concepts: prepared.experiment.concepts,
      cells: preview.samples.length * (new Set(steps).size + variants),
      missing,
    });
    const readers = conceptReaders(prepared.experiment.concepts, apparatus.graph.columns);
    const { samples } = preview;
    const { unit } = prepared.experiment.rescore;
    yield* renderCells(
      apparatus,
      readers,
      { samples, edits, unit, jitter, steps, focus: request.focus },
      request.signal,
    );
  } finally {
    if (!laboratory) await lab.close();
  }
}

/** Edits with their directions, as the store has them. */
async function prepareEdits(
  prepared: PreparedStudy,
  lab: Laboratory,
  edits: PreparedStudy['experiment']['previews'][string]['edits'],
): Promise<{ edits: PreparedEdit[]; missing: string[] }> {
  const { experiment } = prepared;
  // Boundaries belong to the study's own apparatus: one without images, which has another hash.
  const apparatus: Apparatus = await lab.apparatus(apparatusSettings(experiment));
  const reader = await openStoreForReading(prepared.store);
  const store = await openStore(prepared.store, { write: true });
  const spread = new Spread(store, apparatus, experiment.probe.samples);
  const found: PreparedEdit[] = [];
  const missing: string[] = [];
  for (const { concept, step, layers } of edits) {
    const known = await fitKnown(reader, apparatus, concept, boundarySettings(prepared));
    const sigma = known && (await spread.stored(known.vector));
    if (known && sigma) {
      found.push({ direction: { vector: known.vector, sigma }, layers: layers.layers, step });
    } else {
      missing.push(concept);
    }
  }
  return { edits: found, missing };
}
