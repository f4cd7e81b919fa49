/**
 * Where models are looked for, in this order: the bundled ones; `models/` of the model root (the nearest folder at
 * or above the experiment with `models/` or `.git`, else the experiment's own); the user's model paths. Nothing
 * outside these is read, not even through a symbolic link.
 */
import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { badInput, Failure } from '../failure';
import { expandHome, realPath } from '../real-path';
import { didYouMean, nearest } from '../yaml';
import { each } from './each';
import { modelFiles } from './files';
import { loadModel, manifestAt, manifestName, type Model } from './model';

/** Whose search path it is. */
export interface ModelPlace {
  /** The experiment that names the models; or a folder to look from, where there is none. */
  experimentFile?: string;
  folder?: string;
  /** Nothing but the bundled models is read outside this folder, not even through a link to it; left out: no limit. */
  within?: string;
  /** The user's own: setting `higan.modelPaths`, option `--model-path`. Folders of model folders, or model folders. */
  modelPaths?: readonly string[];
}

export type ModelOrigin = 'bundled' | 'workspace' | 'user';

/** One folder that is searched. It need not exist. */
export interface SearchFolder {
  folder: string;
  origin: ModelOrigin;
}

/** A model that was found, or why what lies there is none. */
export interface ModelEntry {
  /** The manifest's name; of a broken one, its folder's. */
  name: string;
  folder: string;
  origin: ModelOrigin;
  model: Model | null;
  failure: Failure | null;
}

/** The folder of the bundled models, or null where the product was taken apart. */
export function bundledModels(): string | null {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (existsSync(path.join(folder, 'package.json'))) {
      const models = path.join(folder, 'models');
      return existsSync(models) ? models : null;
    }
    const parent = path.dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}

/** The folder that experiments of a place call theirs: where `models/` is looked for. */
export function modelRoot(place: ModelPlace): string {
  const start = startFolder(place);
  const highest = place.within === undefined ? null : path.resolve(place.within);
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'models')) || existsSync(path.join(folder, '.git'))) return folder;
    if (folder === highest || path.dirname(folder) === folder) return start;
  }
}

/** The folders that are searched, in order, each once. */
export function searchPath(place: ModelPlace): SearchFolder[] {
  const bundled = bundledModels();
  const folders: SearchFolder[] = [
    ...(bundled === null ? [] : [{ folder: bundled, origin: 'bundled' as const }]),
    { folder: path.join(modelRoot(place), 'models'), origin: 'workspace' },
    ...(place.modelPaths ?? []).map((folder) => ({
      folder: path.resolve(startFolder(place), expandHome(folder)),
      origin: 'user' as const,
    })),
  ];
  return folders.filter(
    ({ folder, origin }, index) =>
      folders.findIndex((other) => other.folder === folder) === index &&
      (origin === 'bundled' || place.within === undefined || liesWithin(folder, place.within)),
  );
}

/** Whether a folder really lies in another, or is it. */
function liesWithin(folder: string, whole: string): boolean {
  // From a folder that is not there nothing can be read: its name will do.
  const steps = path.relative(realPath(whole), realPath(folder));
  return steps.split(path.sep)[0] !== '..' && !path.isAbsolute(steps);
}

/** Everything that looks like a model in the search path, broken ones with their error. */
export async function listModels(place: ModelPlace): Promise<ModelEntry[]> {
  const folders = searchPath(place);
  const entries: ModelEntry[] = [];
  for (const { folder, origin } of folders) {
    for (const candidate of await candidatesIn(folder)) {
      const entry = { name: path.basename(candidate), folder: candidate, origin };
      try {
        const model = await openInside(candidate, folders);
        entries.push({ ...entry, name: model.name, model, failure: null });
      } catch (failure) {
        if (!(failure instanceof Failure)) throw failure;
        entries.push({ ...entry, model: null, failure });
      }
    }
  }
  return entries;
}

/**
 * Finds a model by its name, or by a path to its folder or manifest (relative to the experiment).
 * @param list what `listModels` gives for the place, where somebody has it already
 * @throws Failure 'bad-input': not found (with the nearest name and where was looked), outside the search path
 *   (with the setting that adds it), or broken.
 */
export async function findModel(
  reference: string,
  place: ModelPlace,
  list: () => Promise<ModelEntry[]> = () => listModels(place),
): Promise<Model> {
  const folders = searchPath(place);
  if (isPath(reference)) {
    return openInside(path.resolve(startFolder(place), expandHome(reference)), folders);
  }
  const entries = await list();
  const entry =
    entries.find(({ name }) => name === reference) ??
    entries.find(({ folder }) => path.basename(folder) === reference);
  if (entry?.model) return entry.model;
  if (entry?.failure) throw entry.failure;
  throw badInput(
    `There is no model '${reference}'.${didYouMean(nearestModel(reference, entries))} Looked in ` +
      `${folders.map(({ folder }) => folder).join(', ')}. Other folders are added by the setting ` +
      `higan.modelPaths or the option --model-path.`,
  );
}

/** The name that was probably meant. */
export function nearestModel(reference: string, entries: readonly ModelEntry[]): string | undefined {
  return nearest(
    reference,
    entries.map(({ name }) => name),
  );
}

/** Whether a reference is a path and not a name. */
export const isPath = (reference: string): boolean =>
  /[/\\]/.test(reference) || /^[.~]/.test(reference) || /\.ya?ml$/i.test(reference);

const startFolder = (place: ModelPlace): string =>
  place.experimentFile === undefined
    ? path.resolve(place.folder ?? '.')
    : path.dirname(path.resolve(place.experimentFile));

/** Model folders in a folder, in the order of their names; or the folder itself where it is one. */
async function candidatesIn(folder: string): Promise<string[]> {
  if (existsSync(path.join(folder, manifestName))) return [folder];
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    // A folder of the search path need not be there, or be readable.
    return [];
  }
  return names
    .sort()
    .map((name) => path.join(folder, name))
    .filter((candidate) => existsSync(path.join(candidate, manifestName)));
}

/** Loads a model after making sure that it and its files really lie in the search path. */
async function openInside(place: string, folders: readonly SearchFolder[]): Promise<Model> {
  const roots = await Promise.all(folders.map(({ folder }) => realpath(folder).catch(() => folder)));
  const inside = async (file: string): Promise<void> => {
    // What does not exist is told by loadModel, unless it lies outside: then nothing is told about it.
    const real = await realpath(file).catch(() => file);
    if (roots.some((root) => real === root || real.startsWith(root + path.sep))) return;
    const linked = real === file ? '' : ` (a link to ${real})`;
    throw badInput(
      `${file}${linked} is outside the model folders ${roots.join(', ')}, so it is not read. To allow it, add ` +
        `${path.extname(real) === '' ? real : path.dirname(real)} to the setting higan.modelPaths, or on the ` +
        `command line --model-path.`,
    );
  };
  await inside(place);
  await inside(await manifestAt(place));
  const model = await loadModel(place);
  await each(modelFiles(model.manifest), ({ file }) => inside(model.file(file)));
  return model;
}
