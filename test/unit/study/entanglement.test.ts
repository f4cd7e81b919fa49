/** The matrix that is read out of a stored study. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { readEntanglement, runStudy } from '../../../src/engine/study';
import { openStoreForReading } from '../../../src/engine/store/read';
import { smallStudy } from './small-study';

test('whether a concept moves itself is what ranking and heatmap say of it', async (context) => {
  const file = await smallStudy(context);
  const { result } = await runStudy({ file, device: 'cpu' });
  const store = await openStoreForReading(path.join(path.dirname(file), '.higan'));
  for (const moves of [true, false]) {
    const concepts = result.concepts.map((concept) => ({
      ...concept,
      effect: concept.effect && { ...concept.effect, moves },
      layers: concept.layers?.map((effect) => ({ ...effect, moves: !moves })) ?? null,
    }));
    const said = async (layers: string): Promise<boolean> =>
      (await readEntanglement(store, { ...result, concepts }, layers)).effects[0][0].moves;
    assert.equal(await said('all'), moves);
    assert.equal(await said('bottom'), !moves);
  }
});
