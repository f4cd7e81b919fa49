import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Comparison } from '../../src/protocol/panels';
import type { PairedStudies } from '../../src/protocol/results';
import { answering, eventually, higan, inWorkspace, open, problems, write } from './window';

describe('a workspace that is not trusted', () => {
  it('is not trusted', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('is checked as you type', async () => {
    await higan();
    const { document } = await write('typing.higan.yaml', 'generator: rooms\nsead: 1\n');
    await eventually('the mistake is marked', () => problems(document.uri).length > 0);
  });

  it('starts no process and runs nothing', async () => {
    const { studies, inference } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    await assert.rejects(studies.run(document.uri), /not trusted/);
    await assert.rejects(studies.plan(document.uri), /not trusted/);
    await vscode.commands.executeCommand('higan.checkModels');
    assert.equal(inference.state.kind, 'off');
  });

  it('reads no model outside, whatever its settings say', async () => {
    const elsewhere = path.join(path.dirname(inWorkspace('').fsPath), '..', 'elsewhere');
    await mkdir(elsewhere, { recursive: true });
    await mkdir(inWorkspace('.vscode').fsPath, { recursive: true });
    await writeFile(
      inWorkspace('.vscode/settings.json').fsPath,
      JSON.stringify({ 'higan.modelPaths': [elsewhere] }),
    );
    const { experiments } = await higan();
    const models = await experiments.models(inWorkspace('bedroom.higan.yaml'));
    assert.deepEqual(
      models.filter(({ origin }) => origin === 'user'),
      [],
    );
  });

  it('shows panels of stored results, with the reason why nothing can be run', async () => {
    const { panels } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    const ranking = await panels.open('ranking', document.uri, {});
    const snapshot = (await ranking.answer('subscribe', {})) as { cannotRun: string | null };
    assert.match(snapshot.cannotRun ?? '', /not trusted/);
  });

  it('runs no git, and says so where revisions would be offered and compared', async () => {
    const { panels, revisions, inference } = await higan();
    const { document } = await open('bedroom.higan.yaml');
    await assert.rejects(revisions.list(document.uri), /not trusted: git is not run in it/);
    const revision = {
      ...{ hash: 'a'.repeat(40), short: 'aaaaaaa', date: '2026-03-04T12:00:00Z' },
      ...{ subject: 'Earlier', path: 'bedroom.higan.yaml' },
    };
    const compare = await panels.open('compare', document.uri, {});
    const left = { experiment: null, revision: null };
    const right = { experiment: null, revision };
    const compared = (await compare.answer('comparison', { left, right })) as Comparison;
    assert.match(compared.right?.reason ?? '', /not trusted/);
    assert.deepEqual([compared.left.revision, compared.right?.run], [null, 'no']);
    const { reason } = (await compare.answer('paired', { left, right })) as PairedStudies;
    assert.match(reason ?? '', /not trusted/);
    let offered: vscode.QuickPickItem[] = [];
    const showQuickPick = async (items: unknown): Promise<undefined> => {
      offered = (await items) as vscode.QuickPickItem[];
    };
    await answering({ showQuickPick }, () =>
      compare.answer('chooseSide', { side: 'right', left, right: null }),
    );
    assert.match(offered.at(-1)?.detail ?? '', /git is not run/);
    assert.equal(inference.state.kind, 'off');
  });
});
