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
  private experiments = false;
  private said = '';
  /** Whether the item is in the status bar. */
  visible = false;

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
  }

  /** What the item says, as it stands. */
  get text(): string {
    return this.item.text;
  }

  get tooltip(): string {
    return this.said;
  }

  /** Whether there is an experiment in this window: others who write YAML are not bothered. */
  setExperiments(there: boolean): void {
    this.experiments = there;
    this.show();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private show(): void {
    const { state } = this.inference;
    this.item.text = statusText(state);
    this.said = vscode.workspace.isTrusted
      ? statusTooltip(state, settingsFor().device)
      : 'This workspace is not trusted: nothing is run.';
    this.item.tooltip = this.said;
    this.visible = this.experiments || state.kind !== 'off';
    if (this.visible) this.item.show();
    else this.item.hide();
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

/** What runs, where, and why not on a device that comes before. */
export function statusTooltip(state: ClientState, setting: string): string {
  const lines =
    state.kind === 'up'
      ? [
          `HiGAN inference, process ${state.pid}`,
          ...(state.runs ? [`Version ${state.runs.version} on Node ${state.runs.node}`] : []),
          ...(state.heartbeat?.rejected ?? []),
        ]
      : [
          state.kind === 'off'
            ? 'HiGAN inference: no process; it starts at first need'
            : 'HiGAN inference: starting',
        ];
  return [...lines, `Setting: ${setting}. Click to choose the device.`].join('\n');
}
