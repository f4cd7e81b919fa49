/** The status bar item: device, state, memory and rate of the inference process. */
import * as vscode from 'vscode';
import type { ClientState, InferenceClient } from './inference/client';
import { settingsFor } from './settings';

export class InferenceStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'higan.status',
    vscode.StatusBarAlignment.Left,
    10,
  );
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly inference: InferenceClient) {
    this.item.name = 'HiGAN inference';
    this.item.command = 'higan.selectDevice';
    this.subscriptions = [
      this.item,
      inference.onDidChangeState(() => this.show()),
      vscode.workspace.onDidChangeConfiguration(() => this.show()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.show()),
    ];
    this.show();
    this.item.show();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private show(): void {
    this.item.text = statusText(this.inference.state);
    const device = settingsFor().device;
    this.item.tooltip = vscode.workspace.isTrusted
      ? `HiGAN inference; setting: ${device}. Click to choose the device.`
      : 'This workspace is not trusted: nothing is run.';
  }
}

/** `$(chip) HiGAN: cpu, running, 74 images/s, 0.8 GB` */
export function statusText(state: ClientState): string {
  if (state.kind === 'off') return '$(chip) HiGAN';
  if (state.kind === 'starting' || !state.heartbeat) return '$(loading~spin) HiGAN: starting';
  const { device, state: doing, memory, rate } = state.heartbeat;
  const parts = [
    device ?? 'no device yet',
    doing,
    ...(rate > 0 ? [`${rate.toFixed(rate < 10 ? 1 : 0)} images/s`] : []),
    memory >= 1e9 ? `${(memory / 1e9).toFixed(1)} GB` : `${Math.round(memory / 1e6)} MB`,
  ];
  return `${doing === 'idle' ? '$(chip)' : '$(pulse)'} HiGAN: ${parts.join(', ')}`;
}
