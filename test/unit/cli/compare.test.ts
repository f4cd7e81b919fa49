/** `higan compare`, and `higan run --rev`: one study at two revisions, from a terminal. */
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { before, describe } from 'node:test';
import { writeFileSync } from 'node:fs';
import { writeLinearModel } from '../../fixtures/linear-model';
import { scratch } from '../experiment/models';
import { commit, git } from '../revisions/repositories';
import { higan } from './higan';

const text = (step: number, seed = 3): string => `generator: toy
predictors: [toy]
seed: ${seed}
probe: { samples: 1000, positives: 100, negatives: 100 }
rescore: { samples: 60, step: ${step}, layers: none, nulls: 2 }
`;

describe('higan compare', () => {
  const folder = scratch();
  const file = 'a.higan.yaml';
  let first: string;

  before(async () => {
    const planted = ['one', 'two'].map((label, k) => ({ label, layers: [2 * k], scale: 1 }));
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    git(folder, 'init', '--quiet');
    first = commit(folder, file, text(2), 'Steps of two').slice(0, 7);
    commit(folder, file, text(3), 'Steps of three');
    assert.equal((await higan(folder, 'run', file, '--device', 'cpu')).code, 0);
  });

  test('a revision that was not run is told, with what runs it', async () => {
    const { code, out, err } = await higan(folder, 'compare', file, '--rev', 'HEAD~1');
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, new RegExp(`at ${first} has not been run: run .higan run ${file} --rev HEAD~1.`));
  });

  test('run --rev runs it and leaves the latest result alone', async () => {
    const ran = await higan(folder, 'run', file, '--rev', 'HEAD~1', '--device', 'cpu');
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /Look +higan compare a\.higan\.yaml --rev HEAD~1/);
    const latest = await higan(folder, 'rank', file);
    assert.match(latest.out, /moved by 3\.0 σ/);
    assert.equal(latest.err, '', 'the result is of the present text');
  });

  test('then compares it sample by sample', async () => {
    const { code, out, err } = await higan(folder, 'compare', file, '--rev', 'HEAD~1');
    assert.equal(code, 0, err);
    assert.match(
      out,
      new RegExp(`^A a\\.higan\\.yaml\nB a\\.higan\\.yaml @ ${first} · 2026-03-04 · Steps of two\n`),
    );
    assert.match(out, /Paired over the 60 samples that both drew/);
    assert.match(out, /attribute\/one .*moves .*moves +−\d\.\d\d +−\d\.\d\d … −\d\.\d\d +B is lower/);
    for (const line of out.split('\n')) assert.ok(line.length <= 100, line);
    const json = JSON.parse((await higan(folder, 'compare', file, '--rev', first, '--json')).out) as {
      samples: number;
      concepts: Record<string, unknown>[];
    };
    assert.equal(json.samples, 60);
    assert.deepEqual(Object.keys(json.concepts[0]), [
      ...[
        'concept',
        'level',
        'left',
        'right',
        'movesLeft',
        'movesRight',
        'difference',
        'low',
        'high',
        'differs',
        'overlap',
      ],
    ]);
  });

  test('two experiments of different samples are compared without pairs', async () => {
    writeFileSync(path.join(folder, 'b.higan.yaml'), text(3, 4));
    const early = await higan(folder, 'compare', file, 'b.higan.yaml');
    assert.equal(early.code, 1);
    assert.match(early.err, /b\.higan\.yaml has not been run yet/);
    assert.equal((await higan(folder, 'run', 'b.higan.yaml', '--device', 'cpu')).code, 0);
    const { code, out } = await higan(folder, 'compare', file, 'b.higan.yaml');
    assert.equal(code, 0);
    assert.match(out, /Not paired.*the seeds are 3\s+and\s+4/s);
    assert.match(out, /attribute\/one .*moves .*intervals (overlap|apart)/);
  });

  test('wrong use and wrong revisions exit with 2', async () => {
    const alone = await higan(folder, 'compare', file);
    assert.equal(alone.code, 2);
    assert.match(alone.err, /another experiment, or a revision of this one with --rev/);
    const nowhere = await higan(folder, 'compare', file, '--rev', 'nowhere');
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.err, /git knows no revision 'nowhere' here/);
    assert.equal((await higan(folder, 'run', file, '--rev', 'nowhere')).code, 2);
  });
});
