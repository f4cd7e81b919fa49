/** Renders and segments a preview of an experiment: what `higan edit` writes and the preview panel shows. */
import { badInput, failed } from '../failure';
import type { Model } from '../manifest';
import { didYouMean, nearest } from '../yaml';
import type { PreviewCell, PreviewRequest, SegmentedCell } from './api';
import { conceptReaders } from './concepts';
import { Laboratory } from './laboratory';
import { cellFeeds, renderCells, type PreparedEdit, type PreviewInput } from './preview';
import { apparatusSettings, modelsOf, prepareStudy, type PreparedStudy } from './run';
import { studyDirections } from './study-directions';

/** What a preview is about, told before its cells come. */
export interface PreviewHeader {
  /** Concepts in the order of every cell's scores. */
  concepts: string[];
  /** Number of cells that will come. */
  cells: number;
  /** Edited concepts whose direction is not in the store: their edits are left out. */
  missing: string[];
}

/** `focus`: the sample that somebody looks at, which comes first; default the preview's first. */
type CellsRequest = PreviewRequest & { focus?: number };

/** Shown steps, as multiples of each edit's own. */
export const defaultSteps = [0, 0.5, 1];

/**
 * Renders a preview cell by cell, the most wanted first.
 * @param onHeader told once before the first cell
 * @throws Failure where the preview is not there; where every edit's direction is missing, unless `lenient`
 */
export async function* renderPreview(
  request: CellsRequest & { lenient?: boolean },
  onHeader: (header: PreviewHeader) => void = () => undefined,
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): AsyncGenerator<PreviewCell> {
  const prepared = await prepareStudy(request);
  previewOf(prepared, request);
  const models = modelsOf(prepared.experiment);
  const lab = laboratory ? await laboratory(models) : await Laboratory.open(request, models, request.signal);
  // A study's batch that is under way may end meanwhile; the next one waits for the sample that is looked at.
  const release = lab.hold();
  try {
    const apparatus = await lab.apparatus(apparatusSettings(prepared.experiment, true));
    const { input, missing } = await prepareCells(prepared, lab, request);
    if (missing.length > 0 && !request.lenient) {
      throw failed(
        `The direction of ${missing.map((name) => `'${name}'`).join(', ')} is not in the store ${prepared.store} yet: ` +
          `run the study first (higan run ${request.file} --until boundary).`,
      );
    }
    const { samples, edits, jitter, steps, focus } = input;
    const variants = jitter && edits.length > 0 ? jitter.variants : 0;
    onHeader({
      concepts: prepared.experiment.concepts,
      cells: samples.length * (new Set(steps).size + variants),
      missing,
    });
    const readers = conceptReaders(prepared.experiment.concepts, apparatus.graph.columns);
    for await (const cell of renderCells(apparatus, readers, input, request.signal)) {
      if (cell.sample !== focus) release();
      yield cell;
    }
  } finally {
    release();
    if (!laboratory) await lab.close();
  }
}

/**
 * Label maps of the same cells, on the same codes as their images and in the same order.
 * @throws Failure where the preview is not there, or no predictor segments
 */
export async function* segmentPreview(
  request: CellsRequest,
  laboratory?: (models: readonly Model[]) => Promise<Laboratory>,
): AsyncGenerator<SegmentedCell> {
  const prepared = await prepareStudy(request);
  previewOf(prepared, request);
  const models = modelsOf(prepared.experiment);
  const lab = laboratory ? await laboratory(models) : await Laboratory.open(request, models, request.signal);
  try {
    const segmentation = await lab.segmentation(apparatusSettings(prepared.experiment));
    // That of the images: it is open already, and a preview's codes come from it.
    const { space } = await lab.apparatus(apparatusSettings(prepared.experiment, true));
    const { input } = await prepareCells(prepared, lab, request);
    for await (const { place, feed } of cellFeeds(space, input, request.signal)) {
      const { data, height, width } = await lab.now(() => segmentation.maps(feed, 1, space.feedDims));
      yield { ...place, height, width, labels: data };
    }
  } finally {
    if (!laboratory) await lab.close();
  }
}

type ResolvedPreview = PreparedStudy['experiment']['previews'][string];

/** @throws Failure 'bad-input' where the experiment has no preview of that name, with the nearest one */
function previewOf({ experiment, file }: PreparedStudy, { preview }: PreviewRequest): ResolvedPreview {
  if (Object.hasOwn(experiment.previews, preview)) return experiment.previews[preview];
  const names = Object.keys(experiment.previews);
  const known = names.length > 0 ? `it has ${names.join(', ')}` : 'it names none: add `previews:` with one';
  throw badInput(`${file} has no preview '${preview}'; ${known}.${didYouMean(nearest(preview, names))}`);
}

/** What the cells are made of, and the edited concepts that have no direction in the store. */
async function prepareCells(
  prepared: PreparedStudy,
  lab: Laboratory,
  request: CellsRequest,
): Promise<{ input: PreviewInput & { focus: number }; missing: string[] }> {
  const { samples, jitter, edits: named } = previewOf(prepared, request);
  const { edits, missing } = await prepareEdits(prepared, lab, named);
  const steps = request.steps ?? (edits.length > 0 ? defaultSteps : [0]);
  const { unit } = prepared.experiment.rescore;
  const focus = request.focus ?? samples[0];
  return { input: { samples, edits, unit, jitter: jitter ?? undefined, steps, focus }, missing };
}

/** Edits with their directions, as the store has them. */
async function prepareEdits(
  prepared: PreparedStudy,
  lab: Laboratory,
  edits: ResolvedPreview['edits'],
): Promise<{ edits: PreparedEdit[]; missing: string[] }> {
  // Directions belong to the study's own apparatus: one without images, which has another hash.
  const identity = await lab.identity(apparatusSettings(prepared.experiment));
  const concepts = edits.map(({ concept }) => concept);
  const directions = await studyDirections(prepared, identity, concepts);
  const found: PreparedEdit[] = [];
  const missing: string[] = [];
  edits.forEach(({ concept, step, layers }, index) => {
    const direction = directions[index];
    if (direction) found.push({ direction, layers: layers.layers, step });
    else missing.push(concept);
  });
  return { edits: found, missing };
}
