/** `higan report FILE`: a methods section in Markdown. */
import process from 'node:process';
import type { Command } from 'commander';
import { writeWhole } from '../../engine/formats/replace';
import { studyReport } from '../../engine/study';
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

interface ReportChoices extends JsonOption, StoreOption, ModelPathOptions {
  out?: string;
}

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .summary('write a methods section in Markdown')
    .description(
      'Writes what a study did and found as Markdown: versions, hashes, seeds, device, settings, tables.',
    )
    .argument('<file>', 'experiment (*.higan.yaml)')
    .option('--out <file.md>', 'write it there instead of printing it', place);
  withJson(withStore(withModelPath(command))).action(ending(report));
}

async function report(file: string, { store, modelPath, out, json }: ReportChoices): Promise<number> {
  const text = await studyReport({ file, store, modelPaths: modelPath });
  if (out !== undefined) await writeWhole(out, text);
  if (json) printJson({ report: text, file: out ?? null });
  else if (out === undefined) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  else print(`Report in ${out}`);
  return 0;
}
