/** How long runs take, in words, asking before long ones, and telling why one ended early. */
import * as vscode from 'vscode';
import { CancelledError } from '../../protocol/channel';
import type { Stage } from '../../protocol/experiment';
import type { Plan, Progress } from '../../protocol/results';
import type { JudgedDocument } from '../experiments';
import { amountLine, cancellable, duration, type Report } from '../progress';
import { CannotRun } from '../studies';

/** Seconds above which a run asks first. */
const askAbove = 30 * 60;
/** Images above which it is measured first how long a run takes: a large generator makes one in seconds on a processor. */
const planAbove = 1000;

/** Large studies are planned first, and long ones asked about. False: the person declined. */
export async function agreesToWait(
  name: string,
  { resolved }: JudgedDocument,
  plan: (signal: AbortSignal) => Promise<Plan>,
): Promise<boolean> {
  if (!resolved) return true;
  const moved = Math.min(resolved.concepts.length, 1000) + resolved.rescore.nulls + 1;
  if (resolved.probe.samples + resolved.rescore.samples * moved < planAbove) return true;
  const planned = await cancellable('Measuring how long this study takes here', plan);
  if (planned.seconds <= askAbove) return true;
  const answer = await vscode.window.showWarningMessage(
    planSentence(name, planned),
    { modal: true, detail: 'It can be cancelled at any time and goes on later from where it was.' },
    'Run',
  );
  return answer === 'Run';
}

/** Tells why a study was not run, or not to its end; the log has the rest. Cancelled work is no fault. */
export function tellRunFault(name: string, error: unknown, log: vscode.LogOutputChannel): void {
  if (error instanceof CancelledError) return;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CannotRun) {
    void vscode.window.showWarningMessage(`'${name}' was not run. ${message}`);
    return;
  }
  const choice = vscode.window.showErrorMessage(`'${name}': ${message}`, 'Show Log');
  void choice.then((chosen) => chosen && log.show());
}

/** Tells a run's progress as the notification wants it: a line, and the percent that are new. */
export function tellRun(report: Report): (progress: Progress) => void {
  let told = 0;
  return (progress) => {
    const percent = overall(progress);
    report(progressLine(progress), Math.max(0, percent - told));
    told = Math.max(told, percent);
  };
}

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

export function planSentence(name: string, { images, cached, seconds, bytes, device, rate }: Plan): string {
  if (rate === null) return `'${name}' is answered from the store.`;
  return (
    `'${name}' needs ${images.toLocaleString('en-US')} images on ${device}: about ${duration(seconds)} and ` +
    `${(bytes / 1e6).toFixed(1)} MB of disk${cached > 0 ? `; ${cached.toLocaleString('en-US')} are there already` : ''}.`
  );
}
