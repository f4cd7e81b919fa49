/** What is there already is the answer, and stays, whatever else is asked of the store. */
import assert from 'node:assert/strict';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { rankingText } from '../../../src/cli/print/ranking';
import { openStore, openStoreForReading } from '../../../src/engine/store';
import {
  exportHigan,
  prepareStudy,
  readEntanglementOf,
  readStudy,
  runStudy,
  studyReport,
} from '../../../src/engine/study';
import { Laboratory } from '../../../src/engine/study/laboratory';
import { readMoves } from '../../../src/engine/study/moves-document';
import { apparatusSettings, modelsOf } from '../../../src/engine/study/run';
import type { Progress, StudyResult } from '../../../src/protocol/results';
import { writeLinearModel } from '../../fixtures/linear-model';
import { contents, temporaryFolder, timeless, writeExperiment } from './folders';

const plain = { color: false, width: 100 };

const experiment = `
generator: toy
predictors: [toy]
seed: 3
probe: { samples: 600, positives: 60 }
rescore: { samples: 40, layers: none, nulls: 2 }
`;

test('a finished study stays when fewer stages are run on another device, and answers while somebody writes', async (context) => {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }], { D: 8 });
  const file = await writeExperiment(folder, experiment);
  const whole = await runStudy({ file, device: 'cpu' });

  // As if a GPU had computed it.
  const stored = JSON.parse(await readFile(whole.path, 'utf8')) as StudyResult;
  stored.provenance.device = 'webgpu';
  await writeFile(whole.path, JSON.stringify(stored));
  const short = await runStudy({ file, device: 'cpu', until: 'boundary' });
  assert.deepEqual([short.cached, short.result.stages], [false, ['probe', 'boundary']]);
  const kept = await readStudy({ file });
  assert.deepEqual(kept?.result.stages, whole.result.stages);
  assert.equal((await readEntanglementOf({ file })).rows.length, 1, 'the moves are still named');

  // Another text of the same meaning, while another process has the store.
  const text = `${experiment}# seen\n`;
  const lock = await (await openStore(path.join(folder, '.higan'), { write: true })).lock();
  try {
    const answer = await runStudy({ file, text });
    assert.deepEqual([answer.cached, answer.result.stages], [true, whole.result.stages]);
  } finally {
    await lock.release();
  }
});

test('what is damaged or gone in the store is no answer: the next run makes it whole, and only that', async (context) => {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }], { D: 8 });
  const file = await writeExperiment(folder, experiment);
  const { result } = await runStudy({ file, device: 'cpu' });
  const store = path.join(folder, '.higan');
  const whole = await contents(store);
  const cut = (name: string): Promise<void> => truncate(path.join(store, name), 50);
  const gone = (name: string): Promise<void> => rm(path.join(store, name));
  const damages: [what: string, parts: RegExp, harm: (name: string) => Promise<void>][] = [
    ['chunks cut off', /^chunks.*npy$/, cut],
    ['directions cut off', /^boundaries.*npy$/, cut],
    ['the list of moves cut off', /^documents\/moves/, cut],
    ['the list of moves gone', /^documents\/moves/, gone],
    ['how directions were fitted gone', /^documents\/boundary/, gone],
  ];
  for (const [what, parts, harm] of damages) {
    const harmed = [...whole.keys()].filter((name) => parts.test(name));
    assert.ok(harmed.length > 0, what);
    for (const name of harmed) await harm(name);
    const again = await runStudy({ file, device: 'cpu' });
    assert.deepEqual([again.cached, timeless(again.result)], [false, timeless(result)], what);
    assert.deepEqual(await contents(store), whole, what);
    assert.equal((await readEntanglementOf({ file })).rows.length, 1, what);
    assert.equal((await runStudy({ file, device: 'cpu' })).cached, true, what);
  }
});

test('scores that were changed within are told by their file, and deleting it is a remedy', async (context) => {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }], { D: 8 });
  const file = await writeExperiment(folder, experiment);
  const { result } = await runStudy({ file, device: 'cpu' });
  const store = await openStoreForReading(path.join(folder, '.higan'));
  const moves = await readMoves(store, result.provenance.experiment);
  const chunk = store.seriesNamed(moves?.originals ?? '').file(0);
  const bytes = await readFile(chunk);
  bytes[bytes.length - 1] ^= 1;
  await writeFile(chunk, bytes);
  await assert.rejects(readEntanglementOf({ file }), {
    message: new RegExp(`are damaged: delete ${chunk},`),
  });
  await rm(chunk);
  assert.equal((await runStudy({ file, device: 'cpu' })).cached, false);
  assert.equal((await readEntanglementOf({ file })).rows.length, 1);
});

test('a study can be stopped while its models open', async (context) => {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }], { D: 8 });
  const file = await writeExperiment(folder, experiment);
  const { experiment: resolved } = await prepareStudy({ file });
  const open = await Laboratory.open({ device: 'cpu' }, modelsOf(resolved));
  context.after(() => open.close());
  for (const laboratory of [undefined, () => Promise.resolve(open)]) {
    const stop = new AbortController();
    const said: string[] = [];
    const log = (line: string): void => {
      said.push(line);
      stop.abort();
    };
    const running = runStudy({ file, signal: stop.signal }, { log }, laboratory);
    await assert.rejects(running, { kind: 'interrupted' });
    assert.deepEqual(said, ['Opening the models of a.higan.yaml']);
  }
  const apparatus = await open.apparatus(apparatusSettings(resolved));
  const stop = new AbortController();
  const [theirs, ours] = [apparatus.tune(stop.signal), apparatus.tune()];
  stop.abort();
  await assert.rejects(theirs, { kind: 'interrupted' });
  assert.ok((await ours) > 0, 'whoever waits for the same measurement gets one');
});

test('a study that was stopped while it re-scored says so wherever it is read', async (context) => {
  const folder = await temporaryFolder(context);
  await writeLinearModel(path.join(folder, 'models'), [{ label: 'one', layers: [0], scale: 1 }], { D: 8 });
  const file = await writeExperiment(folder, experiment.replace('samples: 40', 'samples: 400'));
  const stop = new AbortController();
  const progress = ({ stage, done }: Progress): void => {
    if (stage === 'rescore' && done > 128) stop.abort();
  };
  await assert.rejects(runStudy({ file, device: 'cpu', signal: stop.signal }, { progress }), {
    kind: 'interrupted',
  });
  const stored = await readStudy({ file });
  assert.deepEqual(stored?.result.stages, ['probe', 'boundary']);
  assert.ok(stored.result.rescored > 0);
  await assert.rejects(readEntanglementOf({ file }), /is not finished: .* re-scored to its end.*goes on/);
  const exported = await exportHigan({ file, device: 'cpu', folder: path.join(folder, 'out') });
  assert.ok(exported.notes.some((note) => /is not finished: .* re-scored to its end/.test(note)));
  assert.match(await studyReport({ file }), /Fresh codes have not all been moved and scored again yet/);
  assert.doesNotMatch(rankingText(stored.result, { by: 'rescore' }, plain), /moved by/);
});
