import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { describe } from 'node:test';
import { encodeNpy } from '../../../src/engine/formats';
import { manifestText, project, scratch, writeModel } from '../experiment/models';
import { writeLinearModel } from '../../fixtures/linear-model';
import { byShell, higan, start } from './higan';

function experiment(text: string): string {
  const folder = scratch();
  writeFileSync(path.join(folder, 'a.higan.yaml'), text);
  return folder;
}

describe('higan check', () => {
  test('says where, what and the remedy, and exits with 2', async () => {
    const folder = experiment('generator: rooms\nconcepts: [attribute/wod]\nseeed: 1\n');
    const { code, out, err } = await higan(folder, 'check', 'a.higan.yaml');
    assert.equal(code, 2);
    assert.deepEqual(out.trimEnd().split('\n'), [
      "a.higan.yaml:2:12: The predictors know no concept 'attribute/wod'. Did you mean 'attribute/wood'?",
      "a.higan.yaml:3:1: 'seeed' is not a key of an experiment. Did you mean 'seed'?",
      '2 errors, 0 warnings.',
    ]);
    assert.equal(err, '');
  });

  test('exits with 0 for warnings only, and for nothing to say', async () => {
    const warned = experiment('generator: rooms\nreview: { attribute/wod: {} }\n');
    const { code, out } = await higan(warned, 'check', 'a.higan.yaml');
    assert.equal(code, 0);
    assert.match(out, /^a\.higan\.yaml:2:11: warning: .*\n0 errors, 1 warning\.\n$/);
    const fine = await higan(experiment('generator: rooms\n'), 'check', 'a.higan.yaml');
    assert.deepEqual([fine.code, fine.out], [0, 'a.higan.yaml: no problems.\n']);
  });

  test('speaks JSON, with lines and columns as editors count them', async () => {
    const folder = experiment('generator: rooms\nspace: v\n');
    const { code, out } = await higan(folder, 'check', 'a.higan.yaml', '--json');
    assert.equal(code, 2);
    const [first] = JSON.parse(out) as Record<string, unknown>[];
    assert.deepEqual([first.line, first.column, first.endColumn, first.code], [2, 8, 9, 'wrong-value']);
  });

  test('finds models in --model-path', async () => {
    const folder = experiment('generator: toy\n');
    const models = path.dirname(writeModel(path.join(scratch(), 'toy')));
    assert.equal((await higan(folder, 'check', 'a.higan.yaml')).code, 2);
    assert.equal((await higan(folder, 'check', 'a.higan.yaml', '--model-path', models)).code, 0);
    // Like every path of the command line it counts from the working folder, not from the experiment's.
    const above = path.dirname(folder);
    const [file, given] = [path.join(path.basename(folder), 'a.higan.yaml'), path.relative(above, models)];
    assert.equal((await higan(above, 'check', file, '--model-path', given)).code, 0);
  });
});

