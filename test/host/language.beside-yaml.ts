import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { completions, eventually, higan, write } from './window';

const head = 'generator: rooms\npredictors: [rooms, color]\n';

describe('beside another YAML extension', () => {
  it('keys come from that one alone: nothing is offered twice', async () => {
    await higan();
    const other = vscode.extensions.getExtension('redhat.vscode-yaml');
    await other?.activate();
    assert.equal(other?.isActive, true);
    const { document, cursor } = await write('complete.higan.yaml', `${head}|`);
    const offered = await eventually('keys are offered', async () => {
      const found = await completions(document.uri, cursor);
      return found.includes('probe') && found;
    });
    assert.equal(offered.filter((label) => label === 'probe').length, 1);
  });

  it('names that only models know still come from ours', async () => {
    const { document, cursor } = await write('complete.higan.yaml', `${head}concepts: [|]\n`);
    assert.ok((await completions(document.uri, cursor)).includes('attribute/wood'));
  });

  it('mistakes that the schema tells are left to that one; others are told', async () => {
    const { document } = await write('beside.higan.yaml', `${head}sead: 1\nconcepts: [attribute/woood]\n`);
    const found = await eventually('the unknown concept is told', () => {
      const ours = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'HiGAN');
      return ours.length > 0 && ours;
    });
    assert.deepEqual(
      found.map(({ code }) => code),
      ['unknown-concept'],
    );
  });
});
