/** Two stored studies sample by sample: when they can be paired, and what pairing them says. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { before, describe } from 'node:test';
import { compareStudies, readStudyOfText, runStudy, type StudyOutcome } from '../../../src/engine/study';
import { openStoreForReading } from '../../../src/engine/store/read';
import type { Stage } from '../../../src/protocol/experiment';
import type { StudyResult } from '../../../src/protocol/results';
import { scratch } from '../experiment/models';
import { writeLinearModel } from '../../fixtures/linear-model';
import { writeExperiment } from './folders';

const planted = [
  { label: 'one', layers: [0], scale: 1 },
  { label: 'two', layers: [2], scale: 1 },
  { label: 'three', layers: [3], scale: 1 },
];
interface Change {
  seed?: number;
  step?: number;
  samples?: number;
  space?: 'w' | 'z';
  concepts?: string;
  compat?: boolean;
  probe?: number;
  predictor?: string;
}
const experiment = (change: Change = {}) => `
generator: toy
predictors: [${change.predictor ?? 'toy'}]
seed: ${change.seed ?? 3}
space: ${change.space ?? 'w'}
concepts: ${change.concepts ?? '[attribute/*]'}
probe: { samples: ${change.probe ?? 2000}, positives: 200, negatives: 200 }
rescore: { samples: ${change.samples ?? 150}, step: ${change.step ?? 2}, layers: none, nulls: 2 }
${change.compat ? 'compat: higan' : ''}
`;

describe('two studies', () => {
  const folder = scratch();
  const store = path.join(folder, '.higan');
  let file: string;
  let base: StudyResult;

  const run = (text: string, until?: Stage): Promise<StudyOutcome> =>
    runStudy({ file, text, latest: false, until, device: 'cpu' });
  const against = async (text: string, until?: Stage) => {
    const { result } = await run(text, until);
    const of = ({ provenance }: StudyResult) => ({ store, study: provenance.experiment });
    return { result, paired: await compareStudies(of(base), of(result)) };
  };

  before(async () => {
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    // Reads the same of the same images, in a third of the unit.
    const thrice = planted.map((concept) => ({ ...concept, scale: 3 }));
    await writeLinearModel(path.join(folder, 'models', 'thrice'), thrice, { D: 16 });
    file = await writeExperiment(folder, experiment());
    base = (await runStudy({ file, device: 'cpu' })).result;
  });

  test('of the same samples are paired: the difference is that of the Δ, with an interval of its own', async () => {
    const { result, paired } = await against(experiment({ step: 2.2 }));
    assert.deepEqual([paired.samples, paired.reason], [150, null]);
    assert.equal(paired.concepts.length, 3);
    for (const { concept, delta, deltaInterval, differs, samples } of paired.concepts) {
      const [a, b] = [base, result].map(
        (each) => each.concepts.find((one) => one.concept === concept)!.effect!,
      );
      assert.ok(Math.abs(delta - (b.delta - a.delta)) < 1e-9, concept);
      // The model is linear: a tenth more step is a tenth more Δ.
      assert.ok(Math.abs(delta - 0.1 * a.delta) < 0.02 * a.delta, `${concept}: ${delta} of ${a.delta}`);
      assert.ok(deltaInterval!.low > 0 && deltaInterval!.low < delta && delta < deltaInterval!.high);
      assert.deepEqual([differs, samples], [true, 150]);
    }
  });

  test('of as many samples as both have, whatever the concepts and the space', async () => {
    const concepts = '[attribute/two, attribute/three]';
    const { paired } = await against(experiment({ samples: 100, concepts, space: 'z' }));
    assert.deepEqual([paired.samples, paired.reason], [100, null]);
    assert.deepEqual(
      paired.concepts.map(({ concept, samples }) => [concept, samples]),
      [
        ['attribute/two', 100],
        ['attribute/three', 100],
      ],
    );
  });

  test('of one meaning do not differ', async () => {
    const { paired } = await against(`# only a comment\n${experiment()}`);
    assert.deepEqual(
      paired.concepts.map(({ delta, movers, differs }) => [delta, movers, differs]),
      [0, 0, 0].map(() => [0, 0, false]),
    );
  });

  test('of one predictor count in one standard deviation, the larger probe’s, whichever side that is', async () => {
    const { result } = await run(experiment({ probe: 1000 }));
    const of = ({ provenance }: StudyResult) => ({ store, study: provenance.experiment });
    for (const [a, b] of [
      [base, result],
      [result, base],
    ]) {
      const { concepts } = await compareStudies(of(a), of(b));
      for (const { concept, delta } of concepts) {
        const [inA, inB, larger] = [a, b, base].map((each) =>
          each.concepts.find((one) => one.concept === concept),
        );
        const raw = inB!.effect!.deltaRaw - inA!.effect!.deltaRaw;
        assert.ok(Math.abs(inA!.probeStd / inB!.probeStd - 1) > 1e-3, 'the probes estimate it differently');
        assert.ok(Math.abs(delta - raw / larger!.probeStd) < 1e-7, concept);
      }
    }
  });

  test('of different predictors count each in its own, and do not differ by what is not known of these', async () => {
    const { result, paired } = await against(experiment({ predictor: 'models/thrice/toy' }));
    assert.equal(paired.concepts.length, 3);
    for (const { concept, delta, deltaInterval, differs } of paired.concepts) {
      const [a, b] = [base, result].map((each) => each.concepts.find((one) => one.concept === concept)!);
      assert.ok(Math.abs(b.probeStd / a.probeStd - 3) < 0.01 && Math.abs(delta) < 1e-4, concept);
      const known = a.probeStdError! / a.probeStd + b.probeStdError! / b.probeStd;
      assert.ok(deltaInterval!.high > 1.9 * known * a.effect!.delta && deltaInterval!.low < 0, concept);
      assert.equal(differs, false);
    }
    const { path: written } = (await (
      await openStoreForReading(store)
    ).readResult(result.provenance.experiment))!;
    writeFileSync(written, readFileSync(written, 'utf8').replaceAll('"probeStdError"', '"old"'));
    const { paired: old } = await against(experiment({ predictor: 'models/thrice/toy' }));
    assert.match(old.reason!, /Their predictors differ, .* did not record how well .*: run it again\.$/);
  });

  test('under compat: higan are paired in units of the score', async () => {
    const { result: first } = await run(experiment({ compat: true }));
    const { result: second } = await run(experiment({ compat: true, step: 2.2 }));
    const of = ({ provenance }: StudyResult) => ({ store, study: provenance.experiment });
    const paired = await compareStudies(of(first), of(second));
    assert.deepEqual([paired.samples, paired.reason, paired.concepts.length], [150, null, 3]);
    for (const { concept, delta, deltaInterval, differs } of paired.concepts) {
      const [a, b] = [first, second].map((each) => each.concepts.find((one) => one.concept === concept)!);
      assert.ok(Math.abs(delta - (b.effect!.deltaRaw - a.effect!.deltaRaw)) < 1e-7, concept);
      assert.ok(Math.abs(a.probeStd - 1) > 0.1, 'its unit is not one standard deviation');
      assert.ok(deltaInterval!.low < delta && delta < deltaInterval!.high && differs, concept);
    }
  });

  test('of which one is under compat: higan count in different units, and have no difference', async () => {
    const { paired } = await against(experiment({ compat: true }));
    assert.deepEqual([paired.samples, paired.concepts], [0, []]);
    assert.match(
      paired.reason!,
      /A counts in standard deviations of the score, B in units of the score.*'compat: higan' or neither/,
    );
  });

  test('of other samples are not paired, and the reason is named', async () => {
    const { paired } = await against(experiment({ seed: 4 }));
    assert.deepEqual(paired, {
      ...{ samples: 0, concepts: [] },
      reason: 'The two drew different samples: the seeds are 3 and 4.',
    });
  });

  test('that are not re-scored say so', async () => {
    const { paired } = await against(experiment({ step: 3 }), 'boundary');
    assert.match(paired.reason!, /not been re-scored.*run it to the stage rescore/);
  });

  test('that are gone are a sentence', async () => {
    const there = { store, study: base.provenance.experiment };
    await assert.rejects(
      compareStudies(there, { store, study: 'a'.repeat(64) }),
      /no study aaaaaaaa any more/,
    );
  });

  test('an earlier text is run and found without becoming the latest', async () => {
    const text = experiment({ step: 2.2 });
    const again = await run(text);
    assert.ok(again.cached);
    const found = await readStudyOfText({ file, text });
    assert.equal(found?.result.step, 2.2);
    const latest = await (await openStoreForReading(store)).readLatest(file);
    assert.equal(latest?.pointer.experiment, base.provenance.experiment);
    assert.equal(await readStudyOfText({ file, text: experiment({ step: 7 }) }), null);
  });
});
