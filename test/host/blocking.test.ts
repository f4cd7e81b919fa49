import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { largeStudy, longExperiment, median, whileStudyStreams, whileTyping } from './blocking';

/** Milliseconds. The middle of many looks: other processes take the processor away for longer, but not every time. */
const allowed = 50;

const told = (blocks: readonly number[]): string => blocks.map((block) => block.toFixed(0)).join(', ');

describe('the extension host is not held up', () => {
  it('while an experiment of 2,000 lines is typed into', async function () {
    this.timeout(120_000);
    const document = await longExperiment();
    assert.ok(document.lineCount > 2000);
    const blocks = await whileTyping(document, 9);
    assert.ok(median(blocks) <= allowed, `longest block after each edit, ms: ${told(blocks)}`);
  });

  it('while a study of 1,000 concepts streams into two panels', async function () {
    this.timeout(400_000);
    const blocks = await whileStudyStreams(await largeStudy());
    assert.ok(blocks.length >= 3, 'it took long enough to be looked at');
    assert.ok(median(blocks) <= allowed, `longest block in each second, ms: ${told(blocks)}`);
  });

  // Large files in the workspace are not for the tests that follow.
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
});
