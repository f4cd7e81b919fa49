/** Long work in the editor's own progress: what it says, and its Cancel. */
import * as vscode from 'vscode';
import { CancelledError } from '../protocol/channel';
import type { Amount, WorkProgress } from '../protocol/results';

/** @param increment percent of the whole that are new; left out where the whole is not known */
export type Report = (message: string, increment?: number) => void;

/** Shows a notification with Cancel while something is done; its signal is aborted by that. */
export async function cancellable<T>(
  title: string,
  work: (signal: AbortSignal, report: Report) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return work(controller.signal, (message, increment) => progress.report({ message, increment }));
    },
  );
}

/** Tells what went wrong. Cancelled work is no fault: nothing is said of it. */
export function tellFault(error: unknown): void {
  if (error instanceof CancelledError) return;
  void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
}

/** `following the pixels 300 of 1,500 · 74 images/s · 16 s left` */
export const workLine = ({ doing, ...amount }: WorkProgress): string => amountLine(doing, amount);

export function amountLine(what: string, { done, total, rate, left, unit }: Amount): string {
  const parts = [`${what} ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`];
  if (rate > 0) parts.push(`${rate.toFixed(rate < 10 ? 1 : 0)} ${unit}/s`);
  if (left !== null) parts.push(`${duration(left)} left`);
  return parts.join(' · ');
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
