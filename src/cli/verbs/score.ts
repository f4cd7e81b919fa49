/** `higan score PREDICTORS`: scores of images that are given. */
import { stat } from 'node:fs/promises';
import process from 'node:process';
import type { Command } from 'commander';
import { badInput } from '../../engine/failure';
import { hasDtype, isImageName, readImageFolder, readNpy } from '../../engine/formats';
import { cannotRead } from '../../engine/formats/file-failure';
import { scoreImages, type ImageScores } from '../../engine/study';
import { stoppable } from '../interruption';
import { engineOptions, place, withEngine, withJson, type EngineChoices, type JsonOption } from '../options';
import { ending } from '../outcome';
import { print, printJson } from '../output';

interface ScoreChoices extends EngineChoices, JsonOption {
  images: string;
}

interface GivenImages {
  names: string[];
  data: Uint8Array;
  dims: number[];
}

export function addScore(program: Command): void {
  const command = program
    .command('score')
    .summary('score images with predictors')
    .description(
      'Scores images: one row an image, tab-separated, one column a concept. A missing score is left empty.',
    )
    .argument('<predictors>', "models with predictors, separated by commas; 'color' is built in")
    .requiredOption(
      '--images <dir|file.npy>',
      'folder of PNG or JPEG files of one size, or bytes [N, H, W, 3]',
      place,
    );
  withJson(withEngine(command)).action(ending(score));
}

async function score(predictors: string, options: ScoreChoices): Promise<number> {
  const { names, data, dims } = await given(options.images);
  return stoppable(async (signal) => {
    const request = {
      ...engineOptions(options),
      predictors: predictors.split(',').map((name) => name.trim()),
      from: process.cwd(),
      images: { data, dims },
      signal,
    };
    const scores = await scoreImages(request);
    const concepts = scores.columns.map(({ level, label }) => `${level}/${label}`);
    if (options.json) {
      printJson(
        names.map((image, i) => ({
          image,
          scores: Object.fromEntries(concepts.map((concept, c) => [concept, scoreAt(scores, i, c)])),
        })),
      );
      return 0;
    }
    print(['image', ...concepts].join('\t'));
    names.forEach((name, i) => {
      const row = concepts.map((_, c) => scoreAt(scores, i, c)?.toPrecision(6) ?? '');
      print([name, ...row].join('\t'));
    });
    return 0;
  });
}

function scoreAt({ scores, columns }: ImageScores, image: number, column: number): number | null {
  const value = scores[image * columns.length + column];
  return Number.isNaN(value) ? null : value;
}

async function given(images: string): Promise<GivenImages> {
  const found = await stat(images).catch((error: unknown) => {
    throw cannotRead(images, error);
  });
  if (found.isDirectory()) {
    const { files, data, dims } = await readImageFolder(images);
    return { names: files, data, dims };
  }
  if (isImageName(images)) throw badInput(`${images} is one image: give its folder.`);
  const array = await readNpy(images);
  if (!hasDtype(array, 'uint8')) {
    throw badInput(`${images} holds ${array.dtype}; images are given as bytes (uint8) [N, H, W, 3].`);
  }
  return {
    names: Array.from({ length: array.dims[0] ?? 0 }, (_, i) => String(i)),
    data: array.data,
    dims: array.dims,
  };
}
