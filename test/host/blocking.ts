/**
 * How long the extension host stands still for us: while a study of many concepts streams its results into open panels, and
 * while a long experiment is typed into. Used by the host suite and by the benchmarks.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { writeLinearModel } from '../fixtures/linear-model';
import { eventually, higan, inWorkspace, type, write } from './window';

/** Milliseconds between two looks at the event loop. */
const resolution = 2;

/** The longest that the event loop was held up while something happened, in milliseconds. */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution });
  // The monitor's first look only starts its clock.
  delay.enable();
  await sleep(2 * resolution);
  delay.reset();
  await work();
  // A block at the very end is seen by the next look.
  await sleep(2 * resolution);
  delay.disable();
  return Math.max(0, delay.max / 1e6 - resolution);
}

/** Waits until a window that has just opened is done with its own affairs: they are not what is measured. */
async function atRest(): Promise<void> {
  const quiet = 12;
  await eventually(
    'the window is at rest',
    async () => (await longestBlock(() => sleep(400))) < quiet,
    30_000,
  );
}

/** Concepts of the study that is streamed, and lines of the experiment that is typed into. */
export const manyConcepts = 1000;
export const manyLines = 2000;

/** A model with that many concepts in the workspace, and an experiment that studies all of them. */
export async function largeStudy(): Promise<vscode.TextDocument> {
  const planted = Array.from({ length: manyConcepts }, (_, k) => ({
    ...{ label: `concept ${k}`, scale: 1 },
    layers: [k % 4],
  }));
  const folder = inWorkspace('many/models').fsPath;
  await writeLinearModel(folder, planted, { D: 16 });
  const { document } = await write(
    'many/many.higan.yaml',
    `generator: toy
predictors: [toy]
probe: { samples: 2000, positives: 60, negatives: 60 }
rescore: { samples: 32, layers: groups, top: 10, nulls: 2 }
`,
  );
  return document;
}

/**
 * Runs the large study with its ranking and heatmap open.
 * @returns the longest block of each second of the run, in milliseconds
 */
export async function whileStudyStreams(document: vscode.TextDocument): Promise<number[]> {
  const { studies, panels } = await higan();
  const open = [];
  const columns = { heatmap: vscode.ViewColumn.Three, ranking: vscode.ViewColumn.Two };
  for (const kind of ['heatmap', 'ranking'] as const) {
    const panel = await panels.open(kind, document.uri, {});
    panel.panel.reveal(columns[kind]);
    await eventually(`the ${kind} has loaded`, () => panel.isSubscribed, 60_000);
    open.push(panel);
  }
  let running = true;
  const run = studies.run(document.uri).finally(() => (running = false));
  const blocks: number[] = [];
  while (running) blocks.push(await longestBlock(() => Promise.race([run, sleep(1000)])));
  await run;
  for (const panel of open) panel.dispose();
  return blocks;
}

/** An experiment of many lines: previews by the hundred. */
export async function longExperiment(): Promise<vscode.TextDocument> {
  const concepts = ['attribute/indoor lighting', 'attribute/warm', 'attribute/wood', 'color/brightness'];
  const head = 'generator: rooms\npredictors: [rooms, color]\nseed: 7\nprobe: { samples: 256 }\npreviews:\n';
  const previews = Array.from(
    { length: manyLines / 5 },
    (_, k) =>
      `  preview ${k}:\n    samples: [3, 14] # two rooms\n    edits:\n` +
      `      - { concept: ${concepts[k % 4]}, step: ${k % 7}, layers: upper } # the lamp\n` +
      `      - { concept: ${concepts[(k + 1) % 4]}, step: 1, layers: all }\n`,
  );
  const { document } = await write('long.higan.yaml', head + previews.join(''));
  return document;
}

/**
 * Types into the long experiment, as a person who pauses after every word.
 * @returns the longest block after each of the edits, in milliseconds
 */
export async function whileTyping(document: vscode.TextDocument, edits = 20): Promise<number[]> {
  const text = document.getText();
  const blocks: number[] = [];
  await atRest();
  for (let edit = 0; edit < edits; edit++) {
    const changed = text.replace('seed: 7', `seed: ${100 + edit}`);
    blocks.push(
      await longestBlock(async () => {
        await type(document, changed);
        // Diagnostics, lenses and hints follow the text with a delay.
        await sleep(600);
      }),
    );
  }
  return blocks;
}

/** The middle one of some numbers. */
export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
