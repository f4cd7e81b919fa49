/** Directions in and out of a study, as files of the field: unit normals, plain or in HiGAN's dictionary form. */
import path from 'node:path';
import type { ConceptResult, StudyResult } from '../../protocol/results';
import { splitConcept } from '../../protocol/concept';
import { chooseConcepts, ConceptNames, readText, type ResolvedExperiment } from '../experiment';
import { badInput, failed } from '../failure';
import {
  encodeBoundary,
  exportedName,
  HiganFolder,
  labelOfName,
  readBoundaryFile,
  readBoundaryList,
  type ExportedBoundary,
} from '../formats';
import { writeWhole } from '../formats/replace';
import { extractStyles } from '../graph';
import type { ConceptInfo } from '../manifest';
import { openStore } from '../store';
import {
  directionHash,
  importsKind,
  modelsOfImports,
  openStoreForReading,
  type ImportsDocument,
  type StoreReader,
} from '../store/read';
import type { StudyRequest } from './api';
import { generatorInput, generatorOf } from './model-inputs';
import type { Slice } from './code-space';
import { normalise } from './directions';
import { importsKeyOf, readImportsDocument } from './imports';
import { prepareStudy, readStudy, version, type PreparedStudy } from './run';
import { storeFolder } from './store-folder';

export type BoundaryForm = 'array' | 'dictionary';

export interface BoundaryExportRequest extends Pick<StudyRequest, 'file' | 'store' | 'modelPaths'> {
  /** Written into; made where it is missing. */
  folder: string;
  /** Default `array`: float32 [1, D]. `dictionary`: as 46 of the reference's 50 files are. */
  form?: BoundaryForm;
  /** Globs over the study's concepts; default all. */
  concepts?: readonly string[];
}

export interface ExportedBoundaries {
  /** One file a concept; paths. */
  files: { concept: string; path: string }[];
  /** The list `(name, space): path`; null in space y, which the format does not know. */
  list: string | null;
}

/**
 * Writes the directions of a file's latest study. In y a file holds the layers' unit normals one after the other,
 * [1, ΣC], plain in either form.
 * @throws Failure where nothing was run, nothing is chosen, or the folder cannot be written
 */
export async function exportBoundaries(request: BoundaryExportRequest): Promise<ExportedBoundaries> {
  await readText(request.file);
  const stored = await readStudy(request);
  if (!stored) throw failed(`${request.file} has not been run yet: run the study first.`);
  const store = await openStoreForReading(storeFolder(request.file, request.store));
  return writeBoundaries(stored.result, store, request);
}

/** `exportBoundaries`, of a result that was read already. */
export async function writeBoundaries(
  result: StudyResult,
  store: StoreReader,
  { file, folder, form = 'array', concepts = ['*/*'] }: BoundaryExportRequest,
): Promise<ExportedBoundaries> {
  const chosen = chosenOf(result, concepts);
  if (chosen.length === 0) throw failed(`The study of ${file} has no direction of these concepts.`);
  const labels = exportLabels(result.concepts);
  const target = await HiganFolder.create(folder);
  const files: ExportedBoundaries['files'] = [];
  const boundaries: ExportedBoundary[] = [];
  const { space } = result;
  for (const concept of chosen) {
    const label = labels.get(concept.concept) as string;
    const stored = concept.boundary && (await store.readBoundary(concept.boundary.hash));
    if (!stored) {
      throw failed(
        `The direction of '${concept.concept}' is not in the store ${store.folder} any more: run the study again.`,
      );
    }
    const { direction, dims } = stored;
    const at = path.join(folder, `${exportedName(label)}_${space}_boundary.npy`);
    files.push({ concept: concept.concept, path: at });
    if (space === 'y') {
      await writeWhole(at, encodeBoundary(direction, dims));
      continue;
    }
    const dictionary =
      form === 'dictionary' ? { type: concept.level, layers: bestLayers(result, concept) } : undefined;
    boundaries.push({ label, space, direction, dims, dictionary });
  }
  return { files, list: space === 'y' ? null : await target.boundaries(boundaries) };
}

/** Labels as file names have them; with their level before them where two levels share one. */
export function exportLabels(concepts: readonly { concept: string }[]): Map<string, string> {
  const names = concepts.map(({ concept }) => exportedName(splitConcept(concept).label));
  return new Map(
    concepts.map(({ concept }, i) => {
      const { level, label } = splitConcept(concept);
      return [concept, names.indexOf(names[i]) === names.lastIndexOf(names[i]) ? label : `${level} ${label}`];
    }),
  );
}

