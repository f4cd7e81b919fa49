/** A preview that is asked for while a study runs on the same device goes before it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { Laboratory, renderPreview, runStudy } from '../../../src/engine/study';
import { Turns } from '../../../src/engine/study/turns';
import { previewedStudy } from './previewed';
import { aroundScoring, inSingles, type Scorer } from './scoring-runs';

test('no more of a study than is under way comes before the sample that is looked at', async (context) => {
  const file = await previewedStudy(context);
  // Longer than the preview takes: it is stopped then.
  const text = (await readFile(file, 'utf8')).replace('samples: 600', 'samples: 300000');
  const laboratory = await Laboratory.open({ device: 'cpu' }, []);
  context.after(() => laboratory.close());

  /** The runs of both graphs as they ended, and how many had when the preview was asked for and its sample was there. */
  const ended: Scorer[] = [];
  let [asked, shown] = [0, 0];
  async function look(onAsked: () => void): Promise<void> {
    const request = { file, device: 'cpu', preview: 'one', focus: 2 } as const;
    const cells = renderPreview(request, undefined, () => {
      asked = ended.length;
      onAsked();
      return Promise.resolve(laboratory);
    });
    for await (const { sample } of cells) if (sample === 2) shown = ended.length;
  }
  const stop = new AbortController();
  let looking = Promise.resolve();
  // Counted once they are of one image.
  let batches = -Infinity;
  aroundScoring(context, laboratory, async (run, scorer) => {
    if (scorer === 'study' && ++batches === 5) {
      // Under way while the preview is asked for, in the middle of a chunk.
      await new Promise<void>((goOn) => {
        looking = look(goOn).finally(() => {
          goOn();
          stop.abort();
        });
      });
    }
    const result = await run();
    ended.push(scorer);
    return result;
  });
  await inSingles(laboratory, { file, text });
  batches = 0;
  await assert.rejects(
    runStudy({ file, text, device: 'cpu', signal: stop.signal }, {}, () => Promise.resolve(laboratory)),
    { kind: 'interrupted' },
  );
  await looking;

  const meanwhile = ended.slice(asked, shown);
  assert.equal(meanwhile.filter((scorer) => scorer === 'preview').length, 3, 'its cells');
  const before = meanwhile.filter((scorer) => scorer === 'study').length;
  assert.ok(before <= new Turns().depth, `${before} batches came before it`);
});
