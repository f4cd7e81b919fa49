import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Snapshot, TransitionView } from '../../src/protocol/panels';
import type { WorkProgress } from '../../src/protocol/results';
import {
  answering,
  choosing,
  eventually,
  heard,
  higan,
  inWorkspace,
  toyModel,
  type,
  type ShownProgress,
  watchingProgress,
  write,
} from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(`higan.${command}`, ...args);

const small = (seed: number, samples: number): string => `generator: toy
predictors: [toy]
seed: ${seed}
probe: { samples: ${samples}, positives: 100, negatives: 100 }
rescore: { samples: 20, layers: none, nulls: 2 }
`;

before(toyModel);

describe('long work tells how far it is and can be cancelled', () => {
  it('a transition, in its panel and in a notification', async function () {
    this.timeout(long);
    const { studies, panels } = await higan();
    const walks = (...samples: number[]): string => `generator: rooms
predictors: [rooms]
seed: 5
concepts: [category/bedroom]
probe: { samples: 500, positives: 50, negatives: 50 }
rescore: { samples: 20, layers: none, nulls: 2 }
transitions:
${samples.map((n) => `  - { path: [living room, bedroom], samples: ${n}, layers: bottom }\n`).join('')}`;
    const { document } = await write('walk.higan.yaml', walks(24));
    await studies.run(document.uri, { until: 'boundary' });
    await watchingProgress(async (shown) => {
      const panel = await panels.open('transition', document.uri, {});
      panel.panel.reveal();
      const events = heard(panel);
      const walked = (): WorkProgress[] =>
        events.flatMap(({ name, data }) => (name === 'walked' ? [data as WorkProgress] : []));
      // The page asks for its first walk by itself.
      const notification = await eventually('a notification tells of it', () => shown[0], 120_000);
      assert.equal(notification.title, 'Transition living room → bedroom');
      notification.cancel();
      await eventually('the walk has ended', () => notification.over);
      const before = walked().length;
      assert.ok(before > 0, 'the panel is told too');

      const stop = new AbortController();
      const cancelled = panel.answer('transition', { index: 0 }, stop.signal) as Promise<unknown>;
      await eventually('it goes on', () => walked().length > before, 120_000);
      stop.abort();
      await assert.rejects(cancelled, { name: 'CancelledError' });
      await eventually('its notification goes with it', () => shown.length === 2 && shown[1].over);

      const view = (await panel.answer('transition', { index: 0 })) as TransitionView;
      assert.equal(view.samples, 24);
      const { done, total, doing } = walked().at(-1) as WorkProgress;
      assert.deepEqual([done, total, doing], [72, 72, 'following the pixels']);
      assert.match(shown[2].messages.join('\n'), /following the pixels \d+ of 72 · [\d.]+ images\/s/);
      assert.deepEqual(await panel.answer('transition', { index: 0 }), view);
      assert.equal(shown.length, 3, 'what the store has is shown at once');

      // Another that comes before it in the file, and is not computed, does not stand in for it.
      await type(document, walks(12, 24));
      const { hops } = (await panel.answer('subscribe', {})) as Snapshot;
      assert.ok(view.name !== null && hops.indexOf(view.name) === 1);
      const pixels = { name: view.name, from: 'wall', to: 'wall' };
      const { examples } = (await panel.answer('transitionPixels', pixels)) as { examples: unknown[] };
      assert.equal(examples.length, 4);
      await type(document, walks(12));
      await assert.rejects(
        Promise.resolve(panel.answer('transitionPixels', pixels)),
        /does not name this transition any more/,
      );
      panel.dispose();
    });
  });

  it('exports', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write('told.higan.yaml', small(95, 6000));
    await studies.run(document.uri);
    const exportTo = (folder: vscode.Uri): Promise<string[]> =>
      answering({ showQuickPick: choosing('HiGAN layout'), showOpenDialog: () => [folder] }, () =>
        run('export', document.uri),
      );
    let cancels = false;
    const work = async (shown: ShownProgress[]): Promise<void> => {
      const folder = inWorkspace('told-arrays');
      await exportTo(folder);
      assert.equal(shown[0].title, "Exporting 'told'");
      assert.match(shown[0].messages.join('\n'), /writing codes [\d,]+ of 6,000[^]*writing scores/);

      cancels = true;
      const said = await exportTo(inWorkspace('cancelled-arrays'));
      assert.deepEqual(said, [], 'cancelled, nothing is said of an error, or of files');
      cancels = false;

      const methods = inWorkspace('told.md');
      await answering({ showQuickPick: choosing('Methods'), showSaveDialog: () => methods }, () =>
        run('export', document.uri),
      );
      assert.equal(shown[2].title, "Writing the methods section of 'told'");
      assert.ok(existsSync(methods.fsPath));
    };
    await watchingProgress(work, (one) => cancels && one.cancel());
  });

  it('cleaning the store', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write('cleaned/told.higan.yaml', small(96, 2000));
    await studies.run(document.uri);
    await type(document, small(97, 2000));
    await document.save();
    await studies.run(document.uri);
    const results = (): number => readdirSync(inWorkspace('cleaned/.higan/results').fsPath).length;
    assert.equal(results(), 2);
    await watchingProgress(async (shown) => {
      const said = await answering({ showWarningMessage: () => 'Clean' }, () =>
        run('cleanStore', document.uri),
      );
      assert.match(shown[0].title, /^Cleaning .*\.higan$/);
      assert.match(shown[0].messages.at(-1) ?? '', /deleting (\d+) of \1/);
      assert.match(said[1], /^Deleted \d+ items, [\d.]+ MB, from /);
    });
    assert.equal(results(), 1);
  });

  it('checking models', async function () {
    this.timeout(long);
    await watchingProgress(async (shown) => {
      await answering({}, () => run('checkModels'));
      assert.equal(shown[0].title, 'Checking models');
      assert.match(shown[0].messages.join('\n'), /checking (\d) of \1/);
      const said = await answering({}, async () => {
        const checks = run('checkModels');
        (await eventually('it is under way', () => shown[1])).cancel();
        await checks;
      });
      assert.deepEqual(said, []);
    });
  });
});
