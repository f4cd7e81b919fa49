/** `higan rank FILE`: the ranking that the store holds. */
import { Option, type Command } from 'commander';
import { levels, type Level } from '../../protocol/concept';
import {
  levelOption,
  withJson,
  withModelPath,
  withStore,
  type JsonOption,
  type ModelPathOptions,
  type StoreOption,
} from '../options';
import { ending } from '../outcome';
import { print, printJson, resultLook } from '../output';
import { rankedConcepts, rankingText, type RankBy } from '../print/ranking';
import { rankingRows } from '../print/rows';
import { storedStudy } from './stored';

interface RankChoices extends JsonOption, StoreOption, ModelPathOptions {
  by: RankBy;
  level?: Level;
}

export function addRank(program: Command): void {
  const command = program
    .command('rank')
    .summary('print the ranking of concepts')
    .description('Prints which concepts the generator varies, best first within each level, from the store.')
    .argument('<file>', 'experiment (*.higan.yaml)')
    .addOption(
      new Option(
        '--by <measure>',
        'rescore: Δ; accuracy: of the boundary; positives: their share in the probe',
      )
        .choices(['rescore', 'accuracy', 'positives'])
        .default('rescore'),
    )
    .addOption(levelOption());
  withJson(withStore(withModelPath(command))).action(ending(rank));
}

async function rank(file: string, options: RankChoices): Promise<number> {
  const { result } = await storedStudy(file, options);
  if (options.json) {
    const chosen = levels.filter((level) => options.level === undefined || options.level === level);
    const concepts = chosen.flatMap((level) => rankedConcepts(result, level, options.by));
    printJson(rankingRows(concepts, result));
  } else {
    print(rankingText(result, options, resultLook()));
  }
  return 0;
}
