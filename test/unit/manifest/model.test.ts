import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { describe } from 'node:test';
import { colorLabels } from '../../../src/protocol/concept';
import {
  conceptsOf,
  findModel,
  listModels,
  loadModel,
  modelRoot,
  parseManifest,
  verifyModel,
} from '../../../src/engine/manifest';
import { manifestText, npy, project, scratch, writeModel } from '../experiment/models';

/** What is said of a manifest: the marked characters and the sentence. */
function told(edit: (text: string) => string) {
  const text = edit(manifestText());
  assert.notEqual(text, manifestText(), 'the edit must change something');
  return parseManifest(text).diagnostics.map(({ start, end, message }) => [
    text.slice(start.offset, end.offset),
    message,
  ]);
}

function expectTold(edit: (text: string) => string, mark: string, message: RegExp): void {
  const found = told(edit);
  assert.equal(found.length, 1, JSON.stringify(found));
  assert.equal(found[0][0], mark);
  assert.match(found[0][1], message);
}

describe('a manifest', () => {
  test('that is right has no complaints', () => {
    assert.deepEqual(parseManifest(manifestText()).diagnostics, []);
  });

  test('has known keys only, the nearest is named', () =>
    expectTold(
      (t) => t.replace('resolution: 16', 'resolutoin: 16'),
      'resolutoin',
      /Did you mean 'resolution'/,
    ));
});

describe('the parts of a manifest fit each other', () => {
  test('groups lie within the layers and are not empty', () => {
    expectTold((t) => t.replace('[2, 6]', '[2, 7]'), '[2, 7]', /ends at 7, but there are 6 layers/);
    expectTold((t) => t.replace('[2, 6]', '[2, 2]'), '[2, 2]', /is empty/);
    expectTold((t) => t.replace('upper:', 'all:'), 'all', /meaning of its own/);
  });

  test('styles belong to one layer, and to all layers or none', () => {
    expectTold((t) => t.replace('[s3]', '[s2]'), 's2', /belongs to layer 2 already/);
    expectTold((t) => t.replace(', styles: [s3]', ''), '{ resolution: 8 }', /Layer 3 has no styles/);
  });

  test('labels are unique over all heads, `_` and space alike, and no category has a ~', () => {
    expectTold((t) => t.replace('labels: [indoor lighting', 'labels: [wood'), 'wood', /is there already/);
    expectTold((t) => t.replace('lighting, wood', 'lighting, indoor_lighting'), 'indoor_lighting', /already/);
    expectTold((t) => t.replace('bar/indoor', 'a~b'), 'a~b', /pair of categories/);
  });

  test('errors have one figure a label', () =>
    expectTold((t) => t.replace('mae: [0.1]', 'mae: [0.1, 0.2]'), '[0.1, 0.2]', /2 figures for 1 labels/));

  test('w and mapping come together', () => {
    expectTold((t) => t.replace(/ {2}mapping: .*\n/, ''), 'w', /no mapping that gives it/);
  });

  test('argmax and softmax need labels to choose from', () =>
    expectTold(
      (t) => t.replace('labels: [corner]', 'labels: [corner], threshold: argmax'),
      'argmax',
      /two labels/,
    ));

  test('files lie in the model folder', () => {
    const found = told((t) => t.replace('file: mapping.onnx', 'file: ../mapping.onnx'));
    assert.match(found[0][1], /its own folder/);
  });
});

describe('loading a model', () => {
  test('says file, line and column of what is wrong', async () => {
    const folder = writeModel(path.join(scratch(), 'm'), manifestText().replace('psi:', 'psy:'));
    await assert.rejects(loadModel(folder), (error: Error & { kind?: string }) => {
      assert.equal(error.kind, 'bad-input');
      assert.match(error.message, /m[/\\]manifest\.yaml:9:17: 'psy' is not a key of 'generator\.truncation'/);
      return true;
    });
  });

  test('names a file that is missing, and a mean code of another length', async () => {
    const folder = writeModel(path.join(scratch(), 'm'));
    writeFileSync(path.join(folder, 'mean.npy'), npy([1, 2, 3]));
    await assert.rejects(loadModel(folder), /holds \[3\] numbers.*w\.dim 4/);
    rmSync(path.join(folder, 'mapping.onnx'));
    await assert.rejects(loadModel(folder), /names the file 'mapping\.onnx', which is not in/);
  });

  test('compares SHA-256s on request, naming both and the remedy', async () => {
    const folder = writeModel(path.join(scratch(), 'm'));
    const model = await loadModel(folder);
    await verifyModel(model);
    writeFileSync(model.file('synthesis.onnx'), 'other');
    await assert.rejects(verifyModel(model), (error: Error & { kind?: string }) => {
      assert.equal(error.kind, 'bad-input');
      assert.match(
        error.message,
        /synthesis\.onnx is not the file .* SHA-256 is [0-9a-f]{8}…[0-9a-f]{4}.*Copy the model again/,
      );
      return true;
    });
  });
});