/** The concepts with a direction that the globs choose. */
function chosenOf(result: StudyResult, globs: readonly string[]): ConceptResult[] {
  // Stored concepts stand for those of the models: the models need not be there any more.
  const infos = result.concepts.map(({ concept, level }): ConceptInfo => ({
    ...{ concept, level, label: splitConcept(concept).label },
    ...{ model: null, predictor: -1, head: null, index: -1, error: null },
  }));
  const { chosen, problems } = chooseConcepts(globs, new ConceptNames(infos));
  if (problems.length > 0) throw badInput(problems.map(({ problem }) => problem).join('\n'));
  return result.concepts.filter(({ concept, boundary }) => chosen.includes(concept) && boundary !== null);
}

/** The analysed layers on which the concept moves most; where none was analysed or moves, all that were. */
function bestLayers({ layerSets }: StudyResult, { layers }: ConceptResult): number[] {
  const moving = (layers ?? [])
    .map((effect, i) => ({ delta: effect.moves ? effect.delta : -Infinity, set: layerSets[i] }))
    .filter(({ delta }) => delta > 0)
    .sort((a, b) => b.delta - a.delta);
  if (moving.length > 0) return moving[0].set.layers;
  return [...new Set(layerSets.flatMap((set) => set.layers))].sort((a, b) => a - b);
}

export interface BoundaryImportRequest extends Pick<StudyRequest, 'file' | 'text' | 'store' | 'modelPaths'> {
  /** The concept whose direction it becomes, as people write it. */
  concept: string;
  /** A boundary file: plain, or HiGAN's dictionary form. */
  path: string;
}

export interface ImportedBoundary {
  concept: string;
  space: ResolvedExperiment['space'];
  /** Numbers in the direction. */
  dim: number;
  /** SHA-256 of the numbers that are used. */
  hash: string;
  /** What was done to the file's numbers, in a sentence; null when they are used as they are. */
  note: string | null;
  /** Layers that the file recommends; null where it does not say. A study measures this itself. */
  layers: number[] | null;
}

/** Lengths closer to 1 than this are rounding: such normals are used to the bit. */
const unitTolerance = 1e-4;

/**
 * Makes the direction of a file the concept's direction in this experiment, in its present space and on its present
 * generator. The study's name changes with it: the next run re-scores along it. Probe and other directions stay.
 * @throws Failure where the concept is not studied, or the file does not fit the space
 */
export async function importBoundary(request: BoundaryImportRequest): Promise<ImportedBoundary> {
  const prepared = await prepareStudy(request);
  const concept = studiedConcept(prepared, request.concept);
  const read = await readDirection(prepared, await slicesOf(prepared.experiment), concept, request.path);
  await keepImports(prepared, [read]);
  return read.imported;
}

export interface BoundaryListRequest extends Pick<StudyRequest, 'file' | 'text' | 'store' | 'modelPaths'> {
  /** A list of boundaries, as the export writes it. */
  list: string;
}

export interface ImportedBoundaries {
  imported: ImportedBoundary[];
  /** Entries of the list that are in other spaces, and were left out. */
  elsewhere: number;
}

/**
 * As `importBoundary`, for every boundary that a list has in the experiment's space, each under its name there: all or none.
 * @throws Failure where there is none, a name is no concept of the study, or a file does not fit
 */
