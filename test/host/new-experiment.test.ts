/** New Experiment as a person goes through it: forth, back, away, and into a name that is taken. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { asking, eventually, higan, inWorkspace, type Question } from './window';

const written = (): string[] =>
  readdirSync(inWorkspace('').fsPath).filter((name) => name.startsWith('asked'));

describe('a new experiment', () => {
  let questions: ReturnType<typeof asking>;
  let made: Thenable<vscode.Uri | undefined>;

  beforeEach(async () => {
    await higan();
    questions = asking();
    made = vscode.commands.executeCommand('higan.newExperiment');
  });
  afterEach(() => questions.end());

  /** The next question, and where it stands. */
  const next = async (wanted: RegExp, step: number): Promise<Question> => {
    const question = await questions.next(wanted);
    assert.deepEqual([question.input.step, question.input.totalSteps], [step, 5]);
    return question;
  };

  it('is asked for in five steps, and has no mistake in it', async () => {
    const template = await next(/what it is for/, 1);
    assert.equal(template.canGoBack, false, 'there is nothing before the first');
    await template.choose('With a preview');
    await (await next(/the generator/, 2)).choose('rooms');
    const predictors = await next(/the predictors/, 3);
    assert.deepEqual(predictors.marked(), ['rooms', 'color'], 'the generator’s own ones are proposed');
    await predictors.accept();
    const samples = await next(/how many samples/, 4);
    assert.deepEqual(samples.marked(), ['4,000 samples'], 'as many as the template is for');
    await samples.accept();
    await (await next(/its name/, 5)).type('asked');
    const file = await made;
    assert.equal(file?.path, inWorkspace('asked.higan.yaml').path);
    const { experiments } = await higan();
    const judged = await experiments.judge(await vscode.workspace.openTextDocument(file));
    assert.deepEqual(judged.diagnostics, []);
    assert.equal(judged.resolved?.probe.samples, 4000);
    assert.equal(Object.keys(judged.resolved.previews).length, 1);
    await vscode.workspace.fs.delete(file);
  });

  it('lets every choice be taken back, and remembers the others', async () => {
    await (await next(/what it is for/, 1)).choose('The paper’s numbers');
    await (await next(/the generator/, 2)).choose('rooms');
    await (await next(/the predictors/, 3)).choose('color');
    const samples = await next(/how many samples/, 4);
    assert.deepEqual(samples.marked(), ['500,000 samples']);
    await samples.back();
    const predictors = await next(/the predictors/, 3);
    assert.deepEqual(predictors.marked(), ['color']);
    await predictors.back();
    const generator = await next(/the generator/, 2);
    assert.deepEqual(generator.marked(), ['rooms']);
    await generator.back();
    const template = await next(/what it is for/, 1);
    assert.deepEqual(template.marked(), ['The paper’s numbers']);
    await template.choose('First look');
    await (await next(/the generator/, 2)).accept();
    await (await next(/the predictors/, 3)).accept();
    const again = await next(/how many samples/, 4);
    assert.deepEqual(again.marked(), ['4,000 samples'], 'another template is for others');
    await again.accept();
    await (await next(/its name/, 5)).type('asked again');
    const file = await made;
    assert.ok(file);
    const text = (await vscode.workspace.openTextDocument(file)).getText();
    assert.match(text, /predictors: \[color\]/);
    assert.match(text, /# +- \{ concept: color\/.*, step: 2/, 'its example is one that can be scored');
    await vscode.workspace.fs.delete(file);
  });

  it('writes nothing when it is dismissed half-way', async () => {
    await (await next(/what it is for/, 1)).accept();
    await next(/the generator/, 2);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    assert.equal(await made, undefined);
    assert.deepEqual(written(), []);
  });

  it('does not take a name that is there, or that makes no file name', async () => {
    await (await next(/what it is for/, 1)).accept();
    await (await next(/the generator/, 2)).choose('rooms');
    await (await next(/the predictors/, 3)).accept();
    await (await next(/how many samples/, 4)).accept();
    const name = await next(/its name/, 5);
    await name.type('bedroom');
    await eventually('it says that it exists', () => name.complaint()?.includes('exists already'));
    await name.type('a/b');
    await eventually('it says what makes a name', () => name.complaint()?.includes('make a file name'));
    assert.equal(questions.shown, 5, 'the question stays');
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    assert.equal(await made, undefined);
  });
});
