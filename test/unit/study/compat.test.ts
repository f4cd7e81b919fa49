/**
 * `compat: higan` against a restatement of the reference code's formulas in NumPy (test/fixtures/compat.py): the same
 * toy models there and here, a study run from the file to the exported arrays.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { before, describe, after } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { stringify } from 'yaml';
import { GraphBuilder } from '../../../src/engine/graph';
import { encodeNpy, readBoundaryFile, readNpy } from '../../../src/engine/formats';
import { readRescored, readScoreTable } from '../../fixtures/exported-scores';
import { rankingText } from '../../../src/cli/print/ranking';
import { decimal } from '../../../src/cli/print/text';
import { exportHigan, runStudy, studyReport } from '../../../src/engine/study';
import { decimal as reportDecimal } from '../../../src/engine/study/report-tables';
import type { StudyResult } from '../../../src/protocol/results';
import { numbers } from '../graph/rooms';
import { writeExperiment } from './folders';

const D = 8;
const L = 4;
const R = 8;
const pixels = 3 * R * R;
const labels = { attribute: ['wood', 'warm'], category: ['attic', 'bar', 'cave'] };

interface Fixture {
  z: number[][];
  w: number[][];
  wp: number[][][];
  /** Attributes, then categories. */
  scores: number[][];
  concepts: Record<string, { direction: number[]; accuracy: number; scores: number[][]; delta: number[] }>;
}

