/** Run, Run Until…, Plan and Cancel. */
import * as vscode from 'vscode';
import { CancelledError } from '../../protocol/channel';
import { stages, type Stage } from '../../protocol/experiment';
import type { Plan, Progress } from '../../protocol/results';
import { experimentName } from '../experiments';
import { amountLine, cancellable, duration } from '../progress';
import { CannotRun, type Studies } from '../studies';
import type { Targets } from './target';

/** Seconds above which a run asks first. */
const askAbove = 30 * 60;
/** Images above which it is measured first how long a run takes: a large generator makes one in seconds on a processor. */
const planAbove = 1000;

export class StudyCommands {
  constructor(
    private readonly targets: Targets,
    private readonly studies: Studies,
    private readonly showLog: () => void,
  ) {}

  /** Resolves when the run ended, however it did. */
  async run(argument: unknown, until?: Stage): Promise<void> {
    const experiment = await this.targets.of(argument);
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
    const experiment = await this.targets.of(argument);
    if (!experiment) return;
    const stage = await vscode.window.showQuickPick(
      stages.map((name) => ({ label: name, description: stageMeanings[name] })),
      { title: 'Run until which stage is done?' },
    );
    if (stage) await this.run(experiment, stage.label);
  }

  async plan(argument: unknown): Promise<Plan | undefined> {
    const experiment = await this.targets.of(argument);
    if (!experiment) return undefined;
    try {
      const plan = await cancellable(`Measuring '${experimentName(experiment)}' on this device`, (signal) =>
        this.studies.plan(experiment, signal),
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
    const experiment = await this.targets.running(argument);
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
    const plan = await cancellable('Measuring how long this study takes here', (signal) =>
      this.studies.plan(experiment, signal),
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
    await cancellable(`HiGAN: ${experimentName(experiment)}`, async (signal, report) => {
      const study = await this.studies.get(experiment);
      // By the study, not by the name: the file may be renamed meanwhile.
      signal.addEventListener('abort', () => this.studies.cancel(study.experiment));
      let told = 0;
      const subscription = this.studies.onDidProgress((of) => {
        const { run } = of;
        if (of !== study || !run.progress) return;
        const percent = overall(run.progress);
        report(progressLine(run.progress), Math.max(0, percent - told));
        told = Math.max(told, percent);
      });
      try {
        await this.studies.run(experiment, { until });
      } finally {
        subscription.dispose();
      }
    });
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

const stageMeanings: Record<Stage, string> = {
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
export const progressLine = ({ stage, ...amount }: Progress): string => amountLine(stage, amount);

function planSentence(name: string, { images, cached, seconds, bytes, device }: Plan): string {
  if (images === 0) return `'${name}' is answered from the store.`;
  return (
    `'${name}' needs ${images.toLocaleString('en-US')} images on ${device}: about ${duration(seconds)} and ` +
    `${(bytes / 1e6).toFixed(1)} MB of disk${cached > 0 ? `; ${cached.toLocaleString('en-US')} are there already` : ''}.`
  );
}
