/** The extension's entry: puts its parts together when a window first meets an experiment. */
import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('HiGAN', { log: true });
  context.subscriptions.push(log);
}
