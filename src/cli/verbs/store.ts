/** `higan store [prune]`: what results take on disk, and deleting what nobody names. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { readText } from '../../engine/experiment';
import { badInput } from '../../engine/failure';
import { openStore } from '../../engine/store';
import { openStoreForReading, storeSizes, type StoreReader } from '../../engine/store/read';
import { cleanStore, storeFolder } from '../../engine/study';
import { withJson, withStore, type JsonOption, type StoreOption } from '../options';
import { ending } from '../outcome';
import { print, printJson, resultLook } from '../output';
import { table } from '../print/table';
import { bytes, counted, styled } from '../print/text';
import { withProgress } from '../progress';

interface PruneChoices extends JsonOption, StoreOption {
  dryRun?: boolean;
}

export function addStore(program: Command): void {
  const store = program
    .command('store')
    .summary('sizes of what was computed; prune it')
    .description('Shows what studies take on disk.')
    .argument('[file]', 'experiment whose store is meant (default: .higan in this folder)');
  withJson(withStore(store)).action(ending(sizes));
  const pruning = store
    .command('prune')
    .summary('delete what nobody names')
    .description(
      'Deletes what no experiment names as its latest result, nor a verdict as the result it was given on. What other experiments share stays.',
    )
    .argument('[file]', 'experiment whose store is meant (default: .higan in this folder)')
    .option('--dry-run', 'say what would be deleted; delete nothing');
  withJson(withStore(pruning)).action(
    ending((file: string | undefined, choices: PruneChoices, command: Command) =>
      pruneStore(file, { ...choices, ...command.optsWithGlobals<PruneChoices>() }),
    ),
  );
}

/**
 * The store that is meant: of an experiment, or of this folder.
 * @throws Failure where one that was named is not there, or is a folder of something else
 */
async function storeMeant<Opened extends StoreReader>(
  file: string | undefined,
  { store }: StoreOption,
  open: (folder: string) => Promise<Opened>,
): Promise<Opened> {
  if (file !== undefined && store === undefined) await readText(file);
  const opened = await open(storeFolder(file ?? 'any.higan.yaml', store));
  if (store !== undefined && !(await opened.isThere()))
    throw badInput(`${store} is no store: nothing was run into it. Check its path.`);
  return opened;
}

async function sizes(file: string | undefined, options: JsonOption & StoreOption): Promise<number> {
  const store = await storeMeant(file, options, openStoreForReading);
  const found = await storeSizes(store);
  if (options.json) {
    printJson({ store: store.folder, ...found });
    return 0;
  }
  const look = resultLook();
  const rows = found.studies.map((study) => [
    study.file,
    study.experiment.slice(0, 8),
    bytes(study.bytes),
    bytes(study.ownBytes),
    study.current ? styled(look, 'green', 'latest') : styled(look, 'dim', 'older'),
  ]);
  print(`${styled(look, 'bold', 'Store')} ${store.folder}: ${bytes(found.bytes)}`);
  if (rows.length > 0) {
    const columns = [
      { title: 'study', shrinkTo: 20 },
      { title: 'result' },
      { title: 'uses', align: 'right' as const },
      { title: 'alone', align: 'right' as const },
      { title: 'state' },
    ];
    print(`\n${table(columns, rows, look)}`);
  }
  if (found.unnamed > 0) {
    print(
      `\n${bytes(found.unnamed)} belong to no study (of earlier runs); \`higan store prune\` deletes them.`,
    );
  }
  return 0;
}

async function pruneStore(file: string | undefined, options: PruneChoices): Promise<number> {
  const store = await storeMeant(file, options, (folder) => openStore(folder, { write: true }));
  const { folder } = store;
  // Deleting takes the lock, which would make the store.
  const dryRun = options.dryRun === true || !existsSync(folder);
  const list = await withProgress((events) => cleanStore({ store, dryRun }, events));
  if (options.json) {
    printJson({
      store: folder,
      deleted: !options.dryRun,
      bytes: list.bytes,
      items: list.items.map(({ kind, name, bytes: size }) => ({ kind, name, bytes: size })),
    });
  } else {
    const what = `${counted(list.items.length, 'items')}, ${bytes(list.bytes)}`;
    print(options.dryRun ? `Would delete ${what} from ${folder}.` : `Deleted ${what} from ${folder}.`);
  }
  return 0;
}
