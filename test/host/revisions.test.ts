import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { ComparePanel } from '../../src/extension/panels/compare';
import type { ComparedSides, Comparison, SideChoice } from '../../src/protocol/panels';
import type { PairedStudies } from '../../src/protocol/results';
import { commit, git } from '../unit/revisions/repositories';
import { writeLinearModel } from '../fixtures/linear-model';
import { answering, eventually, heard, higan, inWorkspace, seesLog } from './window';

/** A study takes seconds on an idle machine and minutes on a busy one. */
const long = 400_000;

const text = (step: number, more = ''): string => `generator: toy
predictors: [toy]
seed: 51
concepts: [attribute/one, attribute/two]
probe: { samples: 1000, positives: 100, negatives: 100 }
rescore: { samples: 60, step: ${step}, layers: none, nulls: 2 }
${more}`;

interface Offered extends vscode.QuickPickItem {
  choice?: SideChoice;
}

describe('an experiment in git', () => {
  const folder = inWorkspace('history').fsPath;
  const uri = inWorkspace('history/study.higan.yaml');
  const own: SideChoice = { experiment: null, revision: null };
  const hashes: string[] = [];
  let panel: ComparePanel;

  /** Answers the quick pick with the item that holds this text, and notes what was offered. */
  async function choose(label: string, work: () => unknown): Promise<Offered[]> {
    let offered: Offered[] = [];
    await answering(
      {
        showQuickPick: async (items) => {
          offered = (await items) as Offered[];
          return offered.find((item) => item.label.includes(label));
        },
      },
      work,
    );
    return offered;
  }

  const compare = async (right: SideChoice, left = own): Promise<Comparison> =>
    (await panel.answer('comparison', { left, right } satisfies ComparedSides)) as Comparison;
  const revisionNamed = async (subject: string): Promise<SideChoice> => {
    const { revisions } = await higan();
    const revision = (await revisions.list(uri)).find((each) => each.subject === subject);
    assert.ok(revision, subject);
    return { experiment: null, revision };
  };

  before(async function () {
    this.timeout(long);
    const planted = ['one', 'two'].map((label, k) => ({ label, layers: [2 * k], scale: 1 }));
    await writeLinearModel(path.join(folder, 'models'), planted, { D: 16 });
    git(folder, 'init', '--quiet');
    hashes.push(commit(folder, 'study.higan.yaml', text(2), 'Steps of two'));
    commit(folder, 'study.higan.yaml', text(2, 'sead: 1\n'), 'A slip of the pen');
    hashes.push(commit(folder, 'study.higan.yaml', text(3), 'Steps of three'));
    const { studies } = await higan();
    await studies.run(uri);
  });

  it('is offered for comparison at each of its revisions, beside the other experiments', async () => {
    const { panels } = await higan();
    const offered = await choose('Steps of two', () => vscode.commands.executeCommand('higan.compare', uri));
    panel = panels.find('compare', uri) as ComparePanel;
    const named = offered.filter(({ choice }) => choice?.revision);
    assert.deepEqual(
      named.map(({ label }) => label.replace('$(git-commit) ', '')),
      ['Steps of three', 'A slip of the pen', 'Steps of two'],
    );
    assert.equal(named[2].description, `${hashes[0].slice(0, 7)} · 2026-03-04`);
    assert.ok(offered.some(({ label, choice }) => label === 'bedroom' && choice?.revision === null));
    await eventually('the page compares with what was chosen', () => panel.asked?.right?.revision);
    assert.equal(panel.asked?.right?.revision?.hash, hashes[0]);
    assert.deepEqual(panel.problems, []);
  });

  it('names both revisions, and says what the store lacks', async () => {
    const { left, right } = await compare(await revisionNamed('Steps of two'));
    assert.equal(left.study?.step, 3);
    assert.equal(left.revision, `as committed in ${hashes[1].slice(0, 7)} · 2026-03-04 · Steps of three`);
    assert.deepEqual(
      { ...right },
      {
        title: `study.higan.yaml @ ${hashes[0].slice(0, 7)}`,
        revision: '2026-03-04 · Steps of two',
        study: null,
        reason: `The study of ${hashes[0].slice(0, 7)} has no result in the store yet.`,
        run: 'possible',
      },
    );
  });

  it('names the revision of a text that was checked out with other line breaks', async () => {
    const { revisions } = await higan();
    const document = await vscode.workspace.openTextDocument(uri);
    const named = `as committed in ${hashes[1].slice(0, 7)} · 2026-03-04 · Steps of three`;
    for (const eol of [vscode.EndOfLine.CRLF, vscode.EndOfLine.LF]) {
      const edit = new vscode.WorkspaceEdit();
      edit.set(uri, [vscode.TextEdit.setEndOfLine(eol)]);
      assert.ok(await vscode.workspace.applyEdit(edit));
      assert.equal(document.eol, eol);
      assert.equal(await revisions.nameOf(uri, null), named);
    }
  });

  it('runs at a revision without touching its latest result, and the open panel is told', async function () {
    this.timeout(long);
    const { studies, revisions } = await higan();
    const choice = await revisionNamed('Steps of two');
    const events = heard(panel);
    await panel.answer('runSide', choice);
    const { run } = await eventually('it runs, or is done', async () => {
      const { right } = await compare(choice);
      return right?.run !== 'possible' && right;
    });
    assert.ok(run === 'running' || run === 'no');
    const study = await eventually('it has a result', async () => (await compare(choice)).right?.study, long);
    assert.equal(study.step, 2);
    await eventually('the page is told', () => events.some(({ name }) => name === 'compared'));
    const store = await studies.store(uri);
    assert.equal((await store.readLatest(uri.fsPath))?.result.step, 3);
    assert.equal((await studies.get(uri)).result?.step, 3);
    assert.equal((await revisions.study(uri, choice.revision!)).reason, null);
  });

  it('is compared with its revision sample by sample, either way round', async function () {
    this.timeout(long);
    const choice = await revisionNamed('Steps of two');
    const paired = (await panel.answer('paired', { left: own, right: choice })) as PairedStudies;
    assert.deepEqual([paired.samples, paired.reason, paired.concepts.length], [60, null, 2]);
    for (const { deltaInterval, differs } of paired.concepts)
      assert.ok(differs && deltaInterval && deltaInterval.high < 0, 'two steps less than three');
    const turned = (await panel.answer('paired', { left: choice, right: own })) as PairedStudies;
    assert.ok(turned.concepts.every(({ delta }) => delta > 0));
    const other = { experiment: inWorkspace('bedroom.higan.yaml').toString(), revision: null };
    const none = (await panel.answer('paired', { left: own, right: other })) as PairedStudies;
    assert.equal(none.samples, 0);
  });

  it('says of a revision with mistakes where they are, and does not run it', async () => {
    const { right } = await compare(await revisionNamed('A slip of the pen'));
    assert.equal(right?.run, 'no');
    assert.match(right?.reason ?? '', /has no result, and cannot be run\. Line 7: 'sead' is not a key/);
  });

  it('that fails at a revision says why, and offers the log, as a run of the file does', async () => {
    const { revision } = await revisionNamed('A slip of the pen');
    const runAt = (at: object): Promise<string[]> =>
      answering({ showErrorMessage: (...asked) => asked.find((one) => one === 'Show Log') }, () =>
        vscode.commands.executeCommand('higan.runRevision', uri, at),
      );
    const mistaken = await runAt(revision!);
    assert.match(mistaken.join('\n'), /^'study @ [0-9a-f]{7}' was not run\. .*sead/);
    assert.ok(!seesLog(), 'the log says no more of that');
    const gone = { ...revision!, hash: 'f'.repeat(40), short: 'fffffff' };
    assert.match((await runAt(gone)).join('\n'), /^'study @ fffffff': /);
    await eventually('the log is seen', seesLog);
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });

  it('offers its own present text once A is a revision', async () => {
    const choice = await revisionNamed('Steps of two');
    const offered = await choose('study', async () => {
      assert.deepEqual(await panel.answer('chooseSide', { side: 'right', left: choice, right: null }), own);
    });
    assert.equal(offered[0].description, 'as it is now');
    const said = await choose('Steps of two', async () => {
      assert.deepEqual(await panel.answer('chooseSide', { side: 'left', left: own, right: null }), choice);
    });
    assert.ok(said.every((item) => !item.choice || item.choice.experiment === null));
  });

  it('outside a repository says that there is no history', async () => {
    const { panels } = await higan();
    const outside = (await panels.open('compare', inWorkspace('bedroom.higan.yaml'), {})) as ComparePanel;
    const offered = await choose('nothing', () =>
      outside.answer('chooseSide', { side: 'right', left: own, right: null }),
    );
    assert.match(offered.at(-1)?.detail ?? '', /has no history in git: not a git repository/);
    outside.dispose();
  });

  it('is cancelled at a revision by Cancel Run', async function () {
    this.timeout(long);
    const { revisions } = await higan();
    const lengthy = text(2).replace('samples: 1000', 'samples: 400000');
    commit(folder, 'study.higan.yaml', lengthy, 'Many samples');
    commit(folder, 'study.higan.yaml', text(3), 'Steps of three again');
    const { revision } = await revisionNamed('Many samples');
    assert.ok(revision);
    let told = 0;
    const ended = revisions
      .run(uri, revision, () => told++)
      .then(
        () => 'done',
        (error: Error) => error.name,
      );
    await eventually('it runs', () => told > 0, 120_000);
    assert.deepEqual(await answering({}, () => vscode.commands.executeCommand('higan.cancel')), []);
    assert.equal(await ended, 'CancelledError');
    assert.deepEqual(revisions.underWay, []);
  });

  it('keeps what it is compared with when it is renamed', async () => {
    const renamed = inWorkspace('history/renamed.higan.yaml');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri, renamed);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await eventually('the panel follows', () => panel.experiment.toString() === renamed.toString());
    const choice: SideChoice = {
      experiment: null,
      revision: {
        ...{ hash: hashes[0], short: hashes[0].slice(0, 7), subject: 'Steps of two' },
        ...{ date: '2026-03-04T12:00:00Z', path: 'study.higan.yaml' },
      },
    };
    await eventually('it is there', async () => (await compare(choice)).right?.study);
    panel.dispose();
    unlinkSync(renamed.fsPath);
  });
});
