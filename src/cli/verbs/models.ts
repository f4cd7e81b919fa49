/** `higan models [check | self-test]`: which models are found where, what they can score, whether they are whole. */
import path from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { colorLabels, levels } from '../../protocol/concept';
import { builtInColor } from '../../engine/experiment';
import {
  conceptsOf,
  findModel,
  listModels,
  searchPath,
  writeThumbnail,
  type Model,
  type ModelEntry,
} from '../../engine/manifest';
import { makeThumbnail, modelChecks } from '../../engine/study';
import {
  engineOptions,
  withEngine,
  withJson,
  withModelPath,
  type EngineChoices,
  type JsonOption,
  type ModelPathOptions,
} from '../options';
import { ending } from '../outcome';
import { print, printJson, resultLook } from '../output';
import { rangeText } from '../print/heatmap';
import { styled, wrapped, type Look } from '../print/text';
import { withProgress } from '../progress';

export function addModels(program: Command): void {
  const models = program
    .command('models')
    .summary('list the models that are found; check them')
    .description('Lists the models that are found from this folder, with their layers and concepts.');
  withJson(withModelPath(models)).action(ending(list));
  const check = models
    .command('check')
    .summary('check files and run self-tests')
    .description(
      'Compares the files of every model with their SHA-256 and runs its self-test on the device.',
    );
  withJson(withEngine(check)).action(ending(checkAll));
  const selfTest = models
    .command('self-test')
    .argument('<model>', 'name of a model, or path of its folder or manifest')
    .summary("write a new model's self-test image into its manifest")
    .description(
      'Synthesises the self-test code and writes the image, as 8×8 means, into the manifest: for whoever makes a model, once, on a device that is trusted. `models check` compares other devices with it.',
    );
  withJson(withEngine(selfTest)).action(ending(writeSelfTest));
}

async function writeSelfTest(
  reference: string,
  choices: EngineChoices & JsonOption,
  command: Command,
): Promise<number> {
  const { json, ...chosen } = { ...choices, ...command.optsWithGlobals<EngineChoices & JsonOption>() };
  const options = engineOptions(chosen);
  const model = await findModel(reference, { folder: process.cwd(), modelPaths: options.modelPaths });
  const { device, thumbnail } = await makeThumbnail(model, options);
  const written = await writeThumbnail(model, thumbnail);
  const { name, manifestFile: manifest } = model;
  if (json) printJson({ model: name, device, manifest, written, thumbnail });
  else if (written) print(`Wrote the self-test image of '${name}', made on ${device}, into ${manifest}.`);
  else print(`${manifest} has the self-test image that ${device} makes of '${name}' already.`);
  return 0;
}

async function list(options: JsonOption & ModelPathOptions): Promise<number> {
  const place = { folder: process.cwd(), modelPaths: options.modelPath };
  const entries = await listModels(place);
  if (options.json) {
    printJson(entries.map(entryJson));
    return 0;
  }
  const look = resultLook();
  print(`${colorText(look)}\n`);
  for (const entry of entries) print(`${entryText(entry, look)}\n`);
  print(
    styled(
      look,
      'dim',
      `Looked in ${searchPath(place)
        .map(({ folder }) => folder)
        .join(', ')}.`,
    ),
  );
  return 0;
}

async function checkAll(choices: EngineChoices & JsonOption, command: Command): Promise<number> {
  // The parent verb has options of the same names: they count wherever they are written.
  const options = { ...choices, ...command.optsWithGlobals<EngineChoices & JsonOption>() };
  const checks = await withProgress((events) =>
    modelChecks({ ...engineOptions(options), folder: process.cwd() }, events),
  );
  if (options.json) printJson(checks);
  else {
    const look = resultLook();
    for (const { model, device, ok, message } of checks) {
      print(
        `${ok ? styled(look, 'green', 'ok    ') : styled(look, 'red', 'FAILED')}  ${model} on ${device}: ${message}`,
      );
    }
  }
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

function entryJson({ name, folder, origin, model, failure }: ModelEntry): Record<string, unknown> {
  const generator = model?.manifest.generator;
  return {
    name,
    folder,
    origin,
    error: failure?.message ?? null,
    title: model?.manifest.title ?? null,
    license: model?.manifest.license ?? null,
    generator: generator
      ? {
          resolution: generator.resolution,
          layers: generator.layers.length,
          groups: generator.groups,
          classes: generator.classes ?? null,
        }
      : null,
    concepts: model ? conceptsOf([model], { color: false }).map(({ concept }) => concept) : [],
  };
}

function entryText({ name, folder, origin, model, failure }: ModelEntry, look: Look): string {
  const head = `${styled(look, 'bold', name)}  ${model?.manifest.title ?? ''}`.trimEnd();
  const where = `${origin}, ${path.relative('', folder) || folder}`;
  if (!model) return `${head}\n  ${styled(look, 'red', 'broken')}: ${failure?.message ?? ''}`;
  const lines = [
    `${head}${styled(look, 'dim', `  (${where}${model.manifest.license ? `, ${model.manifest.license}` : ''})`)}`,
  ];
  const { generator } = model.manifest;
  if (generator) {
    const groups = Object.entries(generator.groups).map(
      ([group, [first, end]]) => `${group} ${rangeText(range(first, end))}`,
    );
    lines.push(
      `  generator  ${generator.resolution} × ${generator.resolution}, layers 0-${generator.layers.length - 1}` +
        (groups.length > 0 ? `: ${groups.join(', ')}` : ''),
    );
  }
  return [...lines, ...conceptLines(model, look)].join('\n');
}

const colorText = (look: Look): string =>
  `${styled(look, 'bold', builtInColor)}  Computed from pixels${styled(look, 'dim', '  (built in)')}\n` +
  wrapped(`  color      ${colorLabels.join(', ')}`, look.width, ' '.repeat(13));

function conceptLines(model: Model, look: Look): string[] {
  const infos = conceptsOf([model], { color: false });
  return levels.flatMap((level) => {
    const labels = infos.filter((info) => info.level === level).map(({ label }) => label);
    return labels.length === 0
      ? []
      : [wrapped(`  ${level.padEnd(10)} ${labels.join(', ')}`, look.width, ' '.repeat(13))];
  });
}

const range = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, i) => first + i);
