/** `higan boundary export`: the directions of a study as files of the field. */
import type { Command } from 'commander';
import type { ConceptResult, StudyResult } from '../../protocol/results';
import { chooseConcepts, ConceptNames } from '../../engine/experiment';
import { badInput, failed } from '../../engine/failure';
import { HiganFolder, type ExportedBoundary } from '../../engine/formats';
import type { ConceptInfo } from '../../engine/manifest';
import { openStoreForReading, type StoreReader } from '../../engine/store/read';
import { storeFolder } from '../../engine/study';
import {
  withJson,
  withModelPath,
  withStore,
  type JsonOption,
  type ModelPathOptions,
  type StoreOption,
} from '../options';
import { ending } from '../outcome';
import { print, printJson } from '../output';
import { counted } from '../print/text';
import { storedStudy } from './stored';

interface ExportChoices extends JsonOption, StoreOption, ModelPathOptions {
  out: string;
  concepts: string[];
  dictionary?: boolean;
}

export function addBoundary(program: Command): void {
  const boundary = program
    .command('boundary')
    .summary('write directions as files of the field')
    .description('Directions of a study as files that other HiGAN tools read.');
  const command = boundary
    .command('export')
    .summary('write unit normals as .npy files and their list')
    .description(
      'Writes the unit normals of a study as {concept}_{space}_boundary.npy, float32 [1, D], with boundaries.txt, their list.',
    )
    .argument('<file>', 'experiment (*.higan.yaml)')
    .requiredOption('--out <dir>', 'folder to write into')
    .option('--concepts <glob...>', 'which concepts', ['*/*'])
    .option(
      '--dictionary',
      'the form of most published HiGAN boundaries: a pickled dictionary with the layers where the concept moves most',
    );
  withJson(withStore(withModelPath(command))).action(ending(exportBoundaries));
}

async function exportBoundaries(file: string, options: ExportChoices): Promise<number> {
  const { result } = await storedStudy(file, options);
  const { space } = result;
  if (space === 'y') {
    throw badInput('The files of the field know the spaces z and w only; this study is in y.');
  }
  const store = await openStoreForReading(storeFolder(file, options.store));
  const boundaries: (ExportedBoundary & { concept: string })[] = [];
  for (const concept of chosenOf(result, options.concepts)) {
    const { direction, dims } = await directionOf(store, concept);
    const label = concept.concept.slice(concept.level.length + 1);
    const dictionary = options.dictionary
      ? { type: concept.level, layers: bestLayers(result, concept) }
      : undefined;
    boundaries.push({ concept: concept.concept, label, space, direction, dims, dictionary });
  }
  if (boundaries.length === 0) throw failed(`The study of ${file} has no direction of these concepts.`);
  const folder = await HiganFolder.create(options.out);
  const list = await folder.boundaries(boundaries);
  if (options.json) printJson({ list, concepts: boundaries.map(({ concept }) => concept) });
  else print(`${counted(boundaries.length, 'boundaries')} and their list in ${options.out}`);
  return 0;
}

/** The concepts with a direction that the globs choose. */
function chosenOf(result: StudyResult, globs: readonly string[]): ConceptResult[] {
  // Stored concepts stand for those of the models: the models need not be there any more.
  const infos = result.concepts.map(({ concept, level }): ConceptInfo => ({
    ...{ concept, level, label: concept.slice(level.length + 1) },
    ...{ model: null, predictor: -1, head: null, index: -1, error: null },
  }));
  const { chosen, problems } = chooseConcepts(globs, new ConceptNames(infos));
  if (problems.length > 0) throw badInput(problems.map(({ problem }) => problem).join('\n'));
  return result.concepts.filter(({ concept, boundary }) => chosen.includes(concept) && boundary !== null);
}

async function directionOf(
  store: StoreReader,
  { concept, boundary }: ConceptResult,
): Promise<{ direction: Float32Array; dims: number[] }> {
  const stored = boundary && (await store.readBoundary(boundary.hash));
  if (!stored) {
    throw failed(
      `The direction of '${concept}' is not in the store ${store.folder} any more: run the study again.`,
    );
  }
  return stored;
}

/** The analysed layers on which the concept moves most; where none was analysed, all that were. */
function bestLayers({ layerSets }: StudyResult, { layers }: ConceptResult): number[] {
  const moving = (layers ?? [])
    .map((effect, i) => ({ delta: effect.moves ? effect.delta : -Infinity, set: layerSets[i] }))
    .filter(({ delta }) => delta > 0)
    .sort((a, b) => b.delta - a.delta);
  if (moving.length > 0) return moving[0].set.layers;
  return [...new Set(layerSets.flatMap((set) => set.layers))].sort((a, b) => a - b);
}
