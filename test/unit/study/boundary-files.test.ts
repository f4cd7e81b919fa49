/** Directions leave a study and come into one; an imported one is what the study then moves along. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { describe, type TestContext } from 'node:test';
import {
  encodeBoundary,
  encodeBoundaryDictionary,
  readBoundaryFile,
  readBoundaryList,
} from '../../../src/engine/formats';
import { openStore, prune } from '../../../src/engine/store';
import { openStoreForReading } from '../../../src/engine/store/read';
import {
  exportBoundaries,
  forgetImport,
  importBoundaries,
  importBoundary,
  readStudy,
  runStudy,
} from '../../../src/engine/study';
import { writeLinearModel, type LinearModel } from '../../fixtures/linear-model';
import { temporaryFolder, writeExperiment } from './folders';
import { smallExperiment } from './small-study';

const planted = [
  { label: 'one', layers: [0], scale: 1 },
  { label: 'two words', layers: [3], scale: 1 },
];

interface Bench {
  folder: string;
  file: string;
  store: string;
  model: LinearModel;
}

async function bench(context: TestContext, more: typeof planted = []): Promise<Bench> {
  const folder = await temporaryFolder(context);
  const model = await writeLinearModel(path.join(folder, 'models'), [...planted, ...more], { D: 16 });
  const file = await writeExperiment(folder, smallExperiment);
  return { folder, file, store: path.join(folder, '.higan'), model };
}

const unit = (values: Float64Array): Float32Array => Float32Array.from(values);

describe('exported boundaries', () => {
  for (const form of ['array', 'dictionary'] as const) {
    test(`in the form '${form}' are the study's unit normals, and listed`, async (context) => {
      const { folder, file, store } = await bench(context);
      const { result } = await runStudy({ file, device: 'cpu' });
      const target = path.join(folder, 'out');
      const { files, list } = await exportBoundaries({ file, folder: target, form });
      assert.deepEqual(
        files.map((entry) => path.basename(entry.path)),
        ['one_w_boundary.npy', 'two_words_w_boundary.npy'],
      );
      const listed = await readBoundaryList(list ?? '');
      assert.deepEqual(
        listed.map(({ name, space }) => [name, space]),
        [
          ['one', 'w'],
          ['two_words', 'w'],
        ],
      );
      const reader = await openStoreForReading(store);
      for (const [i, { concept, boundary }] of result.concepts.entries()) {
        const kept = await reader.readBoundary(boundary?.hash ?? '');
        const read = await readBoundaryFile(listed[i].path);
        assert.deepEqual(Float32Array.from(read.direction), kept?.direction, concept);
        assert.deepEqual(read.dims, [1, 16]);
        assert.equal(read.type, form === 'array' ? null : 'attribute');
        if (form === 'dictionary') assert.deepEqual(read.layers, i === 0 ? [0, 1] : [2, 3]);
      }
    });
  }

  test('of chosen concepts only', async (context) => {
    const { folder, file } = await bench(context);
    await runStudy({ file, device: 'cpu', until: 'boundary' });
    const { files } = await exportBoundaries({ file, folder: path.join(folder, 'out'), concepts: ['*/one'] });
    assert.deepEqual(
      files.map(({ concept }) => concept),
      ['attribute/one'],
    );
  });
});

describe('a list of boundaries', () => {
  test('is imported as a whole or not at all, each under its name in the space of the study', async (context) => {
    const { folder, file, model } = await bench(context);
    for (const label of ['one', 'two words'])
      await writeFile(
        path.join(folder, `${label}.npy`),
        encodeBoundary(unit(model.directions.get(label) as Float64Array)),
      );
    const list = path.join(folder, 'boundaries.txt');
    const importing = async (...lines: string[]) => {
      await writeFile(list, lines.join('\n'));
      return importBoundaries({ file, list });
    };
    const one = '(one, w): one.npy';
    for (const [message, ...lines] of [
      [/no concept of these names in .*: 'onne', 'x'/, one, '(onne, w): one.npy', '(x, w): x.npy'],
      [/'attribute\/one' twice in space w/, one, '(attribute one, w): one.npy'],
      [/no boundary in space w.* 1 in other spaces/, '(one, z): one.npy'],
      [/gone\.npy/, one, '(two_words, w): gone.npy'],
    ] as const)
      await assert.rejects(importing(...lines), { kind: 'bad-input', message });
    assert.equal(await forgetImport({ file, concept: 'attribute/one' }), false, 'nothing was imported');

    const { imported, elsewhere } = await importing(
      '(attribute_two_words, w): two words.npy',
      one,
      '(one, wp): x',
    );
    assert.deepEqual(
      imported.map(({ concept }) => concept),
      ['attribute/two words', 'attribute/one'],
    );
    assert.equal(elsewhere, 1);
    const { result } = await runStudy({ file, device: 'cpu', until: 'boundary' });
    assert.deepEqual(
      result.provenance.imports,
      Object.fromEntries(imported.map(({ concept, hash }) => [concept, hash])),
    );
  });
});

