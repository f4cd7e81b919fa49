import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { jsonSchema } from '../../../src/engine/experiment';

const file = 'media/experiment.schema.json';

test('the JSON Schema that other YAML extensions read is the one that experiments are checked by', () => {
  const wanted = jsonSchema();
  // `HIGAN_UPDATE=1 node --test …` writes it anew after a change of the experiment's schema.
  if (process.env.HIGAN_UPDATE === '1') writeFileSync(file, `${JSON.stringify(wanted, null, 2)}\n`);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), wanted);
});
