/** `higan entanglement FILE`: what moving each concept drags along. */
import type { Command } from 'commander';
import { readEntanglementOf } from '../../engine/study';
import {
  withJson,
  withModelPath,
  withStore,
  type JsonOption,
  type ModelPathOptions,
  type StoreOption,
} from '../options';
import { ending } from '../outcome';
import { print, printJson, resultLook } from '../output';
import { entanglementText } from '../print/entanglement';
import { storedStudy } from './stored';

interface EntanglementChoices extends JsonOption, StoreOption, ModelPathOptions {
  layers: string;
}

export function addEntanglement(program: Command): void {
  const command = program
    .command('entanglement')
    .summary('print what moving each concept drags along')
    .description('Prints how moving each concept changes the scores of the others, from the store.')
    .argument('<file>', 'experiment (*.higan.yaml)')
    .option('--layers <name>', 'moves on this layer set', 'all');
  withJson(withStore(withModelPath(command))).action(ending(entanglement));
}

async function entanglement(file: string, options: EntanglementChoices): Promise<number> {
  await storedStudy(file, options);
  const found = await readEntanglementOf({ file, store: options.store }, options.layers);
  if (options.json) printJson(found);
  else print(entanglementText(found, resultLook()));
  return 0;
}
