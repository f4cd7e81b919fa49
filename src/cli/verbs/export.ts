/** `higan export FILE --higan DIR`: a study in the reference's own layout of arrays. */
import { Option, type Command } from 'commander';
import { exportHigan, type HiganExportRequest } from '../../engine/study';
import { stoppable } from '../interruption';
import {
  engineOptions,
  place,
  withEngine,
  withJson,
  withStore,
  type EngineChoices,
  type JsonOption,
  type StoreOption,
} from '../options';
import { ending } from '../outcome';
import { print, printJson, resultLook } from '../output';
import { table } from '../print/table';
import { wrapped } from '../print/text';
import { withProgress } from '../progress';
import { storedStudy } from './stored';

interface ExportChoices extends EngineChoices, JsonOption, StoreOption {
  higan: string;
  codes?: 'all' | 'z' | 'none';
  dictionary?: boolean;
}

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .summary('write a study in the layout of the reference code')
    .description(
      'Writes codes, scores, boundaries with their list, and re-scored columns as the arrays that the HiGAN code works with.',
    )
    .argument('<file>', 'experiment (*.higan.yaml)')
    .requiredOption('--higan <dir>', 'folder to write into', place)
    .addOption(
      new Option('--codes <which>', 'codes to write: wp takes codes × layers × length × 4 bytes')
        .choices(['all', 'z', 'none'])
        .default('all'),
    )
    .option('--dictionary', 'boundaries in the form of most published ones, a pickled dictionary');
  withJson(withStore(withEngine(command))).action(ending(exportStudy));
}

const codesOf = { all: undefined, z: ['z'], none: [] } as const;

async function exportStudy(file: string, options: ExportChoices): Promise<number> {
  await storedStudy(file, options);
  return stoppable(async (signal) => {
    const request: HiganExportRequest = {
      ...engineOptions(options),
      file,
      store: options.store,
      folder: options.higan,
      codes: codesOf[options.codes ?? 'all'],
      form: options.dictionary ? 'dictionary' : 'array',
      signal,
    };
    const summary = await withProgress((events) => exportHigan(request, events));
    if (options.json) {
      printJson(summary);
      return 0;
    }
    const look = resultLook();
    const rows = summary.files.map(({ path, shape, what }) => [
      path,
      shape.length > 0 ? `[${shape.join(', ')}]` : '',
      what,
    ]);
    print(
      table(
        [{ title: 'file', shrinkTo: 20 }, { title: 'shape' }, { title: 'what', shrinkTo: 20 }],
        rows,
        look,
      ),
    );
    if (summary.notes.length > 0) {
      print(`\n${summary.notes.map((note) => wrapped(`- ${note}`, look.width, '  ')).join('\n')}`);
    }
    return 0;
  });
}