/** The models of compat.py: codes → image linear, image → scores linear, a category head with a softmax. */
async function writeModels(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const save = async (name: string, bytes: Uint8Array): Promise<{ file: string; sha256: string }> => {
    await writeFile(path.join(folder, name), bytes);
    return { file: name, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const mapping = new GraphBuilder('mapping');
  const z = mapping.input('z', ['B', D]);
  const matrix = numbers(D * D, 0.3, 1).map((x, i) => x + (i % (D + 1) === 0 ? 1 : 0));
  const gemm = mapping.op('Gemm', [z, mapping.floats(matrix, [D, D])], { transB: { int: 1 } });
  mapping.output('w', gemm, ['B', D]);

  const synthesis = new GraphBuilder('synthesis');
  const flat = synthesis.op('Flatten', [synthesis.input('codes', ['B', L, D])]);
  const weights = synthesis.floats(numbers(L * D * pixels, 0.12, 3), [L * D, pixels]);
  const shaped = synthesis.op('Reshape', [
    synthesis.op('MatMul', [flat, weights]),
    synthesis.ints([-1, 3, R, R]),
  ]);
  synthesis.output('image', shaped, ['B', 3, R, R]);

  const predictor = new GraphBuilder('predictor');
  const image = predictor.op('Flatten', [predictor.input('image', ['B', 3, R, R])]);
  const head = (name: string, count: number, seed: number): void =>
    predictor.output(
      name,
      predictor.op('MatMul', [image, predictor.floats(numbers(pixels * count, 0.2, seed), [pixels, count])]),
      ['B', count],
    );
  head('attributes', 2, 4);
  head('categories', 3, 5);
  const manifest = {
    manifest: 1,
    name: 'toy',
    generator: {
      mapping: { ...(await save('mapping.onnx', mapping.encode())), input: 'z', output: 'w' },
      synthesis: { ...(await save('synthesis.onnx', synthesis.encode())), input: 'codes', output: 'image' },
      resolution: R,
      z: { dim: D, normalize: 'pixel' },
      w: { dim: D },
      truncation: {
        psi: 0.7,
        cutoff: 2,
        mean: await save('mean.npy', encodeNpy(numbers(D, 0.5, 2), [D])),
      },
      layers: Array.from({ length: L }, () => ({ resolution: R })),
      groups: {},
    },
    predictors: [
      {
        ...(await save('predictor.onnx', predictor.encode())),
        input: { name: 'image', size: R, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
        heads: [
          {
            ...{ output: 'attributes', level: 'attribute', labels: labels.attribute },
            ...{ activation: 'sigmoid', threshold: 0.5 },
          },
          {
            ...{ output: 'categories', level: 'category', labels: labels.category },
            ...{ activation: 'softmax', threshold: 'argmax' },
          },
        ],
      },
    ],
  };
  await writeFile(path.join(folder, 'manifest.yaml'), stringify(manifest));
}

const experiment = `
generator: toy
predictors: [toy]
seed: 11
probe: { samples: 600, positives: 60 }
rescore: { samples: 64, layers: each, top: all, nulls: 2 }
compat: higan
`;

describe('compat: higan', () => {
  let folder = '';
  let file = '';
  let out = '';
  let expected: Fixture;
  let result: StudyResult;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'higan-compat-'));
    out = path.join(folder, 'out');
    expected = JSON.parse(await readFile('test/fixtures/data/compat.json', 'utf8')) as Fixture;
    await writeModels(path.join(folder, 'models', 'toy'));
    file = await writeExperiment(folder, experiment);
    ({ result } = await runStudy({ file, device: 'cpu' }));
    await exportHigan({ file, folder: out, device: 'cpu' });
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

  const near = (
    actual: ArrayLike<number>,
    wanted: readonly number[],
    tolerance: number,
    what: string,
  ): void =>
    wanted.forEach((x, i) =>
      assert.ok(Math.abs(actual[i] - x) <= tolerance, `${what}[${i}]: ${actual[i]}, the reference ${x}`),
    );

  test('draws codes of norm √D, maps them, and truncates the layers below the cut-off', async () => {
    for (const form of ['z', 'w', 'wp'] as const) {
      const { data } = await readNpy(path.join(out, `${form}.npy`));
      near(Float64Array.from(data as Float32Array), expected[form].flat(2), 2e-6, form);
    }
  });

  test('scores bytes: raw attributes, and categories whose negative weights are 0', async () => {
    const tables = await Promise.all(
      (['attribute', 'category'] as const).map((level) => readScoreTable(path.join(out, `${level}.npy`))),
    );
    assert.deepEqual(
      tables.map(({ names }) => names),
      [labels.attribute, labels.category],
    );
    expected.scores.forEach((row, i) => {
      near(tables[0].scores.subarray(2 * i), row.slice(0, 2), 1e-4, `attributes of ${i}`);
      near(tables[1].scores.subarray(3 * i), row.slice(2), 1e-5, `categories of ${i}`);
    });
  });

  test('finds the boundary of SVC(kernel="linear", C=1) on the same split of the same codes', async () => {
    for (const [concept, { direction, accuracy }] of Object.entries(expected.concepts)) {
      const label = concept.slice(concept.indexOf('/') + 1);
      const read = await readBoundaryFile(path.join(out, `${label}_w_boundary.npy`));
      const cosine = direction.reduce((sum, x, j) => sum + x * read.direction[j], 0);
      assert.ok(cosine > 0.99999, `${concept}: cosine ${cosine}`);
      const found = result.concepts.find((one) => one.concept === concept);
      assert.equal(found?.boundary?.accuracy, accuracy, concept);
    }
  });

  test('moves by the plain λ = 2, by ψ of it below the cut-off, on all layers and on each', async () => {
    assert.deepEqual([result.unit, result.step], ['raw', 2]);
    for (const [concept, { scores }] of Object.entries(expected.concepts)) {
      const label = concept.slice(concept.indexOf('/') + 1);
      const read = await readRescored(path.join(out, `${label}_w_scores.npy`));
      assert.deepEqual([read.samples, read.columns], [64, 2 + L]);
      near(read.scores, scores.flat(), 0.02, concept);
    }
  });

  test('gives Δ of every concept and layer in units of the score, and ranks by it', () => {
    for (const { concept, effect, layers } of result.concepts) {
      const { delta } = expected.concepts[concept];
      const found = [effect, ...(layers ?? [])].map((one) => one?.deltaRaw ?? NaN);
      assert.equal(found.length, 1 + L);
      near(found, delta, 2e-3 * Math.max(...delta), concept);
    }
    for (const level of ['attribute', 'category']) {
      const order = (names: { name: string; by: number }[]): string[] =>
        names.sort((a, b) => a.by - b.by).map(({ name }) => name);
      assert.deepEqual(
        order(
          result.concepts
            .filter((one) => one.level === level)
            .map(({ concept, rank }) => ({ name: concept, by: rank ?? NaN })),
        ),
        order(
          Object.entries(expected.concepts)
            .filter(([concept]) => concept.startsWith(level))
            .map(([name, { delta }]) => ({ name, by: -delta[0] })),
        ),
      );
    }
  });

  test('prints and reports Δ in the unit that it ranks by', async () => {
    assert.equal(result.compat, 'higan');
    const report = await studyReport({ file });
    for (const level of ['attribute', 'category'] as const) {
      const lines = rankingText(result, { by: 'rescore', level }, { width: 100, color: false }).split('\n');
      for (const { concept, rank, effect } of result.concepts.filter((one) => one.level === level)) {
        const raw = effect?.deltaRaw ?? NaN;
        const label = concept.slice(level.length + 1);
        const line = lines.find((one) => new RegExp(`^ *${rank} +${label} `).test(one)) ?? '';
        assert.ok(line.includes(` ${decimal(raw)} `), line);
        assert.match(report, new RegExp(`\\| ${rank} \\| ${label} \\| ${reportDecimal(raw)} \\|`));
      }
    }
    assert.match(report, /in units of the score, by which the reference code ranks/);
  });

  test('is another study than the same file without it', async () => {
    const text = experiment.replace('compat: higan', '');
    const plain = await runStudy({
      file,
      text,
      store: path.join(folder, 'plain'),
      device: 'cpu',
      until: 'rank',
    });
    assert.equal(plain.result.unit, 'sigma');
    const probability = plain.result.concepts.find(({ concept }) => concept === 'attribute/wood');
    assert.ok((probability?.probeMean ?? 2) < 1, 'an attribute is a probability there');
    assert.notEqual(plain.result.provenance.experiment, result.provenance.experiment);
  });
});
