import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { completions, eventually, higan, hoverAt, lensesOf, open, problems, type, write } from './window';

const head = 'generator: rooms\npredictors: [rooms, color]\n';

describe('diagnostics', () => {
  it('say nothing about a sound file', async () => {
    await higan();
    const { document } = await open('bedroom.higan.yaml');
    const { experiments } = await higan();
    assert.deepEqual((await experiments.judge(document)).diagnostics, []);
    assert.deepEqual(problems(document.uri), []);
  });

  it('come as you type, on the exact range, and go when it is mended', async () => {
    const { document } = await write('typing.higan.yaml', `${head}seed: 1\n`);
    await type(document, `${head}sead: 1\n`);
    const [problem] = await eventually('the unknown key is marked', () => {
      const found = problems(document.uri);
      return found.length > 0 && found;
    });
    assert.equal(document.getText(problem.range), 'sead');
    assert.equal(problem.code, 'unknown-key');
    await type(document, `${head}seed: 1\n`);
    await eventually('the mark is gone', () => problems(document.uri).length === 0);
  });

  it('offer the nearest name as a quick fix', async () => {
    const { document } = await write('fix.higan.yaml', `${head}concepts: [attribute/woood]\n`);
    const [problem] = await eventually('the unknown concept is marked', () => {
      const found = problems(document.uri);
      return found.length > 0 && found;
    });
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
    );
    const fix = actions.find(({ title }) => title.includes('attribute/wood'));
    assert.ok(fix?.edit, 'a fix is offered');
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.getText(), `${head}concepts: [attribute/wood]\n`);
    await eventually('the mark is gone', () => problems(document.uri).length === 0);
  });

  it('offer to allow a model folder outside the search path', async () => {
    const { document } = await write('outside.higan.yaml', 'generator: /usr/share/models/church\n');
    const [problem] = await eventually('the outside path is marked', () => {
      const found = problems(document.uri);
      return found.length > 0 && found;
    });
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
    );
    assert.ok(
      actions.some(({ command }) => command?.command === 'higan.addModelPath'),
      `among ${actions.map(({ title }) => title).join(', ')}`,
    );
  });
});

describe('the name of a concept', () => {
  const actionsAt = async (
    name: string,
    marked: string,
  ): Promise<[vscode.TextDocument, vscode.CodeAction[]]> => {
    const { document, cursor } = await write(name, marked);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(cursor, cursor),
    );
    return [document, actions.filter(({ title }) => title.startsWith('Add a preview'))];
  };

  it('offers a preview of it, which is written and shown', async () => {
    const { experiments, panels } = await higan();
    const text = `${head}concepts: [layout/corner, attribute/indoor_li|ghting] # two\n`;
    const [document, [action]] = await actionsAt('named.higan.yaml', text);
    assert.equal(action?.title, 'Add a preview of attribute/indoor lighting');
    const { command, arguments: given } = action.command!;
    await vscode.commands.executeCommand(command, ...(given as unknown[]));
    assert.ok(document.getText().startsWith(text.replace('|', '')), 'what was there stays');
    const judged = await experiments.judge(document);
    assert.deepEqual(judged.diagnostics, []);
    const { samples, edits } = judged.parsed.value!.previews['indoor lighting'];
    assert.deepEqual(samples, [0, 1, 2]);
    assert.deepEqual(
      edits.map(({ concept, step, layers }) => [concept, step, layers]),
      [['attribute/indoor lighting', 2, 'all']],
    );
    const panel = panels.find('preview', document.uri);
    assert.ok(panel, 'the preview is shown');
    panel.dispose();
  });

  it('that is reviewed or moved offers it too; globs, unknown names and other words do not', async () => {
    for (const [marked, offers] of [
      [`${head}review:\n  attribute/wo|od: { verdict: unsure }\n`, true],
      [`${head}previews:\n  a:\n    edits:\n      - { concept: attribute/wo|od, layers: all }\n`, true],
      [`${head}concepts: [attribute/|*]\n`, false],
      [`${head}concepts: [attribute/wo|ood]\n`, false],
      ['generator: ro|oms\npredictors: [rooms]\n', false],
    ] as const) {
      const [, actions] = await actionsAt('names.higan.yaml', marked);
      assert.equal(actions.length, offers ? 1 : 0, marked);
    }
  });
});

