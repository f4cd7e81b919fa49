/** A model whose files are not what its manifest says is refused by every verb that runs it, with exit code 2. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { before, describe } from 'node:test';
import { encodeNpy } from '../../../src/engine/formats';
import { renderPreview } from '../../../src/engine/study';
import { WarmLaboratory } from '../../../src/inference/warm-laboratory';
import { writeLinearModel } from '../../fixtures/linear-model';
import { scratch } from '../experiment/models';
import { higan } from './higan';

const experiment = `generator: toy
predictors: [toy]
probe: { samples: 200, positives: 40 }
boundary: { method: lda }
rescore: { samples: 24, nulls: 2, layers: groups }
previews:
  p: { samples: [1], edits: [{ concept: attribute/one, step: 1 }] }
`;

/** A folder with the model `toy` and an experiment on it. */
async function workplace(): Promise<{ folder: string; model: string }> {
  const folder = scratch();
  const { folder: model } = await writeLinearModel(
    path.join(folder, 'models'),
    [
      { label: 'one', layers: [0], scale: 1 },
      { label: 'two', layers: [2], scale: 1 },
    ],
    { D: 16 },
  );
  writeFileSync(path.join(folder, 'a.higan.yaml'), experiment);
  writeFileSync(path.join(folder, 'images.npy'), encodeNpy(new Uint8Array(16 * 16 * 3), [1, 16, 16, 3]));
  return { folder, model };
}

/** Writes a file of the model, and its SHA-256 into the manifest. */
function replace(model: string, file: string, bytes: Uint8Array): void {
  const hash = (of: Uint8Array): string => createHash('sha256').update(of).digest('hex');
  const before = hash(readFileSync(path.join(model, file)));
  writeFileSync(path.join(model, file), bytes);
  edit(model, before, hash(bytes));
}

/** Changes the manifest. */
function edit(model: string, from: string, to: string): void {
  const manifest = path.join(model, 'manifest.yaml');
  const text = readFileSync(manifest, 'utf8');
  assert.ok(text.includes(from), from);
  writeFileSync(manifest, text.replace(from, to));
}

const verbs: Record<string, string[]> = {
  run: ['run', 'a.higan.yaml', '--store', 'fresh'],
  // What the store answers, neither reads a model for.
  plan: ['run', 'a.higan.yaml', '--plan', '--store', 'fresh'],
  edit: ['edit', 'a.higan.yaml', 'p'],
  'edit of a study that was not run': ['edit', 'a.higan.yaml', 'p', '--store', 'fresh'],
  export: ['export', 'a.higan.yaml', '--higan', 'out'],
  sample: ['sample', 'toy', '--out', 'out'],
  score: ['score', 'toy', '--images', 'images.npy'],
  'models self-test': ['models', 'self-test', 'toy'],
};

/** Changes one byte of the synthesis network. */
function spoil(model: string): void {
  const file = path.join(model, 'synthesis.onnx');
  const bytes = readFileSync(file);
  bytes[bytes.length - 100] ^= 1;
  writeFileSync(file, bytes);
}

describe('a file with one byte changed', () => {
  let folder = '';
  let model = '';
  before(async () => {
    ({ folder, model } = await workplace());
    const ran = await higan(folder, 'run', 'a.higan.yaml', '--device', 'cpu');
    assert.equal(ran.code, 0, ran.err);
    spoil(model);
  });

  for (const [name, args] of Object.entries(verbs)) {
    test(`is refused by ${name}`, async () => {
      const { code, err } = await higan(folder, ...args, '--device', 'cpu');
      assert.equal(code, 2, err);
      assert.match(err, /synthesis\.onnx is not the file that its manifest describes.*Copy the model again/);
    });
  }

  test('is named by models check', async () => {
    const { code, out } = await higan(folder, 'models', 'check', '--device', 'cpu');
    assert.equal(code, 1);
    assert.match(out, /FAILED +toy on cpu: .*synthesis\.onnx is not the file that its manifest describes/);
  });
});

