/** The numbers by which a preview panel tells what it knows already from what is new. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { DocumentVersions } from '../../../src/extension/document-versions';

test('a document that is opened again goes on above all that was told of it before', () => {
  const versions = new DocumentVersions();
  const first = {};
  assert.deepEqual(
    [1, 5, 5].map((version) => versions.of(first, version)),
    [1, 5, 5],
  );
  const again = {};
  assert.deepEqual(
    [1, 2].map((version) => versions.of(again, version)),
    [6, 7],
  );
  assert.equal(versions.of(first, 5), 5, 'what is known of the closed one late is the older');
});
