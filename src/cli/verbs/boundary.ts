/** `higan boundary export|import|forget`: directions of a study out of and into files of the field. */
import type { Command } from 'commander';
import { badInput } from '../../engine/failure';
import {
  exportBoundaries,
  forgetImport,
  importBoundaries,
  importBoundary,
  type ImportedBoundary,
} from '../../engine/study';
import { formatLayerRanges } from '../../protocol/layers';
import {
  place,
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

interface BoundaryChoices extends JsonOption, StoreOption, ModelPathOptions {}

interface ImportChoices extends BoundaryChoices {
  list?: string;
}

interface ExportChoices extends BoundaryChoices {
  out: string;
  concepts: string[];
  dictionary?: boolean;
}

export function addBoundary(program: Command): void {
  const boundary = program
    .command('boundary')
    .summary('write and read directions as files of the field')
    .description('Directions of a study as files that other HiGAN tools read and write.');
  const exporting = boundary
    .command('export')
    .summary('write unit normals as .npy files and their list')
    .description(
      'Writes the unit normals of a study as {concept}_{space}_boundary.npy, float32 [1, D], with boundaries.txt, their list.',
    )
    .argument('<file>', 'experiment (*.higan.yaml)')
    .requiredOption('--out <dir>', 'folder to write into', place)
    .option('--concepts <glob...>', 'which concepts', ['*/*'])
    .option(
      '--dictionary',
      'the form of most published HiGAN boundaries: a pickled dictionary with the layers where the concept moves most',
    );
  withJson(withStore(withModelPath(exporting))).action(ending(exportAll));
  const importing = boundary
    .command('import')
    .summary("make a file's direction the direction of a concept")
    .description(
      'Puts the direction of a file, plain or in the dictionary form, in the place of a fitted one. The next run re-scores along it.',
    )
    .argument('<file>', 'experiment (*.higan.yaml)')
    .argument('[concept]', 'the concept whose direction it becomes, such as attribute/wood')
    .argument('[boundary]', 'the file (.npy)')
    .option(
      '--list <file>',
      "instead of one: every boundary of a list (an export's boundaries.txt) that is in the experiment's space, under its name there",
    );
  withJson(withStore(withModelPath(importing))).action(ending(importAny));
  const forgetting = boundary
    .command('forget')
    .summary('let a concept have its fitted direction again')
    .description('Takes an imported direction away. The file that it came from stays.')
    .argument('<file>', 'experiment (*.higan.yaml)')
    .argument('<concept>', 'the concept');
  withJson(withStore(withModelPath(forgetting))).action(ending(forgetOne));
}

async function exportAll(file: string, options: ExportChoices): Promise<number> {
  await storedStudy(file, options);
  const { out: folder, concepts, dictionary, store, modelPath: modelPaths } = options;
  const form = dictionary ? 'dictionary' : 'array';
  const { files, list } = await exportBoundaries({ file, store, modelPaths, folder, concepts, form });
  if (options.json) printJson({ list, files, concepts: files.map(({ concept }) => concept) });
  else {
    const also = list === null ? ' (no list: its format does not know space y)' : ' and their list';
    print(`${counted(files.length, 'boundaries')}${also} in ${folder}`);
  }
  return 0;
}

async function importAny(
  file: string,
  concept: string | undefined,
  boundary: string | undefined,
  { store, modelPath: modelPaths, json, list }: ImportChoices,
): Promise<number> {
  const study = { file, store, modelPaths };
  if (list !== undefined) {
    if (concept !== undefined)
      throw badInput('Name a concept and its file, or a list with --list, not both.');
    const all = await importBoundaries({ ...study, list });
    if (json) printJson(all);
    else {
      for (const imported of all.imported) printImported(imported, list);
      if (all.elsewhere > 0)
        print(
          `${counted(all.elsewhere, 'boundaries')} in other spaces ${all.elsewhere === 1 ? 'was' : 'were'} left out.`,
        );
      print(`\`higan run ${file}\` re-scores along them; \`higan boundary forget\` takes one away.`);
    }
    return 0;
  }
  if (concept === undefined || boundary === undefined) {
    throw badInput('Name a concept and its file (.npy), or a list of boundaries with --list.');
  }
  const imported = await importBoundary({ ...study, concept, path: boundary });
  if (json) printJson(imported);
  else {
    printImported(imported, boundary);
    print(`\`higan run ${file}\` re-scores along it; \`higan boundary forget\` takes it away.`);
  }
  return 0;
}

function printImported({ concept, space, dim, note, layers }: ImportedBoundary, source: string): void {
  print(`${concept} has the direction of ${source} now (space ${space}, ${dim} numbers).`);
  if (note !== null) print(note);
  if (layers) print(`The file recommends the layers ${formatLayerRanges(layers)}; a run measures that anew.`);
}

async function forgetOne(
  file: string,
  concept: string,
  { store, modelPath: modelPaths, json }: BoundaryChoices,
): Promise<number> {
  const forgotten = await forgetImport({ file, store, modelPaths, concept });
  if (json) printJson({ forgotten });
  else
    print(
      forgotten
        ? `${concept} has its fitted direction again; \`higan run ${file}\` shows it.`
        : `${concept} had no imported direction in this space.`,
    );
  return 0;
}
