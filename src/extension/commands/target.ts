/**
 * Which experiment a command is about: what it was given, else what is in front (a panel or a file), else the one that is
 * chosen.
 */
import * as vscode from 'vscode';
import { stages, type Stage } from '../../protocol/experiment';
import type { Target } from '../../protocol/panels';
import { experimentName, isExperiment, isExperimentFile, type Experiments } from '../experiments';
import type { Panels } from '../panels';
import type { Revisions } from '../revisions';
import type { Studies } from '../studies';

/**
 * Commands get a Uri (lens, explorer), its text (links of hover cards), or a tree item that has one. A button above a
 * panel gives the panel's own Uri: that is no experiment.
 */
export function experimentIn(argument: unknown): vscode.Uri | null {
  if (argument instanceof vscode.Uri) return isExperimentFile(argument) ? argument : null;
  if (typeof argument === 'string') return experimentIn(vscode.Uri.parse(argument, true));
  if (typeof argument === 'object' && argument !== null && 'experiment' in argument)
    return experimentIn(argument.experiment);
  return null;
}

/** A study that runs: of a file as it stands, or as it was in a revision. */
export interface Run {
  experiment: vscode.Uri;
  name: string;
  cancel(): void;
}

export class Targets {
  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
    private readonly revisions: Revisions,
    private readonly panels: Panels,
  ) {}

  /** The experiment that is in front: of the active panel, else in the active editor. */
  active(): vscode.Uri | null {
    const panel = this.panels.active;
    if (panel) return panel.experiment;
    const document = vscode.window.activeTextEditor?.document;
    return document && isExperiment(document) ? document.uri : null;
  }

  /** Undefined when the person chose none. */
  async of(argument: unknown): Promise<vscode.Uri | undefined> {
    const known = experimentIn(argument) ?? this.active();
    if (known) return known;
    const all = await this.experiments.find();
    if (all.length > 1) {
      const named = all.map((experiment) => ({ experiment, name: experimentName(experiment) }));
      return (await choose(named, 'Which experiment?'))?.experiment;
    }
    if (all.length === 0)
      void vscode.window.showInformationMessage(
        'There is no experiment (*.higan.yaml) in this workspace yet.',
      );
    return all[0];
  }

  /**
   * Which running study is meant: the only one, whatever is in front; of several that of the file in front, else the one that
   * is chosen.
   */
  async running(argument: unknown): Promise<Run | undefined> {
    const given = experimentIn(argument);
    const runs = this.runs().filter((run) => !given || isOf(run, given));
    if (runs.length === 0) {
      const none = given ? `'${experimentName(given)}' is not running.` : 'No study is running.';
      void vscode.window.showInformationMessage(none);
    }
    if (runs.length <= 1) return runs[0];
    const meant = given ?? this.active();
    if (meant && this.studies.isRunning(meant)) return runs.find((run) => isOf(run, meant));
    return choose(runs, 'Which run is cancelled?');
  }

  /** Those of files come first. */
  private runs(): Run[] {
    return [
      ...this.studies.underWay.map((experiment) => ({
        ...{ experiment, name: experimentName(experiment) },
        cancel: () => this.studies.cancel(experiment),
      })),
      ...this.revisions.underWay.map((run) => ({
        ...{ experiment: run.experiment, cancel: () => run.cancel() },
        name: `${experimentName(run.experiment)} @ ${run.revision.short}`,
      })),
    ];
  }
}

const isOf = ({ experiment }: Run, file: vscode.Uri): boolean => experiment.toString() === file.toString();

async function choose<T extends { experiment: vscode.Uri; name: string }>(
  all: readonly T[],
  title: string,
): Promise<T | undefined> {
  const items = all.map((one) => ({
    label: one.name,
    description: vscode.workspace.asRelativePath(one.experiment),
    one,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.one;
}

/** What a lens or link points to within the experiment. */
export function pointIn(argument: unknown): Target {
  if (typeof argument !== 'object' || argument === null) return {};
  const { concept, layerSet, preview, hop } = argument as Record<string, unknown>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    ...{ concept: text(concept), layerSet: text(layerSet), preview: text(preview) },
    hop: typeof hop === 'number' ? hop : undefined,
  };
}

/** Up to which stage a run is wanted. Menus hand over second where they are (`{ groupId }`), or all that is selected. */
export const stageIn = (argument: unknown): Stage | undefined => stages.find((stage) => stage === argument);