export async function importBoundaries(request: BoundaryListRequest): Promise<ImportedBoundaries> {
  const prepared = await prepareStudy(request);
  const { experiment, file } = prepared;
  const { space } = experiment;
  const entries = await readBoundaryList(request.list);
  const own = entries.filter((entry) => entry.space === space);
  if (own.length === 0) {
    throw badInput(
      `${request.list} lists no boundary in space ${space}, in which ${file} moves codes` +
        `${entries.length === 0 ? '' : `, but ${entries.length} in other spaces: set \`space:\``}.`,
    );
  }
  const concepts = listedConcepts(
    experiment.concepts,
    own.map(({ name }) => name),
  );
  const unknown = own.filter((_, i) => concepts[i] === null).map(({ name }) => `'${name}'`);
  if (unknown.length > 0) {
    throw badInput(
      `${file} studies no concept of these names in ${request.list}: ${unknown.join(', ')}. ` +
        'Add the concepts to `concepts:`, or write DISABLE before the lines.',
    );
  }
  const twice = concepts.find((concept, i) => concepts.indexOf(concept) !== i);
  if (twice)
    throw badInput(`${request.list} lists '${twice}' twice in space ${space}: remove one of the lines.`);
  const slices = await slicesOf(experiment);
  const directions: ReadDirection[] = [];
  for (const [i, { path: at }] of own.entries()) {
    directions.push(await readDirection(prepared, slices, concepts[i] as string, at));
  }
  await keepImports(prepared, directions);
  return { imported: directions.map(({ imported }) => imported), elsewhere: entries.length - own.length };
}

/** The concepts that names of a list stand for: a label as it is exported, with its level before it or not. */
function listedConcepts(concepts: readonly string[], names: readonly string[]): (string | null)[] {
  const labels = exportLabels(concepts.map((concept) => ({ concept })));
  const byLabel = new Map(
    concepts.flatMap((concept) => [
      [labels.get(concept) as string, concept] as const,
      [concept.replace('/', ' '), concept] as const,
    ]),
  );
  return names.map((name) => byLabel.get(labelOfName(name, [...byLabel.keys()]) ?? '') ?? null);
}

interface ReadDirection {
  vector: Float32Array;
  source: string;
  imported: ImportedBoundary;
}

/** A file's direction for a concept. @throws Failure where it does not fit the space */
async function readDirection(
  { experiment }: PreparedStudy,
  slices: readonly Slice[],
  concept: string,
  file: string,
): Promise<ReadDirection> {
  const { direction, dims, layers } = await readBoundaryFile(file);
  const width = slices.reduce((sum, slice) => sum + slice.width, 0);
  if (dims.length !== 2 || direction.length !== width) {
    throw badInput(
      `${file} holds a direction of shape [${dims.join(', ')}]; space ${experiment.space} of ` +
        `'${experiment.generator.name}' takes [1, ${width}].${dims.length === 3 ? ' One direction a layer (wp) cannot be moved along in this space.' : ' Is it of another generator or space?'}`,
    );
  }
  const vector = Float32Array.from(direction);
  const note = makeUnit(vector, slices, file);
  const { space } = experiment;
  return {
    vector,
    source: path.basename(file),
    imported: { concept, space, dim: width, hash: directionHash(vector), note, layers },
  };
}

/** Lets a concept have its fitted direction again. @returns whether there was an import */
export async function forgetImport(request: Omit<BoundaryImportRequest, 'path'>): Promise<boolean> {
  const prepared = await prepareStudy(request);
  const concept = studiedConcept(prepared, request.concept);
  if (!prepared.imports.has(concept)) return false;
  await changeImports(prepared, { [concept]: null });
  return true;
}

function studiedConcept({ experiment, file }: PreparedStudy, written: string): string {
  const found = new ConceptNames(experiment.infos).resolve(written);
  if (typeof found !== 'string') throw badInput(found.problem);
  if (!experiment.concepts.includes(found)) {
    throw badInput(`${file} does not study '${found}': add it to \`concepts:\`.`);
  }
  return found;
}

/** The parts of a code that each have a unit normal, without running a model. */
async function slicesOf({ generator, space }: ResolvedExperiment): Promise<Slice[]> {
  const manifest = generatorOf(generator);
  if (space === 'y') {
    const { widths } = extractStyles(await generatorInput(generator));
    let start = 0;
    return widths.map((width) => ({ start: (start += width) - width, width }));
  }
  return [{ start: 0, width: space === 'z' ? manifest.z.dim : (manifest.w?.dim ?? manifest.z.dim) }];
}

/** Scales each slice to length 1 in place. @returns what was done, or null */
function makeUnit(vector: Float32Array, slices: readonly Slice[], name: string): string | null {
  const lengths = slices.map(({ start, width }) => {
    const slice = vector.subarray(start, start + width);
    const length = Math.sqrt(slice.reduce((sum, x) => sum + x * x, 0));
    if (!(length > 0 && Number.isFinite(length))) {
      throw badInput(`${name} holds a direction of length ${length}, which points nowhere.`);
    }
    if (Math.abs(length - 1) > unitTolerance) normalise(slice);
    return length;
  });
  const scaled = lengths.filter((length) => Math.abs(length - 1) > unitTolerance);
  if (scaled.length === 0) return null;
  return lengths.length === 1
    ? `Its length was ${lengths[0].toPrecision(4)}; it was scaled to 1.`
    : `${scaled.length} of its ${lengths.length} layers' normals were not of length 1; they were scaled to 1.`;
}

const keepImports = (prepared: PreparedStudy, directions: readonly ReadDirection[]): Promise<void> =>
  changeImports(
    prepared,
    Object.fromEntries(
      directions.map(({ vector, source, imported }) => [
        imported.concept,
        { direction: [...vector], source },
      ]),
    ),
  );

/** @param changes by concept; null takes an import away */
async function changeImports(
  { store: folder, file, experiment }: PreparedStudy,
  changes: Record<string, ImportsDocument['imports'][string] | null>,
): Promise<void> {
  const store = await openStore(folder, { write: true, writer: `higan ${version()}` });
  const lock = await store.lockTogether();
  try {
    // Read under the lock, so that two imports do not lose each other.
    const before = await readImportsDocument(store, file, experiment);
    const imports = { ...before?.imports };
    for (const [concept, entry] of Object.entries(changes)) {
      if (entry) imports[concept] = entry;
      else delete imports[concept];
    }
    const document: ImportsDocument = {
      file: store.layout.relative(file),
      ...{ space: experiment.space, models: modelsOfImports(experiment), imports },
    };
    await store.writeDocument(importsKind, importsKeyOf(store, file, experiment), document);
  } finally {
    await lock.release();
  }
}