describe('where models are found', () => {
  test('the bundled ones everywhere', async () => {
    assert.equal((await findModel('rooms', { folder: scratch() })).name, 'rooms');
  });

  test('`models/` of the nearest folder with `models/` or `.git`', async () => {
    const { folder, experimentFile } = project();
    assert.equal(modelRoot({ experimentFile }), folder);
    assert.equal((await findModel('toy', { experimentFile })).folder, path.join(folder, 'models', 'toy'));
    mkdirSync(path.join(folder, 'study', '.git'), { recursive: true });
    assert.equal(modelRoot({ experimentFile }), path.join(folder, 'study'));
    await assert.rejects(findModel('toy', { experimentFile }), /There is no model 'toy'\. Looked in .*study/);
  });

  test('no higher than the folder that the place is limited to', async () => {
    const { folder, experimentFile } = project();
    const study = path.join(folder, 'study');
    assert.equal(modelRoot({ experimentFile, within: folder }), folder);
    assert.equal(modelRoot({ experimentFile, within: study }), study);
    await assert.rejects(findModel('toy', { experimentFile, within: study }), /There is no model 'toy'/);
    const deeper = path.join(study, 'deeper');
    assert.equal(modelRoot({ folder: deeper, within: study }), deeper);
  });

  test('nothing outside that folder, be it linked there or one of the user’s', async () => {
    const { folder, experimentFile } = project();
    const study = path.join(folder, 'study');
    const modelPaths = [path.join(folder, 'models')];
    assert.equal((await findModel('toy', { experimentFile, modelPaths, within: folder })).name, 'toy');
    await assert.rejects(
      findModel('toy', { experimentFile, modelPaths, within: study }),
      /There is no model/,
    );
    mkdirSync(study, { recursive: true });
    symlinkSync(path.join(folder, 'models'), path.join(study, 'models'));
    await assert.rejects(findModel('toy', { experimentFile, within: study }), /There is no model 'toy'/);
    assert.equal((await findModel('rooms', { experimentFile, within: study })).name, 'rooms');
    assert.equal(
      (await findModel('toy', { experimentFile })).name,
      'toy',
      'without the limit the link is followed',
    );
  });

  test("the user's own paths, as folders of models or as a model", async () => {
    const { folder } = project();
    for (const added of [path.join(folder, 'models'), path.join(folder, 'models', 'toy')]) {
      assert.equal((await findModel('toy', { folder: scratch(), modelPaths: [added] })).name, 'toy');
    }
  });

  test('a path to a folder or a manifest inside them', async () => {
    const { experimentFile } = project();
    for (const reference of ['../models/toy', '../models/toy/manifest.yaml']) {
      assert.equal((await findModel(reference, { experimentFile })).name, 'toy');
    }
  });

  test('a path outside them is refused, with the setting and the option that add it', async () => {
    const { folder } = project();
    const place = { experimentFile: path.join(scratch(), 'a.higan.yaml') };
    const reference = path.join(folder, 'models', 'toy');
    await assert.rejects(findModel(reference, place), (error: Error & { kind?: string }) => {
      assert.equal(error.kind, 'bad-input');
      assert.match(error.message, /outside the model folders .* higan\.modelPaths.* --model-path/);
      return true;
    });
    assert.equal((await findModel(reference, { ...place, modelPaths: [folder] })).name, 'toy');
  });

  test('a link that leads out of them counts as outside: folder, manifest or file', async () => {
    const elsewhere = writeModel(path.join(scratch(), 'toy'));
    const { folder, experimentFile } = project();
    symlinkSync(elsewhere, path.join(folder, 'models', 'linked'));
    await assert.rejects(findModel('linked', { experimentFile }), /a link to .*outside the model folders/);
    const copy = writeModel(path.join(folder, 'models', 'half'), manifestText('half'));
    rmSync(path.join(copy, 'mapping.onnx'));
    symlinkSync(path.join(elsewhere, 'mapping.onnx'), path.join(copy, 'mapping.onnx'));
    await assert.rejects(findModel('half', { experimentFile }), /mapping\.onnx \(a link to .*outside/);
  });

  test('an unknown name gets the nearest', () =>
    assert.rejects(findModel('romms', { folder: scratch() }), /Did you mean 'rooms'\?/));

  test('all are listed, broken ones with their error', async () => {
    const { folder, experimentFile } = project();
    writeModel(path.join(folder, 'models', 'bad'), 'manifest: 2\n');
    const entries = await listModels({ experimentFile });
    assert.deepEqual(
      entries.map(({ name, origin, failure }) => [name, origin, failure === null]),
      [
        ['rooms', 'bundled', true],
        ['bad', 'workspace', false],
        ['toy', 'workspace', true],
      ],
    );
    await assert.rejects(findModel('bad', { experimentFile }), /manifest\.yaml:1:/);
  });
});

describe('the concepts of models', () => {
  test('come by level, in the order of heads and labels, the colours last; segmentation scores none', async () => {
    const model = await loadModel(writeModel(path.join(scratch(), 'm')));
    const infos = conceptsOf([model], { color: true });
    assert.deepEqual(
      infos.slice(0, 6).map(({ concept, index, predictor }) => [concept, index, predictor]),
      [
        ['layout/corner', 0, 0],
        ['category/bedroom', 0, 0],
        ['category/living room', 1, 0],
        ['category/bar/indoor', 2, 0],
        ['attribute/indoor lighting', 0, 0],
        ['attribute/wood', 1, 0],
      ],
    );
    assert.deepEqual(
      infos.slice(6).map(({ label }) => label),
      colorLabels,
    );
    assert.equal(infos[0].error?.mae, 0.1);
    assert.equal(conceptsOf([model], { color: false }).length, 6);
  });
});
