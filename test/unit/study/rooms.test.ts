/** Truth on the bundled model: what its generator varies is found, whatever the level. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { describe } from 'node:test';
import { levels } from '../../../src/protocol/concept';
import {
  renderPreview,
  readEntanglementOf,
  readStudy,
  runStudy,
  type PreviewCell,
} from '../../../src/engine/study';
import { temporaryFolder, writeExperiment } from './folders';

const experiment = `
generator: rooms
seed: 11
probe: { samples: 1500, positives: 400, negatives: 400 }
rescore: { samples: 150, layers: none }
concepts: [layout/*, category/*, attribute/*lighting, color/brightness, color/saturation]
previews:
  light:
    samples: [2, 5]
    edits: [{ concept: attribute/indoor lighting, step: 2, layers: all }]
    jitter: { strength: 0.3, variants: 2, seed: 1 }
`;

describe('the bundled rooms model', () => {
  test('moves in layout, in a category, in a lighting attribute and in colour; and the store answers for it', async (context) => {
    const folder = await temporaryFolder(context);
    const file = await writeExperiment(folder, experiment);
    const partial: number[] = [];
    const { result, path: stored } = await runStudy(
      { file, device: 'cpu' },
      {
        partial: (soFar) => partial.push(soFar.concepts.filter((concept) => concept.effect !== null).length),
      },
    );
    for (const level of levels) {
      const moving = result.concepts.filter((concept) => concept.level === level && concept.effect?.moves);
      assert.ok(
        moving.length > 0,
        `${level}: ${JSON.stringify(result.concepts.filter((c) => c.level === level))}`,
      );
    }
    assert.ok(
      partial.some((count) => count > 0 && count < result.concepts.length),
      'the ranking fills in while the study runs',
    );

    const read = await readStudy({ file });
    assert.equal(read?.path, stored);
    assert.ok(read?.sameText && read.sameMeaning);
    const edited = await readStudy({ file, text: experiment.replace('seed: 11', 'seed: 12') });
    assert.ok(
      edited && !edited.sameText && !edited.sameMeaning,
      'a result of another experiment is told as such',
    );

    const matrix = await readEntanglementOf({ file });
    for (const [i, concept] of matrix.rows.entries()) {
      const own = matrix.effects[i][matrix.concepts.indexOf(concept)];
      const ranked = result.concepts.find((c) => c.concept === concept)?.effect;
      assert.equal(own.deltaRaw, ranked?.deltaRaw, `${concept}: the diagonal is the ranking`);
    }

    const cells: PreviewCell[] = [];
    for await (const cell of renderPreview({ file, device: 'cpu', preview: 'light' })) cells.push(cell);
    assert.equal(cells.length, 2 * (3 + 2), 'two samples, three steps, two jittered variants');
    const lighting = result.concepts.findIndex((c) => c.concept === 'attribute/indoor lighting');
    const scoreAt = (sample: number, step: number): number =>
      cells.find((c) => c.sample === sample && c.step === step && c.variant === 0)?.scores[lighting] ?? NaN;
    assert.ok(
      scoreAt(2, 1) + scoreAt(5, 1) > scoreAt(2, 0) + scoreAt(5, 0),
      'the edit raises the score that it edits',
    );
    assert.ok(path.isAbsolute(stored));
  });
});
