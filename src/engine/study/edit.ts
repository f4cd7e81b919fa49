/** Renders a preview of an experiment: what `higan edit` writes and the preview panel shows. */
import { failed } from '../failure';
import type { Model } from '../manifest';
import { openStoreForReading } from '../store/read';
import type { PreviewCell, PreviewRequest } from './api';
import { boundarySettings, knownDirection } from './boundaries';
import { conceptReaders } from './concepts';
import { Laboratory } from './laboratory';
import { renderCells, type PreparedEdit } from './preview';
import { apparatusSettings, modelsOf, prepareStudy, type PreparedStudy } from './run';

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
  // A study's batch that is under way may end meanwhile; the next one waits for the sample that is looked at.
  const release = lab.hold();
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
    const focus = request.focus ?? samples[0];
    const input = { samples, edits, unit, jitter, steps, focus };
    for await (const cell of renderCells(apparatus, readers, input, request.signal)) {
      if (cell.sample !== focus) release();
      yield cell;
    }
  } finally {
    release();
    if (!laboratory) await lab.close();
  }
}

/** Edits with their directions, as the store has them. */
async function prepareEdits(
  prepared: PreparedStudy,
  lab: Laboratory,
  edits: PreparedStudy['experiment']['previews'][string]['edits'],
): Promise<{ edits: PreparedEdit[]; missing: string[] }> {
  // Directions belong to the study's own apparatus: one without images, which has another hash.
  const identity = await lab.identity(apparatusSettings(prepared.experiment));
  const store = await openStoreForReading(prepared.store);
  const settings = boundarySettings(prepared);
  const directions = await Promise.all(
    edits.map(({ concept }) => knownDirection(store, identity, concept, settings)),
  );
  const found: PreparedEdit[] = [];
  const missing: string[] = [];
  edits.forEach(({ concept, step, layers }, index) => {
    const direction = directions[index];
    if (direction) found.push({ direction, layers: layers.layers, step });
    else missing.push(concept);
  });
  return { edits: found, missing };
}
