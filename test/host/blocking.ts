/**
 * How long the extension host stands still for us: while a study of many concepts streams its results into open panels, and
 * while a long experiment is typed into. Used by the host suite and by the benchmarks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { writeLinearModel } from '../fixtures/linear-model';
import { eventually, heard, higan, inWorkspace, problems, type, write } from './window';
import type { StudyPanel } from '../../src/extension/panels/panel';
import type { PanelKind } from '../../src/protocol/panels';

/** Milliseconds between two looks at the event loop. */
const resolution = 2;

/** Watches how long the event loop is held up, from now on and without a gap. */
class Blocks {
  private seen = performance.now();
  private worst = 0;
  private readonly timer = setInterval(() => this.look(), resolution);

  private look(): void {
    const now = performance.now();
    this.worst = Math.max(this.worst, now - this.seen - resolution);
    this.seen = now;
  }

  /** The longest block since this was last asked, in milliseconds. */
  longest(): number {
    this.look();
    const { worst } = this;
    this.worst = 0;
    return worst;
  }

  end(): void {
    clearInterval(this.timer);
  }
}

/** The longest that the event loop was held up while something happened, in milliseconds. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const blocks = new Blocks();
  try {
    await work();
    return blocks.longest();
  } finally {
    blocks.end();
  }
}

/** What the reference's work comes to: without it there would be nothing to work for. */
let outcome = 1;

/**
 * Milliseconds that work of a known amount takes here and now, in one piece: 45 on a quiet machine of our class. What
 * else the machine does makes it longer as it makes the blocks of the extension host longer.
 */
export function referenceBlock(): number {
  const started = performance.now();
  let x = outcome;
  for (let i = 0; i < 5e7; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  outcome = x;
  return performance.now() - started;
}

/** Waits until a window that has just opened is done with its own affairs: they are not what is measured. */
async function atRest(): Promise<void> {
  const quiet = 12;
  // On a busy machine it never looks like it.
  for (const end = Date.now() + 30_000; Date.now() < end;)
    if ((await longestBlock(() => sleep(400))) < quiet) return;
}

/** Concepts of the study that is streamed, and lines of the experiment that is typed into. */
export const manyConcepts = 1000;
export const manyLines = 2000;

/**
 * A model with that many concepts in the workspace, and an experiment that studies all of them.
 * @param top how many of them are moved on each group of layers
 */
export async function largeStudy(top = 10): Promise<vscode.TextDocument> {
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
rescore: { samples: 32, layers: groups, top: ${top}, nulls: 2 }
`,
  );
  return document;
}

/**
 * Runs the large study with its ranking and heatmap in view: a hidden panel is told of nothing.
 * @returns the longest block of each second of the run and of the moment after it, in milliseconds
 */
export async function whileStudyStreams(document: vscode.TextDocument): Promise<number[]> {
  const { studies, panels } = await higan();
  const openIn = async (kind: PanelKind, column: vscode.ViewColumn): Promise<StudyPanel> => {
    const panel = await panels.open(kind, document.uri, {});
    panel.panel.reveal(column);
    await eventually(`the ${kind} has loaded`, () => panel.isSubscribed, 60_000);
    return panel;
  };
  const ranking = await openIn('ranking', vscode.ViewColumn.Two);
  const heatmap = await openIn('heatmap', vscode.ViewColumn.Three);
  await eventually('both are in view', () => ranking.panel.visible && heatmap.panel.visible);
  let running = true;
  const run = studies.run(document.uri).finally(() => (running = false));
  const watch = new Blocks();
  const blocks: number[] = [];
  try {
    while (running) {
      await Promise.race([run, sleep(1000)]);
      blocks.push(watch.longest());
    }
    await run;
    // The whole result comes a moment later. A ranking would have the side effects computed then, too.
    ranking.dispose();
    const events = heard(heatmap);
    await eventually('the heatmap is told of the whole result', () =>
      events.some(({ name }) => name === 'snapshot'),
    );
    blocks.push(watch.longest());
  } finally {
    watch.end();
    for (const panel of [ranking, heatmap]) panel.dispose();
  }
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
 * Types into the long experiment, as a person who pauses after every word; each word makes a problem that is seen.
 * @returns the longest block after each of the edits, in milliseconds
 */
export async function whileTyping(document: vscode.TextDocument, edits = 20): Promise<number[]> {
  const text = document.getText();
  const blocks: number[] = [];
  await atRest();
  for (let edit = 0; edit < edits; edit++) {
    const changed = text.replace('seed: 7', `seed: ${100 + edit}`);
    // A warning: what the file means is worked out all the same.
    const concept = `attribute/typed ${edit}`;
    blocks.push(
      await longestBlock(async () => {
        await type(document, `${changed}review: { ${concept}: { verdict: unsure } }\n`);
        await eventually(`'${concept}' is told to be unknown`, () =>
          problems(document.uri).some(({ message }) => message.includes(`'${concept}'`)),
        );
        // Lenses and hints follow.
        await sleep(400);
      }),
    );
  }
  await type(document, text);
  return blocks;
}

/** The middle one of some numbers. */
export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
