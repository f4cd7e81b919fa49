/** `higan layers FILE`: the layer heatmap that the store holds. */
import type { Command } from 'commander';
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
import { heatmapText } from '../print/heatmap';
import { layerRows } from '../print/rows';
import { storedStudy } from './stored';

export function addLayers(program: Command): void {
  const command = program
    .command('layers')
    .summary('print the layer heatmap')
    .description('Prints at which layers moving each concept changes its score, from the store.')
    .argument('<file>', 'experiment (*.higan.yaml)');
  withJson(withStore(withModelPath(command))).action(ending(layers));
}

async function layers(file: string, options: JsonOption & StoreOption & ModelPathOptions): Promise<number> {
  const { result } = await storedStudy(file, options);
  if (!options.json) {
    print(heatmapText(result, resultLook()));
    return 0;
  }
  printJson({
    layerSets: result.layerSets,
    levels: result.levels,
    concepts: result.concepts
      .filter((concept) => concept.layers !== null)
      .map((concept) => ({
        concept: concept.concept,
        level: concept.level,
        layers: layerRows(concept, result),
      })),
  });
  return 0;
}
