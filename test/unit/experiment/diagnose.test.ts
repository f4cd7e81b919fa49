import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { describe } from 'node:test';
import { judgeExperiment, jsonSchema, parseExperiment } from '../../../src/engine/experiment';
import { experimentSchema } from '../../../src/protocol/experiment';
import { textLimit } from '../../../src/engine/yaml';
import { manifestText, project, writeModel } from './models';

/** What is said of a text: rule, marked characters, and the replacement offered. */
async function told(text: string, manifest?: string) {
  const { diagnostics } = await judgeExperiment(text, project(manifest));
  return diagnostics.map(({ code, start, end, suggestion, severity, message }) => ({
    code: severity === 'error' ? code : `${severity}:${code}`,
    mark: text.slice(start.offset, end.offset),
    suggestion,
    message,
  }));
}

async function expectTold(
  text: string,
  expected: [code: string, mark: string, suggestion?: string][],
  manifest?: string,
) {
  const found = await told(text, manifest);
  assert.deepEqual(
    found.map(({ code, mark, suggestion }) => [
      code,
      mark,
      ...(suggestion === undefined ? [] : [suggestion]),
    ]),
    expected,
    JSON.stringify(found, null, 1),
  );
}

describe('the form of an experiment', () => {
  test('an experiment needs nothing but its generator', async () => {
    await expectTold('generator: toy\n', []);
    assert.equal(parseExperiment('generator: toy').value?.probe.samples, 20_000);
  });

  test('an unknown key is marked, with the nearest key', () =>
    expectTold('generator: toy\nprobe:\n  sampels: 200\n', [['unknown-key', 'sampels', 'samples']]));

  test('every complaint is told at once, form and meaning, in the order of the file', () =>
    expectTold('generator: toy\nseeed: 1\nspace: x\nconcepts: [attribute/wod]\nprobe: { samples: -3 }\n', [
      ['unknown-key', 'seeed', 'seed'],
      ['wrong-value', 'x'],
      ['unknown-concept', 'attribute/wod', 'attribute/wood'],
      ['wrong-value', '-3'],
    ]));

  test('wrong types say what is given and what is expected', async () => {
    const [first] = await told('generator: toy\nprobe: { samples: many }\n');
    assert.match(
      first.message,
      /probe\.samples: 'many' is given, but a whole number from 1 to 10,000,000 is expected/,
    );
    const [second] = await told('generator: toy\nboundary: { method: swm }\n');
    assert.match(second.message, /one of svm, logistic, lda is expected\. Did you mean 'svm'\?/);
  });

  test('more confidence than 2,000 resamples can give is refused', async () => {
    const confidence = (number: number) => told(`generator: toy\nrescore: { confidence: ${number} }\n`);
    assert.deepEqual(await confidence(0.999), []);
    assert.match(
      (await confidence(0.9999))[0].message,
      /rescore\.confidence: 0\.9999 is given, but a number above 0\.5 and up to 0\.999 is expected/,
    );
  });

  test('a missing generator is told on the first line', () =>
    expectTold('seed: 1\nspace: w\n', [['missing-key', 'seed: 1']]));

  test('a missing key inside a map is told there', () =>
    expectTold('generator: toy\npreviews:\n  a:\n    edits:\n      - { step: 2 }\n', [
      ['missing-key', '{ step: 2 }'],
    ]));

  test('duplicate keys, broken YAML, a second document and keys that are no text are refused', async () => {
    await expectTold('generator: toy\ngenerator: other\n', [['duplicate-key', 'generator']]);
    assert.equal((await told('generator: [toy\nseed: 1'))[0].code, 'syntax');
    await expectTold('generator: toy\n---\nseed: 1\n', [['syntax', '']]);
    await expectTold('generator: toy\nreview: { ? [a] : {} }\n', [['syntax', '[a]']]);
  });

  test('anchors and merge keys are fine; alias bombs, huge and bottomless files are refused', async () => {
    await expectTold(
      'generator: toy\npreviews:\n  a: &a { samples: [1] }\n  b: *a\n  c: { <<: *a, samples: [2] }\n',
      [],
    );
    const x = (name: string) => `[${Array(12).fill(`*${name}`).join(',')}]`;
    const bomb = `a: &a [x]\nb: &b ${x('a')}\nc: &c ${x('b')}\nd: &d ${x('c')}\ne: ${x('d')}\n`;
    assert.equal((await told(bomb))[0].code, 'aliases');
    assert.equal((await told(`generator: toy\n#${'x'.repeat(textLimit)}`))[0].code, 'too-long');
    const deep = await told('['.repeat(30_000));
    assert.ok(deep.length <= 11 && deep.some(({ message }) => message.includes('too deeply')));
  });

  test('many small values may be shared through aliases', async () => {
    const shared = (count: number, first: string) =>
      `generator: toy\npreviews:\n  first: { samples: &s [${first}] }\n` +
      Array.from({ length: count }, (_, k) => `  p${k}: { samples: *s }\n`).join('');
    await expectTold(shared(300, '3, 14'), []);
    // What they stand for is counted in all: 600 times 201 values are too many.
    const [bomb, ...more] = await told(shared(600, Array(200).fill('1').join(', ')));
    assert.deepEqual([bomb.code, bomb.mark, more], ['aliases', '*s', []]);
    assert.equal((await told(shared(5000, '1')))[0].code, 'aliases');
  });

  test('aliases without an anchor, or within what they name, are marked themselves', async () => {
    await expectTold('generator: toy\nprobe: &probe {samples: 4000}\nrescore: *probe\nreview: *nope\n', [
      ['aliases', '*nope'],
    ]);
    const [near, , itself] = await told('probe: &probe { samples: *prob }\nreview: *no\nconcepts: &c [*c]\n');
    assert.deepEqual([near.mark, near.suggestion], ['*prob', '*probe']);
    assert.match(near.message, /no anchor `&prob`.* Did you mean '\*probe'\?/);
    assert.match(itself.message, /without end/);
    assert.equal(itself.mark, '*c');
  });

  test('merge keys: what cannot be merged is marked, and so is what is wrong in what was merged', async () => {
    const [three] = await told('generator: toy\nprobe: { <<: 3 }\n');
    assert.deepEqual([three.code, three.mark], ['syntax', '3']);
    await expectTold('generator: toy\nprobe: { <<: [{ samples: 9000 }, 4] }\nrescore: { <<: }\n', [
      ['syntax', '4'],
      ['syntax', '<<'],
    ]);
    await expectTold('generator: toy\nprobe: &p { samples: none }\nrescore: { <<: *p, step: 1 }\n', [
      ['wrong-value', 'none'],
      ['wrong-value', 'none'],
    ]);
  });

  test('numbers that are none, and those beyond every limit, are told once and by their names', async () => {
    const messages = async (text: string) =>
      (await told(`generator: toy\n${text}\n`)).map(({ message }) => message);
    assert.deepEqual(await messages('rescore: { step: .nan }'), [
      'rescore.step: NaN is given, but a number from -100 to 100 is expected.',
    ]);
    assert.match((await messages('rescore: { step: -.inf }'))[0], /-Infinity is given/);
    assert.deepEqual(await messages('probe: { samples: 1e30 }'), [
      'probe.samples: 1e+30 is given, but a whole number from 1 to 10,000,000 is expected.',
    ]);
    assert.deepEqual(await messages('seed: 1e40'), [
      'seed: 1e+40 is given, but a whole number from 0 to 9,007,199,254,740,991 is expected.',
    ]);
    assert.match((await messages('seed: -1'))[0], /a whole number from 0 is expected/);
  });

  test('a byte order mark is no column', async () => {
    const { diagnostics } = await judgeExperiment('\ufeffgenerator: roms\nseed: x\n', project());
    assert.deepEqual(
      diagnostics.map(({ start: { line, column } }) => [line, column]),
      [
        [0, 11],
        [1, 6],
      ],
    );
  });

  test('lines and columns count from 0, with CRLF and with characters beyond the basic plane', async () => {
    const text = 'generator: toy\r\n# 🛋 sofa\r\nprobe: { "samples": no }\r\n';
    const { diagnostics } = await judgeExperiment(text, project());
    assert.deepEqual(diagnostics[0].start, { line: 2, column: 20, offset: text.indexOf('no }') });
  });

  test('a section that is begun but still empty counts as absent', () =>
    expectTold('generator: toy\nreview:\npreviews:\n', []));
});

