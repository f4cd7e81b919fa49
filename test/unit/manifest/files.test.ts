/** Model files are hashed once, and again as soon as one may have changed. */
import assert from 'node:assert/strict';
import fs, { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import { loadModel, readModelFile, verifyModel } from '../../../src/engine/manifest';
import { scratch, writeModel } from '../experiment/models';

const notTheFile = { kind: 'bad-input', message: /is not the file that its manifest describes/ };

test('a file that changed after it was verified is refused, also with its old size and time', async () => {
  const model = await loadModel(writeModel(path.join(scratch(), 'toy')));
  const entry = model.manifest.generator?.synthesis;
  assert.ok(entry);
  const file = model.file(entry.file);
  await verifyModel(model);
  await verifyModel(model);
  const { atime, mtime } = statSync(file);
  const bytes = readFileSync(file);
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeFileSync(
    file,
    bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
  );
  utimesSync(file, atime, mtime);
  await assert.rejects(verifyModel(model), notTheFile);
  await assert.rejects(readModelFile(model, entry), notTheFile);
  writeFileSync(file, bytes);
  await verifyModel(model);
  assert.deepEqual([...(await readModelFile(model, entry))], [...bytes]);
});

test('hashing that is stopped is an interruption, not a fault of the file', async () => {
  const model = await loadModel(writeModel(path.join(scratch(), 'toy')));
  for (const reason of [undefined, new Error('The process is restarted.')]) {
    const controller = new AbortController();
    const verified = verifyModel(model, controller.signal);
    controller.abort(reason);
    await assert.rejects(verified, { name: 'Failure', kind: 'interrupted' });
  }
  await verifyModel(model);
});

test('bytes are compared where they are read, whoever verified them before', async () => {
  const model = await loadModel(writeModel(path.join(scratch(), 'toy')));
  const entry = model.manifest.generator?.synthesis;
  assert.ok(entry);
  writeFileSync(model.file(entry.file), 'changed');
  await assert.rejects(readModelFile(model, entry), notTheFile);
  await assert.rejects(readModelFile(model, { ...entry, file: 'none.onnx' }), /none\.onnx does not exist/);
});

test('a file that stays as it was is hashed once, however often its model is asked for', async (t) => {
  const model = await loadModel(writeModel(path.join(scratch(), 'toy')));
  const reading = t.mock.method(fs, 'createReadStream');
  syncBuiltinESMExports();
  t.after(() => {
    reading.mock.restore();
    syncBuiltinESMExports();
  });
  await verifyModel(model);
  assert.equal(reading.mock.callCount(), 4, 'mapping, synthesis, mean and predictors');
  for (let keystroke = 0; keystroke < 3; keystroke++) await verifyModel(model);
  assert.equal(reading.mock.callCount(), 4);
});
