/**
 * Which experiment a command is about: what it was given, else what is in front (a panel or a file), else the one that is
 * chosen.
 */
import * as vscode from 'vscode';
import { stages, type Stage } from '../../protocol/experiment';
import type { Target } from '../../protocol/panels';
import { experimentName, isExperiment, isExperimentFile, type Experiments } from '../experiments';
import type { Panels } from '../panels';
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

export class Targets {
  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
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
    if (all.length > 1) return choose(all, 'Which experiment?');
    if (all.length === 0)
      void vscode.window.showInformationMessage(
        'There is no experiment (*.higan.yaml) in this workspace yet.',
      );
    return all[0];
  }

  /** Which running study is meant: the only one, whatever is in front; of several the one in front, else the one that is chosen. */
  async running(argument: unknown): Promise<vscode.Uri | undefined> {
    const given = experimentIn(argument);
    if (given) return given;
    const running = this.studies.underWay;
    if (running.length === 0) void vscode.window.showInformationMessage('No study is running.');
    if (running.length <= 1) return running[0];
    const active = this.active()?.toString();
    return running.find((uri) => uri.toString() === active) ?? choose(running, 'Which run is cancelled?');
  }
}

async function choose(experiments: readonly vscode.Uri[], title: string): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showQuickPick(
    experiments.map((uri) => ({
      label: experimentName(uri),
      description: vscode.workspace.asRelativePath(uri),
      uri,
    })),
    { title },
  );
  return chosen?.uri;
}

/** What a lens or link points to within the experiment. */
export function pointIn(argument: unknown): Target {
  if (typeof argument !== 'object' || argument === null) return {};
  const { concept, layerSet, preview } = argument as Record<string, unknown>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return { concept: text(concept), layerSet: text(layerSet), preview: text(preview) };
}

/** Up to which stage a run is wanted. Menus hand over second where they are (`{ groupId }`), or all that is selected. */
export const stageIn = (argument: unknown): Stage | undefined => stages.find((stage) => stage === argument);
