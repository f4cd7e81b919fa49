/**
 * A preview is what a person waits for: it opens no more than it needs. Its cells show what their edits do to the codes.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test, { describe } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import { drawCodes } from '../../../src/engine/latent';
import { openStoreForReading } from '../../../src/engine/store/read';
import {
  Laboratory,
  prepareStudy,
  readStudy,
  renderPreview,
  runStudy,
  storeFolder,
  type PreviewCell,
  type PreviewHeader,
  type PreviewRequest,
} from '../../../src/engine/study';
import { nullVector } from '../../../src/engine/study/directions';
import { cellFeeds } from '../../../src/engine/study/preview';
import { onAnotherMachine } from './another-machine';
import { previewedStudy, previewedToy } from './previewed';
import { toyApparatus } from './toy-laboratory';

test('a preview opens one scoring graph: the one that gives its images', async (context) => {
  const file = await previewedStudy(context);

  const laboratory = await Laboratory.open({ device: 'cpu' }, []);
  context.after(() => laboratory.close());
  const { mock } = context.mock.method(laboratory.sessions, 'open');
  const draw = async (): Promise<number[]> => {
    const samples: number[] = [];
    const cells = renderPreview({ file, device: 'cpu', preview: 'one', focus: 2 }, undefined, () =>
      Promise.resolve(laboratory),
    );
    for await (const cell of cells) samples.push(cell.sample);
    return samples;
  };
  const opened = (): unknown[] =>
    mock.calls.map(({ arguments: [, name] }) => name).filter((name) => name === 'scoring graph');
  assert.deepEqual(await draw(), [2, 2, 2, 4, 4, 4]);
  assert.equal(opened().length, 1);
  await draw();
  assert.equal(opened().length, 1, 'and the next one opens nothing');
});

async function drawn(request: PreviewRequest): Promise<{ header: PreviewHeader; cells: PreviewCell[] }> {
  let header: PreviewHeader = { concepts: [], cells: 0, missing: [] };
  const cells: PreviewCell[] = [];
  for await (const cell of renderPreview(request, (told) => (header = told))) cells.push(cell);
  return { header, cells };
}

test('a study that was computed on another machine is previewed along the directions it found', async (context) => {
  const file = await previewedStudy(context);
  const request = { file, device: 'cpu', preview: 'one' } as const;
  const here = await drawn(request);
  onAnotherMachine(context);

  assert.ok((await runStudy({ file, device: 'cpu', until: 'boundary' })).cached, 'nothing is computed here');
  const there = await drawn(request);
  assert.deepEqual(there.header.missing, []);
  assert.deepEqual(there.cells, here.cells, 'the same direction, as far');
});

test('the directions of an experiment that has changed since are not taken for its own', async (context) => {
  const file = await previewedStudy(context);
  onAnotherMachine(context);
  const text = (await readFile(file, 'utf8')).replace('positives: 60', 'positives: 50');

  assert.notEqual((await prepareStudy({ file, text })).hash, (await prepareStudy({ file })).hash);
  await assert.rejects(
    drawn({ file, text, device: 'cpu', preview: 'one' }),
    (error: unknown) =>
      error instanceof Failure && /'attribute\/one'.* is not in the store/.test(error.message),
  );
});

/** Half a step of a byte, in an image of [−1, 1], and a little. */
const rounding = 0.51 / 127.5;

