/** Run, Run Until…, Plan and Cancel. */
import * as vscode from 'vscode';
import { CancelledError } from '../../protocol/channel';
import { stages, type Stage } from '../../protocol/experiment';
import type { Plan, Progress } from '../../protocol/results';
import { experimentName, type Experiments } from '../experiments';
import type { Panels } from '../panels';
import { CannotRun, type Studies } from '../studies';
import { targetOf } from './target';

/** Seconds above which a run asks first. */
const askAbove = 30 * 60;
/** Images above which it is measured first how long a run takes: a large generator makes one in seconds on a processor. */
const planAbove = 1000;

export class StudyCommands {
  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
    private readonly panels: Panels,
    private readonly showLog: () => void,
  ) {}

  /** Resolves when the run ended, however it did. */
  async run(argument: unknown, until?: Stage): Promise<void> {
    const experiment = await targetOf(argument, this.experiments);
    if (!experiment) return;
    if (this.studies.isRunning(experiment)) {
      void vscode.window.showInformationMessage(`'${experimentName(experiment)}' is running already.`);
      return;
    }
    try {
      if (!(await this.mayTakeLong(experiment))) return;
      await this.runWithProgress(experiment, until);
    } catch (error) {
      await this.tell(experiment, error);
    }
  }

  async runUntil(argument: unknown): Promise<void> {
    const experiment = await targetOf(argument, this.experiments);
    if (!experiment) return;
    const stage = await vscode.window.showQuickPick(
      stages.map((name) => ({ label: name, description: stageMeanings[name] })),
      { title: 'Run until which stage is done?' },
    );
    if (stage) await this.run(experiment, stage.label);
  }

  async plan(argument: unknown): Promise<Plan | undefined> {
    const experiment = await targetOf(argument, this.experiments);
    if (!experiment) return undefined;
    try {
      const plan = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: `Measuring '${experimentName(experiment)}' on this device`,
          cancellable: true,
        },
        (_progress, token) => this.studies.plan(experiment, signalOf(token)),
      );
      const stagesLeft = plan.stages
        .map(({ stage, total, cached, unit }) => `${stage}: ${total - cached} of ${total} ${unit}`)
        .join('\n');
      void vscode.window
        .showInformationMessage(planSentence(experimentName(experiment), plan), 'Run', 'Details')
        .then(async (choice) => {
          if (choice === 'Run') await this.run(experiment);
          if (choice === 'Details')
            await vscode.window.showInformationMessage('Plan', { modal: true, detail: stagesLeft });
        });
      return plan;
    } catch (error) {
      await this.tell(experiment, error);
      return undefined;
    }
  }

  async cancel(argument: unknown): Promise<void> {
    const experiment = await targetOf(argument, this.experiments);
    if (experiment) this.studies.cancel(experiment);
  }

  /** Large studies are planned first, and long ones asked about. False: the person declined. */
  private async mayTakeLong(experiment: vscode.Uri): Promise<boolean> {
    const { judged } = await this.studies.request(experiment);
    const { resolved } = judged;
    if (!resolved) return true;
    const moved = Math.min(resolved.concepts.length, 1000) + resolved.rescore.nulls + 1;
    if (resolved.probe.samples + resolved.rescore.samples * moved < planAbove) return true;
    const study = await this.studies.get(experiment);
    if (this.studies.isCurrent(study, judged) && study.result?.partial === null) return true;
    const plan = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: 'Measuring how long this study takes here',
        cancellable: true,
      },
      (_progress, token) => this.studies.plan(experiment, signalOf(token)),
    );
    if (plan.seconds <= askAbove) return true;
    const answer = await vscode.window.showWarningMessage(
      planSentence(experimentName(experiment), plan),
      { modal: true, detail: 'It can be cancelled at any time and goes on later from where it was.' },
      'Run',
    );
    return answer === 'Run';
  }

  private async runWithProgress(experiment: vscode.Uri, until?: Stage): Promise<void> {
    await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `HiGAN: ${experimentName(experiment)}`,
        cancellable: true,
      },
      async (report, token) => {
        const study = await this.studies.get(experiment);
        // The first run is to be seen: its ranking fills in beside the file.
        const shown = this.panels.all.some((panel) => panel.experiment.toString() === experiment.toString());
        if (!study.result && !shown) await this.panels.open('ranking', experiment, {});
        // By the study, not by the name: the file may be renamed meanwhile.
        token.onCancellationRequested(() => this.studies.cancel(study.experiment));
        let told = 0;
        const subscription = this.studies.onDidProgress((of) => {
          const { run } = of;
          if (of !== study || !run.progress) return;
          const percent = overall(run.progress);
          report.report({ message: progressLine(run.progress), increment: Math.max(0, percent - told) });
          told = Math.max(told, percent);
        });
        try {
          await this.studies.run(experiment, { until });
        } finally {
          subscription.dispose();
        }
      },
    );
  }

  private async tell(experiment: vscode.Uri, error: unknown): Promise<void> {
    if (error instanceof CancelledError) return;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof CannotRun) {
      void vscode.window.showWarningMessage(`'${experimentName(experiment)}' was not run. ${message}`);
      return;
    }
    const choice = vscode.window.showErrorMessage(`'${experimentName(experiment)}': ${message}`, 'Show Log');
    void choice.then((chosen) => chosen && this.showLog());
    return Promise.resolve();
  }
}

export const stageMeanings: Record<Stage, string> = {
  probe: 'draw codes, synthesise, score',
  boundary: 'fit a direction for each concept',
  rescore: 'move fresh codes and score again',
  rank: 'rank the concepts, with intervals',
  layers: 'repeat the moves layer by layer',
};

/** Percent of the whole run, with equal shares for the stages that take time. */
function overall({ stage, done, total }: Progress): number {
  const shares: Record<Stage, [number, number]> = {
    probe: [0, 40],
    boundary: [40, 45],
    rescore: [45, 75],
    rank: [75, 76],
    layers: [76, 100],
  };
  const [from, to] = shares[stage];
  return from + ((to - from) * done) / Math.max(1, total);
}

/** `probe 1,200 of 20,000 · 74 images/s · 4 min left` */
export function progressLine({ stage, done, total, rate, left, unit }: Progress): string {
  const parts = [`${stage} ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`];
  if (rate > 0) parts.push(`${rate.toFixed(rate < 10 ? 1 : 0)} ${unit}/s`);
  if (left !== null) parts.push(`${duration(left)} left`);
  return parts.join(' · ');
}

function planSentence(name: string, { images, cached, seconds, bytes, device }: Plan): string {
  if (images === 0) return `'${name}' is answered from the store.`;
  return (
    `'${name}' needs ${images.toLocaleString('en-US')} images on ${device}: about ${duration(seconds)} and ` +
    `${(bytes / 1e6).toFixed(1)} MB of disk${cached > 0 ? `; ${cached.toLocaleString('en-US')} are there already` : ''}.`
  );
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** A token of the editor as a signal. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