describe('completion', () => {
  const cases: [string, string, string[]][] = [
    ['keys at the top', 'generator: rooms\n|', ['predictors', 'probe', 'rescore', 'previews']],
    ['keys of a section', 'generator: rooms\nprobe: { | }\n', ['samples', 'positives']],
    ['choices', 'generator: rooms\nboundary: { method: | }\n', ['svm', 'logistic', 'lda']],
    ['models', 'generator: |\n', ['rooms']],
    ['predictors', 'generator: rooms\npredictors: [|]\n', ['rooms', 'color']],
    ['concepts and globs', `${head}concepts: [|]\n`, ['layout/*', 'attribute/wood', 'color/brightness']],
    ['concepts in a block list', `${head}concepts:\n  - attribute/|\n`, ['attribute/*', 'attribute/wood']],
    [
      'layers of an edit',
      `${head}previews:\n  a:\n    edits:\n      - { concept: attribute/wood, layers: | }\n`,
      ['all', 'upper', '7'],
    ],
    ['concepts to review', `${head}review:\n  attr|\n`, ['attribute/wood']],
  ];
  for (const [what, text, wanted] of cases) {
    it(`offers ${what}`, async () => {
      await higan();
      const { document, cursor } = await write('complete.higan.yaml', text);
      const offered = await eventually('something is offered', async () => {
        const found = await completions(document.uri, cursor);
        return found.length > 0 && found;
      });
      for (const label of wanted)
        assert.ok(offered.includes(label), `${label} is among ${offered.slice(0, 30).join(', ')}`);
      assert.equal(new Set(offered).size, offered.length, 'nothing is offered twice');
    });
  }

  it('does not offer a key that is there already', async () => {
    const { document, cursor } = await write('complete.higan.yaml', 'generator: rooms\nseed: 1\n|');
    const offered = await completions(document.uri, cursor);
    assert.ok(offered.includes('probe'));
    assert.ok(!offered.includes('seed'));
  });

  it('keeps to experiment files', async () => {
    const { document, cursor } = await write('plain.yaml', 'generator: |');
    assert.ok(!(await completions(document.uri, cursor)).includes('rooms'));
  });
});

describe('hover', () => {
  it('explains a key', async () => {
    await higan();
    const { document, cursor } = await write('hover.higan.yaml', `${head}rescore: { st|ep: 2 }\n`);
    assert.match(await hoverAt(document.uri, cursor), /how far the codes are moved/i);
  });

  it('says where a concept comes from, and that it is not measured yet', async () => {
    const { document, cursor } = await write('hover.higan.yaml', `${head}concepts: [attribute/wo|od]\n`);
    const card = await hoverAt(document.uri, cursor);
    assert.match(card, /attribute\/wood/);
    assert.match(card, /by rooms/);
    assert.match(card, /Not measured yet/);
  });

  it('tells a model’s layers', async () => {
    const { document, cursor } = await write('hover.higan.yaml', 'generator: ro|oms\n');
    assert.match(await hoverAt(document.uri, cursor), /layers: bottom 0-/);
  });
});

describe('code lenses', () => {
  it('stand above the parts that they act on', async () => {
    await higan();
    const { document } = await open('bedroom.higan.yaml');
    const lenses = await lensesOf(document);
    const at = (command: string): string[] =>
      lenses
        .filter((lens) => lens.command?.command === command)
        .map(({ range }) => document.lineAt(range.start.line).text.trim());
    assert.deepEqual(at('higan.run'), ['generator: rooms']);
    assert.deepEqual(at('higan.plan'), ['generator: rooms']);
    assert.deepEqual(at('higan.showPreview'), ['evening:']);
    assert.deepEqual(at('higan.addAndShowPreview'), ['previews:']);
  });

  it('offer no run of a file with errors', async () => {
    const { document } = await write('broken.higan.yaml', 'generator: nothing\n');
    const lenses = await lensesOf(document);
    assert.ok(!lenses.some((lens) => lens.command?.command === 'higan.run'));
  });
});
