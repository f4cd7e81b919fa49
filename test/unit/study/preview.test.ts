/** A preview is what a person waits for: it opens no more than it needs, and goes before studies. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Laboratory, renderPreview } from '../../../src/engine/study';
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
