import assert from 'node:assert/strict';
import { withEdits, type TextEdit } from '../../../src/engine/yaml';

/** Applies edits after checking that they are one replacement, as small as it can be. */
export function write(text: string, edit: (text: string) => TextEdit[]): string {
  const edits = edit(text);
  assert.ok(edits.length <= 1);
  const result = withEdits(text, edits);
  for (const { start, end, newText } of edits) {
    const old = text.slice(start, end);
    assert.ok(old === '' || newText === '' || old[0] !== newText[0] || old.at(-1) !== newText.at(-1));
  }
  return result;
}
