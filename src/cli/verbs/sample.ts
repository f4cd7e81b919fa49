/** `higan sample MODEL`: images of a generator. */
import path from 'node:path';
import process from 'node:process';
import { Option, type Command } from 'commander';
import { badInput } from '../../engine/failure';
import {
  asFloat32,
  bytesOfImage,
  contactSheet,
  NpyWriter,
  readNpy,
  writePng,
  type RgbImage,
} from '../../engine/formats';
import { makeNamedFolder } from '../../engine/formats/folder';
import { sampleImages, type SampleRequest } from '../../engine/study';
import { stoppable } from '../interruption';
import {
  engineOptions,
  indices,
  place,
  psi,
  wholeNumber,
  withEngine,
  withJson,
  type EngineChoices,
  type JsonOption,
} from '../options';
import { ending } from '../outcome';
import { print, printJson } from '../output';
import { counted } from '../print/text';

/** More images than this are for programs, not for looking at side by side. */
const mostOnSheet = 256;

interface SampleChoices extends EngineChoices, JsonOption {
  seed?: number;
  indices?: number[];
  codes?: string;
  space?: 'z' | 'w' | 'wp';
  psi?: number;
  class?: number;
  out?: string;
  npy?: string;
  sheet?: string;
}

export function addSample(program: Command): void {
  const command = program
    .command('sample')
    .summary('make images of a generator')
    .description(
      'Makes images of a generator: samples of a seed by index (sample i of a seed is the same everywhere), or codes of your own.',
    )
    .argument('<model>', 'name of a model, or path of its folder or manifest')
    .option('--seed <s>', 'seed of the samples (default: 0)', wholeNumber(0))
    .option('--indices <list>', 'which samples, such as 0,3,9 or 0-15 (default: 0-7)', indices)
    .option('--codes <file.npy>', 'codes instead of samples: float [N, D] or [N, L, D]', place)
    .addOption(
      new Option('--space <space>', 'what the codes are; wp is taken as it is, without truncation').choices([
        'z',
        'w',
        'wp',
      ]),
    )
    .option('--psi <p>', "truncation instead of the model's own, -2 to 2", psi)
    .option('--class <c>', 'class of a conditional generator', wholeNumber(0))
    .option('--out <dir>', 'write PNG files into this folder', place)
    .option('--sheet <file.png>', 'write all images side by side on one sheet (256 at most)', place)
    .option(
      '--npy <file.npy>',
      'write the images as the generator returns them: float32 [N, 3, R, R], unclipped',
      place,
    );
  withJson(withEngine(command)).action(ending(sample));
}

async function sample(model: string, options: SampleChoices): Promise<number> {
  const { out, npy, sheet } = options;
  if (out === undefined && npy === undefined && sheet === undefined) {
    throw badInput(
      'Say where the images shall go: --out DIR for PNG files, --sheet FILE for one picture of all, --npy FILE for the numbers.',
    );
  }
  for (const name of ['indices', 'seed'] as const) {
    if (options.codes === undefined || options[name] === undefined) continue;
    throw badInput(
      `--codes and --${name} exclude each other: images come from your codes, or from samples of a seed.`,
    );
  }
  if ((options.codes === undefined) !== (options.space === undefined)) {
    throw badInput('--codes FILE and --space z|w|wp come together: the space says what the codes are.');
  }
  return stoppable(async (signal) => {
    const request: SampleRequest = {
      ...engineOptions(options),
      model,
      from: process.cwd(),
      ...(options.codes === undefined
        ? { seed: options.seed ?? 0, indices: options.indices ?? [0, 1, 2, 3, 4, 5, 6, 7] }
        : { codes: await readCodes(options.codes, options.space ?? 'w') }),
      psi: options.psi,
      class: options.class,
      signal,
    };
    const files = await write(request, { out, npy, sheet });
    if (options.json) printJson({ images: files, npy: npy ?? null, sheet: sheet ?? null });
    else {
      const places = [out, sheet, npy].filter((place) => place !== undefined);
      print(`${counted(files.length, 'images')} in ${places.join(' and ')}`);
    }
    return 0;
  });
}

async function readCodes(
  file: string,
  space: 'z' | 'w' | 'wp',
): Promise<NonNullable<SampleRequest['codes']>> {
  const array = await readNpy(file);
  return { data: asFloat32(array), dims: array.dims, space };
}

async function write(
  request: SampleRequest,
  { out, npy, sheet }: Pick<SampleChoices, 'out' | 'npy' | 'sheet'>,
): Promise<{ index: number; file: string | null }[]> {
  if (out !== undefined) await makeNamedFolder(out);
  const files: { index: number; file: string | null }[] = [];
  let writer: NpyWriter | null = null;
  const shown: RgbImage[] = [];
  try {
    for await (const { index, resolution, image } of sampleImages(request)) {
      const file = out === undefined ? null : path.join(out, `${String(index).padStart(6, '0')}.png`);
      const bytes = bytesOfImage(image, resolution, resolution);
      if (file !== null) await writePng(file, bytes);
      if (sheet !== undefined && shown.length < mostOnSheet) shown.push(bytes);
      if (npy !== undefined) {
        writer ??= await NpyWriter.create(npy, 'float32', [3, resolution, resolution]);
        await writer.append(image);
      }
      files.push({ index, file });
    }
  } catch (error) {
    await writer?.abandon();
    throw error;
  }
  await writer?.close();
  if (sheet !== undefined && shown.length > 0) {
    const scale = Math.max(1, Math.floor(128 / shown[0].width));
    const columns = Math.min(8, shown.length);
    await writePng(sheet, contactSheet(shown, { columns, scale }));
  }
  return files;
}
