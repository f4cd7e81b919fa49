/** Runs the study of an experiment as it was in a git revision. */
import type * as vscode from 'vscode';
import { revisionLine, type Revision } from '../../protocol/revision';
import { experimentName } from '../experiments';
import type { InferenceClient } from '../inference/client';
import { cancellable } from '../progress';
import type { Revisions } from '../revisions';
import type { Studies } from '../studies';
import { agreesToWait, tellRun, tellRunFault } from './waiting';

interface Parts {
  studies: Studies;
  revisions: Revisions;
  inference: InferenceClient;
  log: vscode.LogOutputChannel;
}

/** Resolves when the run ended, however it did. */
export async function runRevision(
  { studies, revisions, inference, log }: Parts,
  experiment: vscode.Uri,
  revision: Revision,
): Promise<void> {
  const name = `${experimentName(experiment)} @ ${revision.short}`;
  try {
    const judged = await revisions.judge(experiment, revision);
    const request = studies.requestOf(judged);
    if (!(await agreesToWait(name, judged, (signal) => inference.call('plan', request, signal)))) return;
    const title = `HiGAN: ${experimentName(experiment)} ${revisionLine(revision)}`;
    await cancellable(title, async (signal, report) => {
      await revisions.run(experiment, revision, tellRun(report), signal);
    });
  } catch (error) {
    tellRunFault(name, error, log);
  }
}