test('without its model a stored study is still read, and nobody says that its file has changed', async () => {
  const { folder, model } = await workplace();
  const ran = await higan(folder, 'run', 'a.higan.yaml', '--until', 'rank', '--device', 'cpu');
  assert.equal(ran.code, 0, ran.err);
  rmSync(model, { recursive: true });
  const { code, out, err } = await higan(folder, 'rank', 'a.higan.yaml');
  assert.equal(code, 0, err);
  assert.match(out, /attribute/);
  assert.match(
    err,
    /^Whether a\.higan\.yaml still means .* cannot be judged here \(its text is the same\), because:\n.*'toy'/,
  );
  assert.doesNotMatch(err, /has changed/);
  const report = (await higan(folder, 'report', 'a.higan.yaml')).out;
  assert.match(report, /> Whether a\.higan\.yaml still means .* cannot be judged here .*'toy'/);
  assert.doesNotMatch(report, /has changed/);
});

test('a model that changes while the inference process has it open is refused by the next preview', async (t) => {
  const { folder, model } = await workplace();
  const file = path.join(folder, 'a.higan.yaml');
  const text = experiment.replace(/edits: .*/, 'edits: [] }');
  const warm = new WarmLaboratory(
    () => undefined,
    () => 0,
  );
  t.after(() => warm.close());
  const preview = async (): Promise<void> => {
    const options = { device: 'cpu' } as const;
    const cells = renderPreview({ file, text, preview: 'p', ...options }, undefined, (models) =>
      warm.open(options, models),
    );
    for await (const cell of cells) assert.equal(cell.sample, 1);
  };
  await preview();
  spoil(model);
  await assert.rejects(preview(), {
    kind: 'bad-input',
    message: /synthesis\.onnx is not the file that its manifest/,
  });
});

test('a truncated network whose SHA-256 is in the manifest is named as damaged', async () => {
  const { folder, model } = await workplace();
  for (const file of ['synthesis.onnx', 'mapping.onnx']) {
    const whole = readFileSync(path.join(model, file));
    replace(model, file, whole.subarray(0, whole.length / 2));
    const { code, err } = await higan(folder, 'sample', 'toy', '--out', 'out', '--device', 'cpu');
    assert.equal(code, 2, err);
    assert.match(err, new RegExp(`toy/${file}`));
    assert.doesNotMatch(err, /onnxruntime-node/);
    const checked = await higan(folder, 'models', 'check', '--device', 'cpu');
    assert.equal(checked.code, 1);
    assert.match(checked.out, new RegExp(`FAILED +toy on cpu: toy/${file}`));
    replace(model, file, whole);
  }
  const { code, out } = await higan(folder, 'models', 'check', '--device', 'cpu');
  assert.equal(code, 0, out);
  assert.match(out, /ok +toy on cpu: Files as the manifest says, and all open/);
});

test('a length of z or w other than in the files is told with its place in the manifest', async () => {
  for (const [from, to, said] of [
    [
      'z:\n    dim: 16',
      'z:\n    dim: 20',
      /toy\/mapping\.onnx: 'z' is \[B, 16\].*generator\.z\.dim in its manifest/,
    ],
    [
      'w:\n    dim: 16',
      'w:\n    dim: 20',
      /toy\/(mapping|synthesis)\.onnx: .*generator\.w\.dim in its manifest/,
    ],
  ] as const) {
    const { folder, model } = await workplace();
    edit(model, from, to);
    for (const args of [
      ['run', 'a.higan.yaml'],
      ['sample', 'toy', '--out', 'out'],
    ]) {
      const { code, err } = await higan(folder, ...args, '--device', 'cpu');
      assert.equal(code, 2, err);
      assert.match(err, said);
      assert.doesNotMatch(err, /bug in HiGAN/);
    }
    const { code, out } = await higan(folder, 'models', 'check', '--device', 'cpu');
    assert.equal(code, 1);
    assert.match(out, said);
  }
});
