/** How the tree shows an experiment, its stages, and what was analysed on demand. */
import path from 'node:path';
import * as vscode from 'vscode';
import { stages, type Stage } from '../protocol/experiment';
import { stageMeanings } from './commands/study';
import { progressLine } from './commands/waiting';
import { experimentName } from './experiments';
import type { Study } from './studies';

/** What an item is drawn from. `outdated`: the result is of an earlier meaning of the file. */
export interface Shown {
  study: Study;
  outdated: boolean;
}

const outdatedSentence = 'Computed for an earlier version of this file; run it again.';

export function experimentItem(experiment: vscode.Uri, { study, outdated }: Shown): vscode.TreeItem {
  const item = new vscode.TreeItem(experimentName(experiment), vscode.TreeItemCollapsibleState.Collapsed);
  const { run, result } = study;
  item.id = experiment.toString();
  item.resourceUri = experiment;
  const running = run.state !== 'idle';
  const state = running
    ? run.state
    : run.problem
      ? `failed: ${run.problem.split('\n')[0]}`
      : result
        ? `${movers(study)} of ${result.concepts.length} move${outdated ? ', outdated' : ''}`
        : 'not run yet';
  const folder = path.posix.dirname(vscode.workspace.asRelativePath(experiment));
  item.description = folder === '.' || running ? state : `${state} · ${folder}`;
  item.iconPath = new vscode.ThemeIcon(
    running
      ? 'loading~spin'
      : run.problem
        ? 'error'
        : !result
          ? 'circle-outline'
          : outdated
            ? 'history'
            : 'beaker',
  );
  item.tooltip = [experiment.fsPath, run.problem, outdated && outdatedSentence].filter(Boolean).join('\n\n');
  // `when` clauses of the item's buttons read it.
  item.contextValue = `experiment${running ? '.running' : ''}${result ? '.results' : ''}`;
  item.command = { command: 'vscode.open', title: 'Open', arguments: [experiment] };
  return item;
}

export function stageItem(stage: Stage, { study, outdated }: Shown): vscode.TreeItem {
  const item = new vscode.TreeItem(stage);
  const { result, run } = study;
  const done = result?.stages.includes(stage) ?? false;
  const told = run.state !== 'idle' && run.progress?.stage === stage ? run.progress : null;
  // A partial result tells how far the stage is that follows those that are done.
  const begun = !done && result && stages[result.stages.length] === stage ? result.partial : null;
  const time = finishedAt(stage, study);
  let explained = 'Not done yet.';
  if (told) {
    item.description = progressLine(told).replace(`${stage} `, '');
    item.iconPath = new vscode.ThemeIcon('loading~spin');
    explained = 'Running.';
  } else if (done) {
    item.description = [time === null ? 'done' : age(time), outdated && 'outdated']
      .filter(Boolean)
      .join(', ');
    item.iconPath = new vscode.ThemeIcon(outdated ? 'history' : 'check');
    explained = [
      time !== null && `Finished ${new Date(time).toLocaleString()}.`,
      outdated && outdatedSentence,
    ]
      .filter(Boolean)
      .join(' ');
  } else {
    item.description = begun === null ? 'not done' : `${Math.floor(begun * 100)} % done`;
    item.iconPath = new vscode.ThemeIcon(begun === null ? 'circle-outline' : 'debug-continue');
    if (begun !== null) explained = 'Stopped on the way: the next run goes on from there.';
  }
  item.tooltip = `${stage}: ${stageMeanings[stage]}.\n\n${explained}`;
  return item;
}

/** How many hops some transitions have together; the transition panel counts those of all of the file. */
export const hopsOf = (transitions: readonly { path: readonly string[] }[]): number =>
  transitions.reduce((sum, { path: walk }) => sum + walk.length - 1, 0);

/**
 * @param path categories
 * @param hop number of its first hop among those of all the file's transitions
 */
export function transitionItem(
  experiment: vscode.Uri,
  { path: walk, hop, time }: { path: string[]; hop: number; time: number | null },
): vscode.TreeItem {
  const item = new vscode.TreeItem(walk.map((category) => category.split('/').at(-1)).join(' → '));
  item.description = time === null ? 'transition, not done' : `transition, ${age(time)}`;
  item.iconPath = new vscode.ThemeIcon(time === null ? 'circle-outline' : 'arrow-swap');
  item.tooltip =
    'transition: what the pixels of each label become on the way.\n\n' +
    (time === null
      ? 'Not done yet: opening it computes it.'
      : `Finished ${new Date(time).toLocaleString()}.`);
  item.command = {
    ...{ command: 'higan.showTransition', title: 'Show Transition' },
    arguments: [experiment, { hop }],
  };
  return item;
}

export function entanglementItem(experiment: vscode.Uri, { study }: Shown): vscode.TreeItem {
  const item = new vscode.TreeItem('entanglement');
  const there = study.result?.stages.includes('rescore') ?? false;
  item.description = there ? 'read from rescore' : 'not done';
  item.iconPath = new vscode.ThemeIcon(there ? 'type-hierarchy' : 'circle-outline');
  item.tooltip =
    'entanglement: what moving one concept does to the others.\n\n' +
    (there ? 'It is read from the images of the stage rescore.' : 'It needs the stage rescore.');
  if (there)
    item.command = { command: 'higan.showEntanglement', title: 'Show Entanglement', arguments: [experiment] };
  return item;
}

/** Milliseconds; of results of older versions, which did not note their stages, the file's time. */
function finishedAt(stage: Stage, { finished, modified }: Study): number | null {
  const noted = finished[stage];
  return noted === undefined ? modified : Date.parse(noted);
}

const movers = ({ result }: Study): number =>
  result?.concepts.filter(({ effect }) => effect?.moves).length ?? 0;

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago` */
export function age(then: number, now = Date.now()): string {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 90) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 36 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}