describe('wrong use', () => {
  test('an unknown verb or option gets the nearest, and exit code 2', async () => {
    const verb = await higan(scratch(), 'chek', 'a.higan.yaml');
    assert.equal(verb.code, 2);
    assert.match(verb.err, /Did you mean check\?/);
    const option = await higan(scratch(), 'check', '--jsno', 'a.higan.yaml');
    assert.equal(option.code, 2);
    assert.match(option.err, /Did you mean --json\?/);
  });

  test('a choice that is none, and a number that is none', async () => {
    for (const args of [
      ['run', 'a', '--until', 'soon'],
      ['rank', 'a', '--by', 'beauty'],
      ['sample', 'rooms', '--indices', '3-1', '--out', '.'],
    ]) {
      assert.equal((await higan(scratch(), ...args)).code, 2, args.join(' '));
    }
  });

  test('a file that is not there is one sentence, not a stack trace', async () => {
    for (const verb of ['check', 'run', 'rank', 'layers', 'entanglement']) {
      const { code, out, err } = await higan(scratch(), verb, 'no.higan.yaml');
      assert.deepEqual([code, out], [2, ''], verb);
      assert.match(err, /^no\.higan\.yaml does not exist\. Check its path\.\n$/);
    }
  });

  test('a broken experiment does not run: every error is told', async () => {
    const folder = experiment('generator: rooms\nspace: v\nprobe: { samples: 10, positives: 9 }\n');
    const { code, err } = await higan(folder, 'run', 'a.higan.yaml');
    assert.equal(code, 2);
    assert.match(err, /a\.higan\.yaml:2:8: .*\na\.higan\.yaml:3:34: /);
    assert.doesNotMatch(err, /\n {4}at /);
  });

  test('HIGAN_DEBUG shows where a failure comes from', async () => {
    const { err } = await start(scratch(), ['check', 'no.higan.yaml'], { HIGAN_DEBUG: '1' }).done;
    assert.match(err, /\n {4}at /);
  });

  test('what was never run cannot be ranked', async () => {
    const { code, err } = await higan(experiment('generator: rooms\n'), 'rank', 'a.higan.yaml');
    assert.equal(code, 1);
    assert.match(err, /has not been run yet.*higan run a\.higan\.yaml/);
  });

  test('sample wants to know where images go and what codes are', async () => {
    assert.match((await higan(scratch(), 'sample', 'rooms')).err, /--out DIR for PNG files/);
    assert.match(
      (await higan(scratch(), 'sample', 'rooms', '--codes', 'x.npy', '--out', 'o')).err,
      /--space/,
    );
  });

  test('a class of a generator that has none is refused', async () => {
    const { code, err } = await higan(scratch(), 'sample', 'rooms', '--class', '1', '--out', 'o');
    assert.deepEqual([code, err], [2, "The model 'rooms' has no classes; leave --class away.\n"]);
  });

  test('no images and no codes are nothing to work on', async () => {
    const folder = scratch();
    writeFileSync(path.join(folder, 'images.npy'), encodeNpy(new Uint8Array(0), [0, 64, 64, 3]));
    writeFileSync(path.join(folder, 'codes.npy'), encodeNpy(new Float32Array(0), [0, 128]));
    const scored = await higan(folder, 'score', 'rooms', '--images', 'images.npy');
    assert.deepEqual([scored.code, scored.out], [2, '']);
    assert.match(scored.err, /shape \[0, 64, 64, 3\]: there is none to score/);
    const sampled = await higan(
      folder,
      'sample',
      'rooms',
      '--codes',
      'codes.npy',
      '--space',
      'z',
      '--npy',
      'o',
    );
    assert.equal(sampled.code, 2);
    assert.match(sampled.err, /shape \[0, 128\]: there is none in them/);
  });

  test('a folder that is no store is neither measured nor pruned', async () => {
    const folder = scratch();
    for (const store of [path.join(folder, 'mistyped'), folder]) {
      for (const verb of [['store'], ['store', 'prune'], ['store', 'prune', '--dry-run']]) {
        const { code, err } = await higan(folder, ...verb, '--store', store);
        assert.equal(code, 2, verb.join(' '));
        assert.match(err, /is no store: nothing was run into it\. Check its path/);
      }
    }
    assert.deepEqual(readdirSync(folder), []);
    assert.match((await higan(folder, 'store', 'no.higan.yaml')).err, /no\.higan\.yaml does not exist/);
    assert.equal((await higan(folder, 'store')).code, 0, 'before the first run there is just nothing yet');
  });

  test('before the first run there is nothing to prune, and no store is made for it', async () => {
    const folder = scratch();
    const { code, out } = await higan(folder, 'store', 'prune');
    assert.equal(code, 0);
    assert.match(out, /^Deleted 0 items/);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('numbers and places that cannot work are refused before anything is opened', async () => {
    const folder = scratch();
    for (const [args, said] of [
      [['sample', 'rooms', '--psi', '1e300', '--out', 'o'], /A number from -2 to 2 is expected/],
      [['sample', 'rooms', '--out', ''], /A path is expected/],
      [
        ['sample', 'rooms', '--seed', '9', '--codes', 'x.npy', '--space', 'w', '--out', 'o'],
        /--seed exclude/,
      ],
      [['sample', 'rooms', '--model-path', 'nowhere', '--out', 'o'], /There is no such folder/],
      [['edit', 'a', 'b', '--steps', '1e300'], /Numbers from -100 to 100 are expected/],
      [['boundary', 'export', 'a', '--out', ''], /A path is expected/],
      [['rank', 'a', '--store', ''], /A path is expected/],
    ] as const) {
      const { code, err } = await higan(folder, ...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, said);
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  test('images that cannot be scored are told what to do to them', async () => {
    const folder = scratch();
    writeFileSync(path.join(folder, 'images.npy'), encodeNpy(new Uint8Array(96 * 96 * 3), [1, 96, 96, 3]));
    writeFileSync(path.join(folder, 'one.png'), '');
    for (const [predictors, images, said] of [
      [
        'rooms',
        'images.npy',
        /images of 96 × 96 .* Resize the images to sides that are multiples of 64 px\.$/m,
      ],
      ['rooms,rooms', 'images.npy', /^'rooms' is named twice: name it once\.$/m],
      ['rooms', 'one.png', /^one\.png is one image: give its folder\.$/m],
    ] as const) {
      const { code, err } = await higan(folder, 'score', predictors, '--images', images);
      assert.equal(code, 2, err);
      assert.match(err, said);
    }
  });

  test('a revision of a file that lies in no repository is no revision', async () => {
    const folder = experiment('generator: rooms\n');
    const { code, err } = await higan(folder, 'run', 'a.higan.yaml', '--rev', 'HEAD');
    assert.equal(code, 2, err);
    assert.match(err, /lies in no git repository, so it has no revision 'HEAD': commit it/);
  });

  test('a place where no folder can be made is named at once', async () => {
    // Linux has one at hand; elsewhere a file stands in the way.
    const folder = scratch();
    writeFileSync(path.join(folder, 'file'), '');
    const place = process.platform === 'linux' ? '/proc/higan' : path.join(folder, 'file', 'below');
    const { code, err } = await higan(folder, 'sample', 'rooms', '--out', place);
    assert.ok(code === 1 || code === 2);
    assert.match(err, /takes no folders there\. Choose another|a file lies where a folder is needed/);
  });

  test('help and version are no errors', async () => {
    const help = await higan(scratch(), '--help');
    assert.equal(help.code, 0);
    assert.match(help.out, /Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted/);
    const version = await higan(scratch(), '--version');
    assert.deepEqual([version.code, /^\d+\.\d+\.\d+\n$/.test(version.out)], [0, true]);
  });
});

describe('who does not read what is printed', { skip: process.platform === 'win32' }, () => {
  test('changes no exit code', async () => {
    const folder = experiment('generator: rooms\nspace: v\n');
    for (const line of [
      '$HIGAN check a.higan.yaml | true',
      '$HIGAN check a.higan.yaml > >(true)',
      '$HIGAN run no.higan.yaml 2> >(true)',
    ]) {
      const { code, err } = await byShell(folder, line);
      assert.deepEqual([code, err], [2, ''], line);
    }
  });

  test('what the disk refuses of it is a sentence, and a failure', async () => {
    // A limit on the size of files stands for a full disk.
    const { code, err } = await byShell(scratch(), 'ulimit -f 0; $HIGAN models > out');
    assert.equal(code, 1);
    assert.match(err, /^What this prints could not be written \(EFBIG\)\. Check the disk/);
    assert.doesNotMatch(err, /\n {4}at /);
  });
});

describe('higan models', () => {
  test('lists what is found where, broken ones with their error', async () => {
    const { folder } = project();
    writeModel(
      path.join(folder, 'models', 'bad'),
      manifestText('bad').replace('resolution: 16', 'resolution: big'),
    );
    const { code, out } = await higan(folder, 'models');
    assert.equal(code, 0);
    assert.match(out, /rooms .*\(bundled/);
    assert.match(
      out,
      /toy .*\(workspace, models\/toy\)\n {2}generator {2}16 × 16, layers 0-5: bottom 0-1, upper 2-5/,
    );
    assert.match(out, /bad\n {2}broken: .*manifest\.yaml:6:15: generator\.resolution: 'big' is given/);
    const json = JSON.parse((await higan(folder, 'models', '--json')).out) as Record<string, unknown>[];
    assert.deepEqual(
      json.map(({ name, origin, error }) => [name, origin, error === null]),
      [
        ['rooms', 'bundled', true],
        ['bad', 'workspace', false],
        ['toy', 'workspace', true],
      ],
    );
  });

  test('self-test speaks JSON, and leaves a manifest alone that has the image already', async () => {
    const { folder } = project();
    await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }], { D: 8 });
    const manifest = path.join(folder, 'models', 'toy', 'manifest.yaml');
    const made = async (): Promise<Record<string, unknown>> => {
      const { code, out, err } = await higan(folder, 'models', 'self-test', 'toy', '--json');
      assert.equal(code, 0, err);
      return JSON.parse(out) as Record<string, unknown>;
    };
    const first = await made();
    assert.deepEqual([first.model, first.device, first.written], ['toy', 'cpu', true]);
    await made();
    const { mtimeMs } = statSync(manifest);
    assert.deepEqual(await made(), { ...first, written: false });
    assert.equal(statSync(manifest).mtimeMs, mtimeMs);
  });

  test('check names the file that is not what its manifest says, and exits with 1', async () => {
    const { folder } = project();
    writeFileSync(path.join(folder, 'models', 'toy', 'synthesis.onnx'), 'changed');
    const { code, out, err } = await higan(folder, 'models', 'check', '--device', 'cpu');
    assert.equal(code, 1);
    assert.match(err, /^checking +2 models in .* s\n$/m);
    assert.match(out, /ok +rooms on cpu/);
    assert.match(out, /FAILED +toy on cpu: .*synthesis\.onnx is not the file that its manifest describes/);
  });
});
