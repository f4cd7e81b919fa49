/** Gestures in the preview panel and what the file says meanwhile, in whatever order they meet. */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import test, { describe } from 'node:test';
import type { PreviewChange, PreviewView } from '../../../src/protocol/panels';
import { PreviewModel, type PreviewSurroundings } from '../../../src/webview/preview/model';

const concept = 'attribute/wood';
const viewOf = (step: number, version: number): PreviewView => ({
  ...{ version, names: ['evening'], name: 'evening', problem: null, layers: 4, groups: [] },
  preview: { samples: [3], edits: [{ concept, step, layers: 'all' }] },
  ...{ concepts: [concept], segmentation: { labels: [], reason: 'None.' } },
});

/** A model that follows a preview with step 2, and its host by hand. */
async function following(): Promise<{
  model: PreviewModel;
  step: () => number | undefined;
  /** The file changed, as the host says. */
  say: (step: number, version: number) => void;
  /** Answers the oldest write that waits; null refuses it. */
  answer: (version: number | null) => Promise<void>;
  /** Changes that were sent so far. */
  sent: readonly PreviewChange[];
  /** Steps of the first edit that were rendered so far; none where there was no edit. */
  rendered: readonly (number | undefined)[];
}> {
  const heard = new Map<string, (data: never) => void>();
  const writes: { resolve(result: object): void; reject(error: Error): void }[] = [];
  const sent: PreviewChange[] = [];
  const rendered: (number | undefined)[] = [];
  type Params = { preview?: PreviewView['preview']; change?: PreviewChange };
  const call = (name: string, params: Params): Promise<unknown> => {
    if (name === 'follow') return Promise.resolve(viewOf(2, 1));
    if (name === 'renderPreview') rendered.push(params.preview!.edits[0]?.step);
    if (params.change) sent.push(params.change);
    return new Promise((resolve, reject) => {
      if (name === 'writePreview') writes.push({ resolve, reject });
    });
  };
  const model = new PreviewModel({
    channel: {
      call,
      on: (name: string, hear: (data: never) => void) => heard.set(name, hear),
    } as unknown as PreviewSurroundings['channel'],
    attempt: (work) => work().catch(() => undefined),
    steps: () => [0, 1],
    focus: () => 3,
    segmented: () => false,
    followed: () => undefined,
    changed: () => undefined,
  });
  await model.choose(null);
  return {
    model,
    step: () => model.shown?.edits[0]?.step,
    say: (step, version) => heard.get('preview')!(viewOf(step, version) as never),
    answer: async (version) => {
      const write = writes.shift()!;
      if (version === null) write.reject(new Error('The editor refused the change.'));
      else write.resolve({ version });
      await turn();
    },
    sent,
    rendered,
  };
}

describe('what the file says while gestures are being written', () => {
  test('does not undo the newest: echoes of earlier ones are left out, however they come', async () => {
    const { model, step, say, answer, rendered } = await following();
    for (const next of [2.05, 2.1, 2.15]) void model.change(0, { step: next });
    say(2.05, 2);
    assert.equal(step(), 2.15, 'before its write is answered');
    await answer(2);
    await answer(3);
    say(2.1, 3);
    assert.equal(step(), 2.15, 'after it, while another is under way');
    await answer(4);
    assert.equal(step(), 2.15);
    say(2.1, 3);
    assert.equal(step(), 2.15, 'late');
    say(2.15, 4);
    assert.equal(model.file?.version, 4);
    assert.deepEqual(rendered, [2, 2.05, 2.1, 2.15], 'and the last is not drawn again');
  });

  test('is drawn once the last is answered, where it came before the answer', async () => {
    const { model, step, say, answer, rendered } = await following();
    void model.change(0, { step: 3 });
    say(3, 2);
    assert.equal(model.file?.version, 1);
    await answer(2);
    assert.equal(model.file?.version, 2);
    assert.deepEqual(rendered, [2, 3]);
    say(-1, 3);
    assert.equal(step(), -1, 'what is typed then is drawn at once');
    assert.deepEqual(rendered, [2, 3, -1]);
  });

  test('counts again where the last is refused: what was written before it stands', async () => {
    const { model, step, say, answer } = await following();
    void model.change(0, { step: 3 });
    void model.change(0, { step: 4 });
    say(3, 2);
    await answer(2);
    assert.equal(step(), 4);
    await answer(null);
    assert.equal(step(), 3);
    assert.equal(model.file?.version, 2);
  });

  test('of another preview that is chosen meanwhile is drawn at once', async () => {
    const { model, step, answer } = await following();
    void model.change(0, { step: 3 });
    await model.choose('evening');
    assert.equal(step(), 2);
    await answer(2);
    void model.change(0, { step: 5 });
    assert.equal(step(), 5);
  });
});

describe('edits are added and removed', () => {
  const warm = { concept: 'attribute/warm', step: 1, layers: 'all' };

  test('here at once: a gesture that follows is on the edit that is seen, at the place that it will have', async () => {
    const { model, step, say, answer, sent, rendered } = await following();
    void model.add(warm);
    void model.remove(0);
    assert.equal(step(), 1);
    void model.change(0, { step: 5 });
    assert.deepEqual(sent, [
      { kind: 'addEdit', edit: warm },
      { kind: 'removeEdit', index: 0, of: concept },
      { kind: 'edit', index: 0, of: warm.concept, step: 5 },
    ]);
    say(2, 3);
    for (const version of [2, 3, 4]) await answer(version);
    assert.equal(step(), 5);
    assert.deepEqual(rendered, [2, 2, 1, 5]);
  });

  test('and are as before where that is refused', async () => {
    const { model, step, answer, rendered } = await following();
    void model.remove(0);
    assert.equal(step(), undefined);
    await answer(null);
    assert.equal(step(), 2);
    assert.deepEqual(rendered, [2, undefined, 2]);
  });
});
