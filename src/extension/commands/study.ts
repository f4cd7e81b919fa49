/** Run, Run Until…, Plan and Cancel. */
import * as vscode from 'vscode';
import { stages, type Stage } from '../../protocol/experiment';
import type { Plan } from '../../protocol/results';
import { experimentName } from '../experiments';
import type { Panels } from '../panels';
import { cancellable } from '../progress';
import type { Studies } from '../studies';
import { agreesToWait, planSentence, tellRun, tellRunFault } from './waiting';
import type { Targets } from './target';

export class StudyCommands {
  constructor(
    private readonly targets: Targets,
    private readonly studies: Studies,
    private readonly panels: Panels,
    private readonly log: vscode.LogOutputChannel,
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
      if (!(await this.mayTakeLong(experiment, until))) return;
      await this.runWithProgress(experiment, until);
    } catch (error) {
      tellRunFault(experimentName(experiment), error, this.log);
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
        this.studies.plan(experiment, { signal }),
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
      tellRunFault(experimentName(experiment), error, this.log);
      return undefined;
    }
  }

  async cancel(argument: unknown): Promise<void> {
    (await this.targets.running(argument))?.cancel();
  }

  /** Large studies are planned first, and long ones asked about. False: the person declined. */
  private async mayTakeLong(experiment: vscode.Uri, until?: Stage): Promise<boolean> {
    const { judged } = await this.studies.request(experiment);
    const study = await this.studies.get(experiment);
    if (this.studies.isAnswered(study, judged, until)) return true;
    const plan = (signal: AbortSignal): Promise<Plan> => this.studies.plan(experiment, { until, signal });
    return agreesToWait(experimentName(experiment), judged, plan);
  }

  private async runWithProgress(experiment: vscode.Uri, until?: Stage): Promise<void> {
    await cancellable(`HiGAN: ${experimentName(experiment)}`, async (signal, report) => {
      const study = await this.studies.get(experiment);
      // The first run is to be seen: its ranking fills in beside the file.
      const shown = this.panels.all.some((panel) => panel.experiment.toString() === experiment.toString());
      if (!study.result && !shown) await this.panels.open('ranking', experiment, {});
      // By the study, not by the name: the file may be renamed meanwhile.
      signal.addEventListener('abort', () => this.studies.cancel(study.experiment));
      const tell = tellRun(report);
      const subscription = this.studies.onDidProgress((of) => {
        if (of === study && of.run.progress) tell(of.run.progress);
      });
      try {
        await this.studies.run(experiment, { until });
      } finally {
        subscription.dispose();
      }
    });
  }
}

export const stageMeanings: Record<Stage, string> = {
  probe: 'draw codes, synthesise, score',
  boundary: 'fit a direction for each concept',
  rescore: 'move fresh codes and score again',
  rank: 'rank the concepts, with intervals',
  layers: 'repeat the moves layer by layer',
};