describe('the cells of a preview', () => {
  test('have what all their edits together do to the codes of their layers, in scores and pixels', async (context) => {
    const edits = [
      { concept: 'attribute/one', step: 2, layers: [0, 1] },
      { concept: 'attribute/two', step: -1.5, layers: [1, 2, 3] },
    ];
    const { file, toy } = await previewedToy(context, {
      edits: edits.map(({ layers, ...edit }) => JSON.stringify({ ...edit, layers: layers.join() })).join(),
    });
    const store = await openStoreForReading(storeFolder(file));
    const study = await readStudy({ file });
    const moves = await Promise.all(
      edits.map(async ({ concept, step, layers }) => {
        const { hash, sigma } = study!.result.concepts.find((each) => each.concept === concept)!.boundary!;
        const { direction } = (await store.readBoundary(hash))!;
        return { layers, by: direction.map((x) => step * sigma[0] * x) };
      }),
    );
    const { cells, header } = await drawn({ file, device: 'cpu', preview: 'one', steps: [0, 1, -0.5] });
    assert.equal(cells.length, 6);
    for (const { sample, step, scores, image, resolution } of cells) {
      const w = toy.mapped(drawCodes({ seed: 3, purpose: 'probe', dim: toy.D }, sample, 1));
      const codes = Array.from({ length: toy.L }, (_, l) =>
        moves
          .filter(({ layers }) => layers.includes(l))
          .reduce((code, { by }) => code.map((x, j) => x + step * by[j]), w),
      );
      const expected = header.concepts.map((concept) => toy.score(concept.replace('attribute/', ''), codes));
      expected.forEach((score, k) =>
        assert.ok(Math.abs(scores[k]! - score) < rounding, `step ${step}: ${scores[k]} for ${score}`),
      );
      // Concept k fills row k; nothing fills the others.
      image.forEach((byte, at) => {
        const row = Math.floor(at / (3 * resolution));
        const pixel = (byte - 127.5) / 127.5;
        assert.ok(Math.abs(pixel - (expected[row] ?? 0)) < rounding, `step ${step}, row ${row}: ${byte}`);
      });
    }
  });

  test('are the unedited image where the edited layers carry no concept', async (context) => {
    const edits = '{ concept: attribute/one, step: 2, layers: top }';
    const file = await previewedStudy(context, { edits, layers: [[0], [1]] });
    const { cells } = await drawn({ file, device: 'cpu', preview: 'one' });
    for (const sample of [2, 4]) {
      const [full, unedited, half] = cells.filter((cell) => cell.sample === sample);
      assert.deepEqual([full.step, unedited.step, half.step], [1, 0, 0.5]);
      assert.deepEqual(full.image, unedited.image);
      assert.deepEqual(half.scores, unedited.scores);
    }
  });

  test('rise at the full step as the samples of the ranking do', async (context) => {
    const file = await previewedStudy(context);
    const { result } = await runStudy({ file, device: 'cpu', until: 'rank' });
    const { cells } = await drawn({ file, device: 'cpu', preview: 'one', steps: [0, 1] });
    const [full, unedited] = cells.filter(({ sample }) => sample === 4);
    const rise = full.scores[0]! - unedited.scores[0]!;
    const { meanRaw } = result.concepts[0].effect!;
    assert.ok(meanRaw > 0.2, 'the step is a large one');
    assert.ok(Math.abs(rise - meanRaw) < 2 * rounding, `${rise} where the samples rise by ${meanRaw}`);
  });

  test('of jittered variants differ from each other, and are the same whenever they are drawn', async (context) => {
    const file = await previewedStudy(context);
    const text = await readFile(file, 'utf8');
    const variants = async (seed: number): Promise<Uint8Array[]> => {
      const jittered = `${text}    jitter: { strength: 1, variants: 2, seed: ${seed} }\n`;
      const { cells } = await drawn({ file, text: jittered, device: 'cpu', preview: 'one', steps: [0, 1] });
      return cells.filter(({ sample, step }) => sample === 4 && step === 1).map(({ image }) => image);
    };
    const [first, again, other] = [await variants(1), await variants(1), await variants(2)];
    assert.deepEqual(again, first);
    assert.deepEqual(other[0], first[0], 'the full step has no jitter');
    const different = new Set(
      [...first, ...other.slice(1)].map((image) => Buffer.from(image).toString('hex')),
    );
    assert.equal(different.size, 5);
  });

  for (const space of ['w', 'y'] as const) {
    test(`of variants in ${space} are jittered on the edited layers, by the strength times the move`, async (context) => {
      const truncation = { psi: 0.7, cutoff: 2 };
      const { toy, apparatus } = await toyApparatus(context, { styles: true, truncation }, { space });
      const { D, L } = toy;
      const { slices } = apparatus.space;
      const direction = { vector: nullVector(1, 0, slices), sigma: slices.map(() => 1.3) };
      /** Length of the jitter on each layer, [sample 0, sample 1][variant][layer]. */
      const jitter = async (strength: number): Promise<number[][][]> => {
        const feeds: Float32Array[][] = [[], []];
        const input = {
          ...{ samples: [0, 1], edits: [{ direction, layers: [0, 3], step: -2 }], unit: 'sigma' as const },
          ...{ steps: [1], jitter: { strength, variants: 64, seed: 1 } },
        };
        for await (const { place, feed } of cellFeeds(apparatus.space, input)) feeds[place.sample].push(feed);
        return feeds.map(([full, ...variants]) =>
          variants.map((feed) =>
            Array.from({ length: L }, (_, l) =>
              Math.hypot(...feed.subarray(l * D, (l + 1) * D).map((x, j) => x - full[l * D + j])),
            ),
          ),
        );
      };
      const [weak, strong] = [await jitter(0.5), await jitter(1)];
      const due = [0.7, 0, 0, 1].map((strength) => 2 * 1.3 * strength);
      due.forEach((length, l) => {
        const [[...lengths], others] = strong.map((variants) => variants.map((layers) => layers[l]));
        const rms = Math.sqrt(lengths.reduce((sum, x) => sum + x * x, 0) / lengths.length);
        assert.ok(Math.abs(rms - length) <= 0.1 * length, `layer ${l}: ${rms} for ${length}`);
        lengths.forEach((x, v) => {
          assert.ok(Math.abs(others[v] - x) < 1e-4, 'the same change on every sample');
          assert.ok(Math.abs(2 * weak[0][v][l] - x) < 1e-4, 'twice the strength, twice the change');
        });
      });
    });
  }
});
