/** What an experiment's file shows of its results: lenses while they fill in, hints, hover cards and contradictions. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Thumbnails } from '../../src/extension/thumbnails';
import {
  answering,
  eventually,
  higan,
  hintsOf,
  hoverAt,
  lensesOf,
  problems,
  toyModel,
  type,
  write,
} from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const text = (probe: number, rescore: string, more = ''): string => `generator: toy
predictors: [toy]
seed: 31
probe: { samples: ${probe}, positives: 100, negatives: 100 }
rescore: { ${rescore}, nulls: 2 }
${more}`;

/** `one` lives in the layers of the group `bottom`. */
const claims = (layers: string): string => `previews:
  moved:
    edits:
      - { concept: attribute/one, step: 2, layers: ${layers} }
review:
  attribute/two: { verdict: accepted }
`;

before(toyModel);

describe('while an experiment runs for the first time', () => {
  it('its ranking opens beside the file, and stands above it', async function () {
    this.timeout(long);
    const { studies, panels } = await higan();
    const { document } = await write('first.higan.yaml', text(60_000, 'samples: 20, layers: none'));
    for (const panel of panels.all) panel.dispose();
    const commands = async (): Promise<string[]> => {
      const lenses = await lensesOf(document);
      return lenses.map(({ command }) => command?.command ?? '');
    };
    assert.ok(!(await commands()).includes('higan.showRanking'), 'there is nothing to rank yet');
    const ended = vscode.commands.executeCommand('higan.run', document.uri);
    const panel = await eventually('the ranking opens', () => panels.find('ranking', document.uri));
    await eventually('it runs', () => studies.isRunning(document.uri), 120_000);
    assert.equal(studies.peek(document.uri)?.result ?? null, null);
    assert.ok((await commands()).includes('higan.showRanking'));
    assert.notEqual(panel.panel.viewColumn, vscode.ViewColumn.One);
    assert.equal(vscode.window.activeTextEditor?.document, document, 'the file keeps the focus');
    studies.cancel(document.uri);
    await ended;
    panel.dispose();
  });

  it('an open panel of it is enough, and a second run opens none', async function () {
    this.timeout(long);
    const { panels } = await higan();
    const { document } = await write('second.higan.yaml', text(2000, 'samples: 20, layers: none'));
    const heatmap = await panels.open('heatmap', document.uri, {});
    await vscode.commands.executeCommand('higan.run', document.uri);
    assert.equal(panels.find('ranking', document.uri), undefined);
    heatmap.dispose();
    await vscode.commands.executeCommand('higan.run', document.uri);
    assert.equal(panels.find('ranking', document.uri), undefined);
  });
});

describe('results of too few movers', () => {
  it('are told as such, and nowhere as if the concept did not move', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write(
      'few.higan.yaml',
      text(2000, 'samples: 10, layers: none', claims('all')),
    );
    await studies.run(document.uri);
    const hints = await hintsOf(document);
    assert.equal(hints.length, 2);
    for (const { label } of hints) assert.match(label as string, /^#\d Δ [\d.]+, too few movers$/);
    const card = await hoverAt(
      document.uri,
      document.positionAt(document.getText().indexOf('attribute/one') + 3),
    );
    assert.match(card, /\*\*Too few movers\*\*: its score changed in 10 of 10 samples/);
    assert.doesNotMatch(card, /does not move/);
    const found = await eventually('both claims are remarked on', () => {
      // Beside them stands the warning that so few samples can judge nothing, which needs no results.
      const marked = problems(document.uri).filter(({ code }) => code !== 'too-few-moved');
      return marked.length === 2 && marked;
    });
    for (const { severity, message } of found) {
      assert.equal(severity, vscode.DiagnosticSeverity.Information);
      assert.doesNotMatch(message, /does not move|random directions/);
    }
  });
});

describe('results that contradict the file', () => {
  it('mark the layers on which the concept of a preview has no effect', async function () {
    this.timeout(long);
    const { studies } = await higan();
    const { document } = await write(
      'layers.higan.yaml',
      text(2000, 'samples: 60, layers: groups, top: all', claims('top')),
    );
    await studies.run(document.uri);
    const [problem] = await eventually('the layers are marked', () => {
      const marked = problems(document.uri);
      return marked.length === 1 && marked;
    });
    assert.equal(problem.code, 'contradicted');
    assert.equal(document.getText(problem.range), 'top');
    assert.match(problem.message, /It moves on: bottom\.$/);
  });
});

