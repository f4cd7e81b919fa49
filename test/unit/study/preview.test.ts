/** A preview is what a person waits for: it opens no more than it needs, and goes before studies. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { Failure } from '../../../src/engine/failure';
import {
  Laboratory,
  prepareStudy,
  renderPreview,
  runStudy,
  type PreviewCell,
  type PreviewHeader,
  type PreviewRequest,
} from '../../../src/engine/study';
import { onAnotherMachine } from './another-machine';
import { previewedStudy } from './previewed';

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
