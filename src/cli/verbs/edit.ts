/** `higan edit FILE PREVIEW`: the images of a preview, before, on the way and after. */
import path from 'node:path';
import type { Command } from 'commander';
import { contactSheet, writePng, type RgbImage } from '../../engine/formats';
import { makeNamedFolder } from '../../engine/formats/folder';
import { prepareStudy, renderPreview, type PreviewCell, type PreviewHeader } from '../../engine/study';
import { stoppable } from '../interruption';
import {
  engineOptions,
  multiples,
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
import { counted, decimal } from '../print/text';

interface EditChoices extends EngineChoices, JsonOption, StoreOption {
  out?: string;
  steps?: number[];
}

export function addEdit(program: Command): void {
  const command = program
    .command('edit')
    .summary("render a preview's images")
    .description(
      'Renders a preview of an experiment: every sample before, on the way and after its edits, and jittered variants; and all of it as one sheet.',
    )
    .argument('<file>', 'experiment (*.higan.yaml)')
    .argument('<preview>', 'name of a preview in it')
    .option('--out <dir>', 'folder for the images (default: named like the preview)', place)
    .option('--steps <list>', 'multiples of the edits to show, such as -1,0,1 (default: 0,0.5,1)', multiples);
  withJson(withStore(withEngine(command))).action(ending(edit));
}

async function edit(file: string, preview: string, options: EditChoices): Promise<number> {
  const out = options.out ?? preview.replace(/[^\p{L}\p{N} ._-]/gu, '_');
  return stoppable(async (signal) => {
    const request = {
      ...engineOptions(options),
      file,
      store: options.store,
      preview,
      steps: options.steps,
      signal,
    };
    let header: PreviewHeader = { concepts: [], cells: 0, missing: [] };
    const cells: PreviewCell[] = [];
    for await (const cell of renderPreview(request, (told) => (header = told))) cells.push(cell);
    await makeNamedFolder(out);
    const written: { file: string; cell: PreviewCell }[] = [];
    for (const cell of cells) {
      const target = path.join(out, fileOf(cell));
      await writePng(target, imageOf(cell));
      written.push({ file: target, cell });
    }
    const sheet = path.join(out, 'sheet.png');
    await writePng(sheet, sheetOf(cells));
    if (options.json) {
      printJson({
        sheet,
        images: written.map(({ file: image, cell: { sample, step, variant, scores } }) => ({
          file: image,
          sample,
          step,
          variant,
          scores: Object.fromEntries(header.concepts.map((concept, i) => [concept, scores[i]])),
        })),
      });
      return 0;
    }
    const { experiment } = await prepareStudy(request);
    const moved = experiment.previews[preview].edits.map(({ concept }) => concept);
    print(scoresText([...new Set(moved)], header, cells));
    print(`${counted(cells.length, 'images')} in ${out}, all of them on ${sheet}`);
    return 0;
  });
}

const fileOf = ({ sample, step, variant }: PreviewCell): string =>
  `${String(sample).padStart(6, '0')}_step${step}${variant > 0 ? `_variant${variant}` : ''}.png`;

const imageOf = ({ resolution, image }: PreviewCell): RgbImage => ({
  width: resolution,
  height: resolution,
  data: image,
});

/** Order of a sheet's columns: steps rising, then the variants. */
const inOrder = (a: PreviewCell, b: PreviewCell): number => a.variant - b.variant || a.step - b.step;

/** One row a sample. */
function sheetOf(cells: readonly PreviewCell[]): RgbImage {
  const samples = [...new Set(cells.map(({ sample }) => sample))];
  const rows = samples.map((sample) => cells.filter((cell) => cell.sample === sample).sort(inOrder));
  const scale = Math.max(1, Math.floor(128 / cells[0].resolution));
  return contactSheet(rows.flat().map(imageOf), { columns: rows[0].length, scale });
}

/** Scores of the edited concepts, a line a sample and concept, a column a step. */
function scoresText(
  moved: readonly string[],
  { concepts }: PreviewHeader,
  cells: readonly PreviewCell[],
): string {
  const plain = cells.filter(({ variant }) => variant === 0).sort(inOrder);
  const steps = [...new Set(plain.map(({ step }) => step))];
  const samples = [...new Set(plain.map(({ sample }) => sample))];
  const rows = samples.flatMap((sample) =>
    moved.map((concept) => [
      String(sample),
      concept,
      ...steps.map((step) => {
        const cell = plain.find((one) => one.sample === sample && one.step === step);
        return decimal(cell?.scores[concepts.indexOf(concept)] ?? null, 3);
      }),
    ]),
  );
  const columns = [
    { title: 'sample', align: 'right' as const },
    { title: 'score of', shrinkTo: 16 },
    ...steps.map((step) => ({ title: step === 0 ? 'before' : `× ${step}`, align: 'right' as const })),
  ];
  return table(columns, rows, resultLook());
}
