/** A preview is what a person waits for: it opens no more than it needs, and goes before studies. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { describe } from 'node:test';
import { Laboratory, renderPreview, runStudy } from '../../../src/engine/study';
import { Turns } from '../../../src/engine/study/turns';
import { writeLinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';

const experiment = `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 600, positives: 60 }
previews:
  one:
    samples: [4, 2]
    edits: [{ concept: attribute/one, step: 2, layers: all }]
`;

test('a preview opens one scoring graph: the one that gives its images', async (context) => {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [
    { label: 'one', layers: [0], scale: 1 },
    { label: 'two', layers: [2], scale: 1 },
  ]);
  const file = await writeExperiment(folder, experiment);
  await runStudy({ file, device: 'cpu', until: 'boundary' });

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

describe('studies', () => {
  const later = (): Promise<string> => new Promise((resolve) => setTimeout(resolve, 20, 'later'));

  test('begin no batch while somebody waits', async () => {
    const turns = new Turns();
    const [first, second] = [turns.hold(), turns.hold()];
    const study = turns.studyTurn().then(() => 'study');
    first();
    first();
    assert.equal(await Promise.race([study, later()]), 'later', 'the second still waits');
    second();
    assert.equal(await Promise.race([study, later()]), 'study');
  });

  test('wait for interactive work also when it fails', async () => {
    const turns = new Turns();
    await assert.rejects(
      turns.now(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await Promise.race([turns.studyTurn().then(() => 'study'), later()]), 'study');
  });
});
