/** What the inference process is sent where a preview is shown that is not, or not so, in the file. */
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { parseExperiment } from '../../../src/engine/experiment';
import { textWith } from '../../../src/extension/moves';

const wanted = { samples: [5], edits: [{ concept: 'attribute/wood', step: -1.5, layers: '0-1' }] };

/** The file's data, and the process's reading of what it is sent. */
function read(text: string, name: string): { file: unknown; sent: unknown } {
  const { data, diagnostics } = parseExperiment(text);
  assert.deepEqual(diagnostics, []);
  return { file: data, sent: parseExperiment(textWith(data, name, wanted)).data };
}

describe('a preview that is shown', () => {
  test('takes the place of the written one, whatever other parts of the file take from that', () => {
    const { file, sent } = read(
      `generator: rooms # the bundled one
previews:
  evening: &e { samples: &s [3, 14], edits: [{ concept: attribute/wood }] }
  morning: { samples: *s, edits: &w [{ concept: attribute/wood, layers: "0" }] }
  night: { <<: *e, edits: *w }
review: { attribute/wood: { verdict: accepted, note: "floor: \\"only\\"\\n# so" } }
`,
      'evening',
    );
    const { previews, ...rest } = file as { previews: object };
    assert.deepEqual(sent, { ...rest, previews: { ...previews, evening: wanted } });
  });

  test('comes beside the written ones, and where there are none', () => {
    const named = { 'higan hover card': wanted };
    for (const text of ['generator: rooms\n', 'generator: rooms\npreviews:\n']) {
      const { sent } = read(text, 'higan hover card');
      assert.deepEqual(sent, { generator: 'rooms', previews: named });
    }
    const beside = read('generator: rooms\npreviews: { evening: {} }\n', 'higan hover card');
    assert.deepEqual(beside.sent, { generator: 'rooms', previews: { evening: {}, ...named } });
  });
});