describe('an imported boundary', () => {
  test('is what the study moves along from then on, and nothing is probed again', async (context) => {
    const { folder, file, store, model } = await bench(context);
    const before = await runStudy({ file, device: 'cpu' });
    const source = path.join(folder, 'truth.npy');
    const truth = unit(model.directions.get('two words') as Float64Array);
    await writeFile(source, encodeBoundary(truth));
    const imported = await importBoundary({ file, concept: 'attribute/two_words', path: source });
    assert.deepEqual([imported.concept, imported.dim, imported.note], ['attribute/two words', 16, null]);

    assert.equal(
      (await readStudy({ file }))?.sameMeaning,
      false,
      'the stored result is older than the import',
    );
    let probed = 0;
    const after = await runStudy(
      { file, device: 'cpu' },
      { progress: ({ stage, done, cached }) => (probed += stage === 'probe' ? done - cached : 0) },
    );
    assert.equal(after.cached, false);
    assert.equal(probed, 0);
    assert.notEqual(after.result.provenance.experiment, before.result.provenance.experiment);
    assert.deepEqual(after.result.provenance.imports, { 'attribute/two words': imported.hash });
    const [one, two] = after.result.concepts;
    assert.deepEqual(one, before.result.concepts[0], 'the other concept is untouched');
    assert.equal(two.boundary?.method, 'imported');
    assert.equal(two.boundary?.accuracy, null);
    const kept = await (await openStoreForReading(store)).readBoundary(two.boundary?.hash ?? '');
    assert.deepEqual(kept?.direction, truth);
    assert.ok(two.effect?.moves);

    // The opposite of the truth lowers the score on every sample: re-scoring moved along the file's numbers.
    await writeFile(source, encodeBoundary(truth.map((x) => -x)));
    await importBoundary({ file, concept: 'attribute/two words', path: source });
    const { result } = await runStudy({ file, device: 'cpu', until: 'rank' });
    assert.equal(result.concepts[1].effect?.delta, 0);
    assert.ok((result.concepts[1].effect?.mean ?? 0) < -1);

    assert.ok(await forgetImport({ file, concept: 'attribute/two words' }));
    assert.equal(await forgetImport({ file, concept: 'attribute/two words' }), false);
    const again = await runStudy({ file, device: 'cpu' });
    assert.ok(again.cached, 'the first study is the answer again');
    assert.equal(again.result.provenance.experiment, before.result.provenance.experiment);
  });

  test('gives a direction to a concept that none can be fitted for', async (context) => {
    const { folder, file, model } = await bench(context, [{ label: 'still', layers: [], scale: 1 }]);
    const source = path.join(folder, 'any.npy');
    await writeFile(source, encodeBoundary(unit(model.directions.get('one') as Float64Array)));
    await importBoundary({ file, concept: 'attribute/still', path: source });
    const { result } = await runStudy({ file, device: 'cpu', until: 'rank' });
    const still = result.concepts[2];
    assert.equal(still.noBoundary, null);
    assert.equal(still.boundary?.method, 'imported');
    assert.equal(still.effect?.moves, false);
  });

  test('in the dictionary form is scaled to length 1, and says so and which layers it names', async (context) => {
    const { folder, file, model } = await bench(context);
    const source = path.join(folder, 'long.npy');
    const direction = (model.directions.get('one') as Float64Array).map((x) => 3 * x);
    await writeFile(source, encodeBoundaryDictionary({ direction, type: 'attribute', layers: [2, 3] }));
    const imported = await importBoundary({ file, concept: 'attribute/one', path: source });
    assert.match(imported.note ?? '', /length was 3\.000; it was scaled to 1/);
    assert.deepEqual(imported.layers, [2, 3]);
    const { files } = await runStudy({ file, device: 'cpu', until: 'boundary' }).then(() =>
      exportBoundaries({ file, folder: path.join(folder, 'out') }),
    );
    const { direction: kept } = await readBoundaryFile(files[0].path);
    assert.ok(Math.abs(Math.hypot(...kept) - 1) < 1e-6);
  });

  test('comes back byte for byte when it was exported', async (context) => {
    const { folder, file } = await bench(context);
    await runStudy({ file, device: 'cpu', until: 'boundary' });
    const first = await exportBoundaries({ file, folder: path.join(folder, 'first') });
    await importBoundary({ file, concept: 'attribute/one', path: first.files[0].path });
    await runStudy({ file, device: 'cpu', until: 'boundary' });
    const second = await exportBoundaries({ file, folder: path.join(folder, 'second') });
    assert.deepEqual(await readFile(second.files[0].path), await readFile(first.files[0].path));
  });

  test('survives pruning before it was ever run', async (context) => {
    const { folder, file, store, model } = await bench(context);
    const source = path.join(folder, 'truth.npy');
    await writeFile(source, encodeBoundary(unit(model.directions.get('one') as Float64Array)));
    await importBoundary({ file, concept: 'attribute/one', path: source });
    await prune(await openStore(store, { write: true }), () => Promise.resolve(new Set()));
    const { result } = await runStudy({ file, device: 'cpu', until: 'boundary' });
    assert.equal(result.concepts[0].boundary?.method, 'imported');
  });

  test('of another length, without length, or for an unknown concept is refused with the reason', async (context) => {
    const { folder, file } = await bench(context);
    const source = path.join(folder, 'bad.npy');
    const attempt = (concept = 'attribute/one') => importBoundary({ file, concept, path: source });
    await writeFile(source, encodeBoundary(new Float32Array(12).fill(1)));
    await assert.rejects(attempt(), {
      kind: 'bad-input',
      message: /\[1, 12\]; space w of 'toy' takes \[1, 16\]/,
    });
    await writeFile(source, encodeBoundary(new Float32Array(64).fill(1), [1, 4, 16]));
    await assert.rejects(attempt(), { message: /One direction a layer/ });
    await writeFile(source, encodeBoundary(new Float32Array(16)));
    await assert.rejects(attempt(), { message: /points nowhere/ });
    await assert.rejects(attempt('attribute/onne'), { message: /Did you mean|attribute\/one/ });
  });
});
