/** Pictures of hover cards: kept under the results that they show, and made of nothing else. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test, { describe, type TestContext } from 'node:test';
import { Thumbnails } from '../../../src/extension/thumbnails';
import { studyOf } from '../../browser/study-fixture';
import { temporaryFolder } from '../study/folders';

const study = studyOf(3);
const concept = study.concepts.find(({ boundary }) => boundary !== null)?.concept ?? '';

/** Of a host whose file still means what was run, or no more, and whose store may lack directions. */
async function thumbnails(
  context: TestContext,
  { current = true, missing = [] as string[] },
): Promise<{ made: Thumbnails; folder: string; rendered: () => number }> {
  const folder = path.join(await temporaryFolder(context), 'thumbnails');
  let rendered = 0;
  const studies = {
    get: () => Promise.resolve({ result: study }),
    asItStands: () => Promise.resolve({ judged: {}, request: {} }),
    isCurrent: () => current,
  };
  const moves = {
    render: (
      _experiment: unknown,
      _name: string,
      _preview: unknown,
      { steps }: { steps: number[] },
      cell: (cell: object) => void,
    ) => {
      rendered++;
      for (const step of steps) cell({ step, resolution: 4, image: new Uint8Array(48).fill(100 * step) });
      return Promise.resolve({ concepts: [concept], missing });
    },
  };
  const made = new Thumbnails(studies as never, { state: { kind: 'up' } } as never, moves as never, folder);
  return { made, folder, rendered: () => rendered };
}

const experiment = null as never;
const token = { onCancellationRequested: () => undefined } as never;

describe('the picture of a hover card', () => {
  test('is made and kept of results that are those of the file', async (context) => {
    const { made, folder, rendered } = await thumbnails(context, {});
    assert.match((await made.make(experiment, concept)) ?? '', /^data:image\/png;base64,/);
    assert.match((await made.beforeAfter(experiment, concept, token)) ?? '', /^data:image\/png;base64,/);
    assert.equal(rendered(), 1);
    assert.equal(readdirSync(folder).length, 1);
  });

  test('is not made of a file that means something else by now: it would be kept under the older results', async (context) => {
    const { made, folder, rendered } = await thumbnails(context, { current: false });
    await assert.rejects(made.make(experiment, concept), /of an earlier version of this file: run it again/);
    assert.equal(await made.beforeAfter(experiment, concept, token), null);
    assert.equal(rendered(), 0);
    assert.ok(!existsSync(folder));
  });

  test('does not show an after that was not moved', async (context) => {
    const { made, folder } = await thumbnails(context, { missing: [concept] });
    await assert.rejects(made.make(experiment, concept), /no direction yet for '.+'.*: run it again/);
    assert.equal(await made.beforeAfter(experiment, concept, token), null);
    assert.ok(!existsSync(folder));
  });
});
