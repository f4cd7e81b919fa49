/** `higan check FILE`: everything that is wrong with an experiment, without running a model. */
import type { Command } from 'commander';
import { judgeExperiment, readText } from '../../engine/experiment';
import { diagnosticLine } from '../../engine/manifest';
import { withJson, withModelPath, type JsonOption, type ModelPathOptions } from '../options';
import { ending } from '../outcome';
import { print, printJson, resultLook } from '../output';
import { counted, styled } from '../print/text';

export function addCheck(program: Command): void {
  const command = program
    .command('check')
    .summary('say what is wrong with an experiment')
    .description(
      'Prints what is wrong with an experiment as file:line:column, with the remedy. Runs no model.',
    )
    .argument('<file>', 'experiment (*.higan.yaml)');
  withJson(withModelPath(command)).action(ending(check));
}

async function check(file: string, options: JsonOption & ModelPathOptions): Promise<number> {
  const { diagnostics } = await judgeExperiment(await readText(file), {
    experimentFile: file,
    modelPaths: options.modelPath,
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (options.json) {
    printJson(
      diagnostics.map(({ start, end, ...rest }) => ({
        file,
        line: start.line + 1,
        column: start.column + 1,
        endLine: end.line + 1,
        endColumn: end.column + 1,
        ...rest,
      })),
    );
  } else {
    const look = resultLook();
    for (const diagnostic of diagnostics) print(diagnosticLine(file, diagnostic));
    const warnings = diagnostics.length - errors;
    print(
      diagnostics.length === 0
        ? styled(look, 'green', `${file}: no problems.`)
        : `${counted(errors, 'errors')}, ${counted(warnings, 'warnings')}.`,
    );
  }
  return errors > 0 ? 2 : 0;
}