describe('a file with results and without previews', () => {
  it('offers to add one, of what moves first, and goes on offering above them', async function () {
    this.timeout(long);
    const { studies, experiments, panels } = await higan();
    const own = text(2000, 'samples: 60, step: 3, layers: groups, top: all', 'concepts: [attribute/one]\n');
    const { document } = await write('bare.higan.yaml', own);
    const offered = async (): Promise<{ line: string; command: vscode.Command }[]> => {
      const lenses = await lensesOf(document);
      return lenses.flatMap(({ range, command }) =>
        command?.title.endsWith('Add a preview')
          ? [{ line: document.lineAt(range.start.line).text, command }]
          : [],
      );
    };
    assert.deepEqual(await offered(), [], 'there is nothing to show yet');
    await studies.run(document.uri);
    const [{ line, command }] = await offered();
    assert.equal(line, 'generator: toy');
    const items: vscode.QuickPickItem[] = [];
    const take = (given: unknown): unknown => {
      items.push(...(given as vscode.QuickPickItem[]));
      return items[0];
    };
    await answering({ showQuickPick: take }, () =>
      vscode.commands.executeCommand(command.command, ...(command.arguments as unknown[])),
    );
    assert.deepEqual(
      items.map(({ label }) => label),
      ['attribute/one', 'attribute/two'],
    );
    assert.match(items[0].description ?? '', /^#1 Δ \d\.\d\d$/, 'with what was found');
    assert.equal(items[1].description, 'not measured');
    const { diagnostics, parsed } = await experiments.judge(document);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      parsed.value?.previews.one.edits.map(({ concept, step, layers }) => [concept, step, layers]),
      [['attribute/one', 3, 'bottom']],
      'the study’s step, on the layers where it moves most',
    );
    assert.deepEqual(
      (await offered()).map((lens) => lens.line),
      ['previews:'],
    );
    const card = await hoverAt(document.uri, document.positionAt(own.indexOf('attribute/one') + 3));
    assert.match(card, /\[Add a preview\]\(command:higan\.addAndShowPreview\?/);
    const panel = panels.find('preview', document.uri);
    assert.ok(panel, 'the preview is shown');
    panel.dispose();
  });
});

describe('a hover card of results', () => {
  it('offers its picture where no process runs, and keeps it once it was made', async function () {
    this.timeout(long);
    const { studies, inference, thumbnails } = await higan();
    const off = async (): Promise<void> => {
      await inference.restart();
      await eventually('there is no process', () => inference.state.kind === 'off');
    };
    const { document } = await write(
      'card.higan.yaml',
      text(2000, 'samples: 60, layers: none', claims('all')),
    );
    await studies.run(document.uri);
    await off();
    const position = document.positionAt(document.getText().indexOf('attribute/one') + 3);
    const offered = await hoverAt(document.uri, position);
    assert.match(offered, /\[Show before and after\]\(command:higan\.showBeforeAfter\?/);
    assert.doesNotMatch(offered, /data:image/);
    assert.equal(inference.state.kind, 'off', 'a hover starts no process');
    const link = decodeURIComponent(/showBeforeAfter\?([^)]+)\)/.exec(offered)?.[1] ?? '');
    await vscode.commands.executeCommand('higan.showBeforeAfter', ...(JSON.parse(link) as unknown[]));
    await off();
    const card = await hoverAt(document.uri, position);
    assert.match(card, /!\[before and after\]\(data:image\/png;base64,/);
    assert.doesNotMatch(card, /Show before and after/);
    // As after a restart of the window: nothing is in memory.
    const fresh = new Thumbnails(studies, inference, null as never, thumbnails.folder);
    const { token } = new vscode.CancellationTokenSource();
    assert.match((await fresh.beforeAfter(document.uri, 'attribute/one', token)) ?? '', /^data:image\/png/);
    assert.equal(inference.state.kind, 'off');
  });
});

describe('results of an earlier version of the file', () => {
  it('show no picture of a move that the file as it stands has no direction for', async function () {
    this.timeout(long);
    const { studies, panels, thumbnails } = await higan();
    const own = text(2000, 'samples: 60, layers: groups, top: all', claims('all'));
    const { document } = await write('earlier.higan.yaml', own);
    await studies.run(document.uri);
    const heatmap = await panels.open('heatmap', document.uri, {});
    const cell = { concept: 'attribute/one', layerSet: 'bottom', samples: [0, 1] };
    const { pairs } = (await heatmap.answer('renderMove', cell)) as { pairs: unknown[] };
    assert.equal(pairs.length, 2);

    await type(document, own.replace('seed: 31', 'seed: 32'));
    await assert.rejects(
      Promise.resolve(heatmap.answer('renderMove', cell)),
      /no direction yet for 'attribute\/one' .*run it again/,
    );
    await assert.rejects(thumbnails.make(document.uri, 'attribute/one'), /earlier version of this file/);
    const card = await hoverAt(document.uri, document.positionAt(own.indexOf('attribute/one') + 3));
    assert.match(card, /\*\*attribute\/one\*\*/);
    assert.doesNotMatch(card, /data:image|Show before and after/);
    heatmap.dispose();
  });
});
