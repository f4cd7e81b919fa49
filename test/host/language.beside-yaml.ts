import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { completions, eventually, higan, write } from './window';

const head = 'generator: rooms\npredictors: [rooms, color]\n';

describe('beside another YAML extension', () => {
  it('mistakes are told once, also those that were found before it was there', async () => {
    const text = `${head}sead: 1\nconcepts: [attribute/woood]\n`;
    const { document } = await write('early.higan.yaml', text);
    await higan();
    const told = (): string[] =>
      vscode.languages
        .getDiagnostics(document.uri)
        .map(({ source, range }) => `${source ?? ''}: ${document.getText(range)}`)
        .sort();
    // Nobody asks the other one to start: it does so for the document.
    await eventually(
      'ours tells no more than its own',
      () => told().includes('YAML: sead') && !told().includes('HiGAN: sead'),
    );
    await eventually('both tell their part', () => told().join() === 'HiGAN: attribute/woood,YAML: sead');
  });

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

  const layers: [string, string, string[]][] = [
    ['choices', 'rescore:\n  layers: |\n', ['none', 'groups', 'each']],
    ['names of the model', 'rescore:\n  layers: [|]\n', ['all', 'bottom', 'upper', '0']],
  ];
  for (const [what, text, wanted] of layers) {
    it(`what to re-score at which layers is offered once: ${what}`, async () => {
      const { document, cursor } = await write('complete.higan.yaml', `${head}${text}`);
      const offered = await eventually('they are offered', async () => {
        const found = await completions(document.uri, cursor);
        return wanted.every((label) => found.includes(label)) && found;
      });
      assert.equal(new Set(offered).size, offered.length, offered.join(', '));
    });
  }

  it('a key is explained by that one alone, a concept by ours', async () => {
    const text = `${head}seed: 3\nconcepts: [attribute/wood]\n`;
    const { document } = await write('hover.higan.yaml', text);
    const explained = async (word: string): Promise<string[]> => {
      const position = document.positionAt(text.indexOf(word) + 1);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        position,
      );
      return hovers.map(({ contents }) => (contents as vscode.MarkdownString[])[0].value);
    };
    const key = await eventually('the key is explained', async () => {
      const cards = await explained('seed');
      return cards.length > 0 && cards;
    });
    assert.equal(key.length, 1, key.join('\n---\n'));
    assert.doesNotMatch(key[0], /^\*\*seed\*\*/, 'not our card');
    const concept = await explained('attribute/wood');
    assert.equal(concept.filter((card) => card.includes('**attribute/wood**')).length, 1);
  });

  it('names that only models know still come from ours', async () => {
    const { document, cursor } = await write('complete.higan.yaml', `${head}concepts: [|]\n`);
    assert.ok((await completions(document.uri, cursor)).includes('attribute/wood'));
  });

  it('mistakes that the schema tells are told by that one, once; others by ours', async () => {
    const text = `${head}sead: 1\nconcepts: [attribute/woood]\n`;
    const { document } = await write('beside.higan.yaml', text);
    const found = await eventually('both are told', () => {
      const all = vscode.languages.getDiagnostics(document.uri);
      const sources = new Set(all.map(({ source }) => source));
      return sources.has('HiGAN') && sources.has('YAML') && all;
    });
    assert.deepEqual(found.map(({ source, range }) => `${source ?? ''}: ${document.getText(range)}`).sort(), [
      'HiGAN: attribute/woood',
      'YAML: sead',
    ]);
  });
});
