/** What the owner of the inference process hears of a preview, from a real process. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { previewedStudy } from '../study/previewed';
import { never, owner } from './owner';

test('the names of the scores are told before the first image, and each request hears of its own', async (context) => {
  const file = await previewedStudy(context);
  const { client } = owner(context);
  const ask = async (name: string): Promise<string[]> => {
    const heard: string[] = [];
    const answer = await client.preview(
      { file, device: 'cpu', request: name, preview: 'one', steps: [0, 1] },
      ({ request, scores }) => heard.push(`${request}: ${scores.length} scores`),
      never,
      (concepts) => heard.push(concepts.join(' ')),
    );
    assert.equal(heard[0], answer.concepts.join(' '));
    assert.ok(answer.concepts.includes('attribute/one'));
    return heard;
  };
  for (const heard of await Promise.all(['left', 'right'].map(ask))) {
    const requests = new Set(heard.slice(1).map((said) => said.split(':')[0]));
    assert.deepEqual([heard.length, requests.size], [5, 1], 'the names, then two samples at two steps');
  }
});
