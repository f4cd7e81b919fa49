/** The segmentation of a preview's cells: of the very images that are shown, or not at all. */
import assert from 'node:assert/strict';
import test, { describe, type TestContext } from 'node:test';
import { readExperiment } from '../../../src/engine/experiment';
import { Failure } from '../../../src/engine/failure';
import {
  Laboratory,
  renderPreview,
  segmentPreview,
  type PreviewCell,
  type SegmentedCell,
} from '../../../src/engine/study';
import { apparatusSettings } from '../../../src/engine/study/run';
import { toyLabels, toyShade } from '../../fixtures/linear-model';
import { previewedStudy } from './previewed';

/** A study that found its directions, on a model that segments or does not. */
const studied = (context: TestContext, segmentation: boolean): Promise<string> =>
  previewedStudy(context, {
    segmentation,
    preview: '    jitter: { strength: 0.5, variants: 1, seed: 1 }\n',
  });

/** What the toy's segmentation makes of an image's bytes [R, R, 3]: each pixel of a map of half the size. */
function labelsOf({ image, resolution }: PreviewCell): number[] {
  const half = resolution / 2;
  return Array.from({ length: half * half }, (_, p) => {
    const [x, y] = [2 * (p % half), 2 * Math.floor(p / half)];
    const at = (dx: number, dy: number): number => image[3 * ((y + dy) * resolution + x + dx)] / 127.5 - 1;
    const mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
    return mean >= toyShade ? 0 : -mean >= toyShade ? 1 : 2;
  });
}

async function collected<T>(cells: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const cell of cells) all.push(cell);
  return all;
}

const place = ({ sample, step, variant }: PreviewCell | SegmentedCell): string =>
  `${sample} × ${step}, ${variant}`;

describe('the segmentation of a preview', () => {
  test('labels the pixels of the images that are shown, cell by cell in their order', async (context) => {
    const file = await studied(context, true);
    const laboratory = await Laboratory.open({ device: 'cpu' }, []);
    context.after(() => laboratory.close());
    const request = { file, device: 'cpu' as const, preview: 'one', steps: [0, 1, -1], focus: 2 };
    const kept = (): Promise<Laboratory> => Promise.resolve(laboratory);
    const images = await collected(renderPreview(request, undefined, kept));
    const maps = await collected(segmentPreview(request, kept));
    assert.deepEqual(maps.map(place), images.map(place));
    assert.deepEqual(maps.map(place).slice(0, 4), ['2 × 1, 0', '2 × -1, 0', '2 × 0, 0', '2 × 1, 1']);
    for (const [index, { height, width, labels }] of maps.entries()) {
      assert.deepEqual([height, width], [8, 8]);
      assert.deepEqual([...labels], labelsOf(images[index]), place(images[index]));
    }
    const seen = new Set(maps.flatMap(({ labels }) => [...labels]));
    assert.equal(seen.size, toyLabels.length, 'every label comes about');
    const [up, down, original] = maps.map(({ labels }) => labels);
    assert.notDeepEqual(up, down);

    // What a transition would see of the same code.
    const { resolved } = await readExperiment(file);
    const { space } = await laboratory.apparatus(apparatusSettings(resolved));
    const segmentation = await laboratory.segmentation(apparatusSettings(resolved));
    const feed = await space.feed(await space.drawAt('probe', [2]), 1, []);
    assert.deepEqual((await segmentation.maps(feed, 1, space.feedDims)).data, original);
  });

  test('stops at the next cell when it is cancelled', async (context) => {
    const file = await studied(context, true);
    const cancel = new AbortController();
    const told: string[] = [];
    const work = async (): Promise<void> => {
      const request = { file, device: 'cpu' as const, preview: 'one', signal: cancel.signal };
      for await (const cell of segmentPreview(request)) {
        told.push(place(cell));
        cancel.abort();
      }
    };
    await assert.rejects(work, (error) => error instanceof Failure && error.kind === 'interrupted');
    assert.equal(told.length, 1);
  });

  test('is refused with the remedy where no predictor segments', async (context) => {
    const file = await studied(context, false);
    await assert.rejects(
      async () => collected(segmentPreview({ file, device: 'cpu', preview: 'one' })),
      (error) =>
        error instanceof Failure && /has a segmentation head; add one .* 'predictors'/.test(error.message),
    );
  });
});