describe('the meaning of an experiment on its models', () => {
  test('unknown models and predictors, with the nearest name', () =>
    expectTold('generator: toi\npredictors: [toy, colr]\n', [
      ['model', 'toi', 'toy'],
      ['model', 'colr'],
    ]));

  test('concepts: unknown ones, empty globs, a colour without the color predictor', async () => {
    await expectTold('generator: toy\nconcepts: [wood, atribute/*, attribute/indoor_lighting, "*/wood"]\n', [
      ['unknown-concept', 'wood', 'attribute/wood'],
      ['unknown-concept', 'atribute/*', 'attribute/*'],
    ]);
    const [hint] = await told('generator: toy\npredictors: [toy]\nconcepts: [color/hue 3, layout/*]\n');
    assert.match(hint.message, /Add color to `predictors:`/);
  });

  test('pairs of categories: the pair is suggested, with both of its names mended', async () => {
    await expectTold(
      'generator: toy\nconcepts: [category/bedrom~livin room, category/bedroom~livin_room, category/bedrom~bedroom, category/zzz~bedroom]\n',
      [
        ['unknown-concept', 'category/bedrom~livin room', 'category/bedroom~living room'],
        ['unknown-concept', 'category/bedroom~livin_room', 'category/bedroom~living room'],
        ['unknown-concept', 'category/bedrom~bedroom'],
        ['unknown-concept', 'category/zzz~bedroom'],
      ],
    );
    const [first] = await told('generator: toy\nconcepts: [category/bedroom~livin room]\n');
    assert.match(first.message, /no concept 'category\/livin room', which the pair .* names/);
  });

  test('layers: unknown groups, ranges beyond the generator, backwards, the same twice', () =>
    expectTold('generator: toy\nrescore: { layers: [botom, 4-6, 3-1, 0-1, bottom, 5] }\n', [
      ['unknown-layers', 'botom', 'bottom'],
      ['unknown-layers', '4-6'],
      ['unknown-layers', '3-1', '1-3'],
      ['duplicate', 'bottom'],
    ]));

  test('layers: all of them is the ranking, not one of its parts', () =>
    expectTold('generator: toy\nrescore: { layers: [all, bottom] }\n', [['duplicate', 'all']]));

  test('positives and negatives must come out of the samples, and suffice for a boundary', async () => {
    await expectTold('generator: toy\nprobe: { samples: 100, positives: 60 }\n', [['too-many-chosen', '60']]);
    await expectTold('generator: toy\nprobe: { samples: 100, positives: 2, negatives: 2 }\n', [
      ['too-few-chosen', '2'],
    ]);
    await expectTold('generator: toy\nprobe: { samples: 300 }\n', [['warning:too-few-chosen', '300']]);
  });

  test('re-scoring that can find nothing to move is a warning', async () => {
    await expectTold('generator: toy\nrescore: { samples: 19, step: 0 }\n', [
      ['warning:too-few-moved', '19'],
      ['warning:no-step', '0'],
    ]);
    await expectTold('generator: toy\nrescore: { samples: 20, step: -1 }\n', []);
  });

  test('a space that the generator lacks', async () => {
    const without = manifestText().replace(/, styles: \[[^\]]*\]/g, '');
    await expectTold('generator: toy\nspace: y\n', [['no-such-space', 'y', 'w']], without);
  });

  test('classes: missing, out of range, on a generator without', async () => {
    const conditional = manifestText().replace('  resolution: 16', '  classes: 10\n  resolution: 16');
    await expectTold('generator: toy\n', [['class', 'toy']], conditional);
    await expectTold('generator: toy\nclass: 10\n', [['class', '10']], conditional);
    await expectTold('generator: toy\nclass: 9\n', [], conditional);
    await expectTold('generator: toy\nclass: 0\n', [['class', 'class']]);
  });

  test("previews: edits' concepts and layers", () =>
    expectTold(
      'generator: toy\nconcepts: [layout/*]\npreviews:\n  a:\n    edits:\n      - { concept: attribute/wod, layers: uper }\n      - { concept: attribute/wood }\n',
      [
        ['unknown-concept', 'attribute/wod', 'attribute/wood'],
        ['unknown-layers', 'uper', 'upper'],
        ['not-studied', 'attribute/wood'],
      ],
    ));

  test("transitions' categories", () =>
    expectTold(
      'generator: toy\ntransitions:\n  - { path: [bedroom, livin room, attribute/wood] }\n  - { path: [bedroom, category/bedroom] }\n',
      [
        ['unknown-concept', 'livin room', 'category/living room'],
        ['unknown-concept', 'attribute/wood'],
        ['duplicate', 'category/bedroom'],
      ],
    ));

  test('a review of something unknown is a warning: it was known once', () =>
    expectTold('generator: toy\nreview: { attribute/woood: { verdict: accepted } }\n', [
      ['warning:unknown-concept', 'attribute/woood', 'attribute/wood'],
    ]));

  test('two predictors that score one concept', async () => {
    const place = project();
    writeModel(`${place.folder}/models/other`, manifestText('other'));
    const { diagnostics } = await judgeExperiment('generator: toy\npredictors: [toy, other, color]\n', place);
    assert.equal(diagnostics.filter(({ code }) => code === 'duplicate').length, 6);
  });

  test('a predictor that cannot take the size of the images', () =>
    expectTold('generator: toy\n', [['size', 'toy']], manifestText().replace('size: 8', 'size: 5')));
});

describe('the JSON Schema for editors', () => {
  const schema = jsonSchema();

  test('describes every top-level key and gives the defaults', () => {
    for (const key of Object.keys(experimentSchema.shape)) {
      assert.ok(schema.properties?.[key], key);
    }
    assert.equal(schema.properties?.probe.properties?.samples.default, 20_000);
    assert.match(schema.properties?.space.description ?? '', /Default: w/);
    assert.deepEqual(schema.required, ['generator']);
  });

  test('is a copy: a caller that adds to it changes nothing', () => {
    jsonSchema().title = 'x';
    assert.notEqual(jsonSchema().title, 'x');
  });
});

test('the example experiment has no complaints on the bundled models', async () => {
  const file = 'examples/rooms/bedroom.higan.yaml';
  const { diagnostics } = await judgeExperiment(readFileSync(file, 'utf8'), { experimentFile: file });
  assert.deepEqual(diagnostics, []);
});
