/** Select Device, Check Models, Clean Store, Restart Inference, Add Model Path. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { CancelledError } from '../../protocol/channel';
import type { Device } from '../../protocol/results';
import type { Experiments } from '../experiments';
import type { InferenceClient } from '../inference/client';
import { section, settingsFor, storeFolder } from '../settings';
import { signalOf } from './waiting';
import { targetOf } from './target';

export interface Tools {
  experiments: Experiments;
  inference: InferenceClient;
  log: vscode.LogOutputChannel;
  /** The built command line, `dist/higan.mjs`. */
  commandLine: string;
}

const devices: { device: Device | 'auto'; label: string; detail: string }[] = [
  {
    device: 'auto',
    label: 'Automatic',
    detail: 'The first that passes the self-test: CUDA, DirectML, CoreML, WebGPU, CPU',
  },
  { device: 'cpu', label: 'CPU', detail: 'Works everywhere; results are identical to the byte' },
  { device: 'webgpu', label: 'WebGPU', detail: 'Any graphics card with Vulkan, Metal or Direct3D 12' },
  { device: 'cuda', label: 'CUDA', detail: 'NVIDIA on Linux; needs an ONNX Runtime with CUDA (see below)' },
  { device: 'dml', label: 'DirectML', detail: 'Windows' },
  { device: 'coreml', label: 'CoreML', detail: 'Mac with Apple silicon' },
];

export async function selectDevice({ inference, log }: Tools, given?: unknown): Promise<void> {
  const { device: current } = settingsFor();
  const explain = '$(question) How to bring CUDA…';
  const items = devices.map(({ device, label, detail }) => ({
    label: device === current ? `$(check) ${label}` : label,
    ...{ detail, device },
  }));
  const known = devices.find(({ device }) => device === given);
  const choice =
    known ??
    (await vscode.window.showQuickPick([...items, { label: explain, detail: '', device: null }], {
      title: 'Where should the models run?',
      placeHolder: 'Each device is proven by the models’ self-tests before it is used',
    }));
  if (!choice) return;
  if (choice.device === null) {
    await vscode.window.showInformationMessage('How to bring CUDA', {
      modal: true,
      detail:
        'The bundled ONNX Runtime has no CUDA, because its libraries are large. In a folder of your own run\n\n' +
        '    npm install onnxruntime-node\n\n' +
        'on a Linux machine with an NVIDIA driver, CUDA 12 and cuDNN 9: its installer fetches the CUDA libraries. Then set ' +
        'higan.onnxruntime to that folder and choose CUDA or Automatic here.',
    });
    return;
  }
  await vscode.workspace
    .getConfiguration(section)
    .update('device', choice.device, vscode.ConfigurationTarget.Global);
  log.info(`Device: ${choice.device}`);
  // The next request opens the new device; an idle process has nothing to lose.
  if (inference.state.kind === 'up' && inference.state.heartbeat?.state !== 'running')
    await inference.restart();
}

/** Runs each model's self-test and shows what it found. */
export async function checkModels({ experiments, inference, log }: Tools): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage('Models are not run in a workspace that is not trusted.');
    return;
  }
  const { device, modelPaths, onnxruntime } = settingsFor();
  const places = await modelPlaces(experiments);
  try {
    const checks = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: 'Checking models',
        cancellable: true,
      },
      async (_progress, token) => {
        const signal = signalOf(token);
        const found = [];
        for (const folder of places)
          found.push(
            ...(await inference.call('checkModels', { folder, device, modelPaths, onnxruntime }, signal)),
          );
        // Every place has the bundled ones.
        return [...new Map(found.map((check) => [check.folder, check])).values()];
      },
    );
    for (const { model, device: on, ok, message } of checks)
      log[ok ? 'info' : 'error'](`${model} on ${on}: ${message}`);
    const bad = checks.filter(({ ok }) => !ok);
    if (bad.length === 0) {
      void vscode.window.showInformationMessage(
        `${checks.length === 1 ? 'The model works' : `All ${checks.length} models work`} on ${checks[0]?.device ?? device}.`,
      );
    } else {
      void vscode.window.showErrorMessage(bad.map(({ model, message }) => `${model}: ${message}`).join('\n'));
    }
  } catch (error) {
    if (error instanceof CancelledError) return;
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

/** Folders from which models are looked for: those of the experiments, else the workspace's. */
async function modelPlaces(experiments: Experiments): Promise<(string | undefined)[]> {
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const folders = (await experiments.find()).map(({ fsPath }) => path.dirname(fsPath));
  const places = [...new Set([...roots, ...folders])];
  return places.length > 0 ? places : [undefined];
}

/** Deletes what no experiment or verdict names from the store of an experiment. */
export async function cleanStore(tools: Tools, argument: unknown): Promise<void> {
  const experiment = await targetOf(argument, tools.experiments);
  if (!experiment) return;
  const store = storeFolder(experiment);
  const answer = await vscode.window.showWarningMessage(
    `Delete from ${vscode.workspace.asRelativePath(store)} what no experiment or verdict names?`,
    { modal: true, detail: 'It can be computed again. Results of the present files stay.' },
    'Clean',
  );
  if (answer !== 'Clean') return;
  try {
    const said = await runHigan(tools, ['store', 'prune', '--store', store], path.dirname(experiment.fsPath));
    void vscode.window.showInformationMessage(said.trim().split('\n').at(-1) ?? 'The store is clean.');
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

/** Runs the command line on the editor's own Node. @throws Error with what it said when it fails */
export async function runHigan({ commandLine, log }: Tools, args: string[], cwd: string): Promise<string> {
  log.info(`higan ${args.join(' ')}`);
  try {
    const { stdout } = await promisify(execFile)(
      settingsFor().nodePath ?? process.execPath,
      [commandLine, ...args],
      { cwd, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, maxBuffer: 1 << 26 },
    );
    return stdout;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(stderr?.trim() || String(error), { cause: error });
  }
}

/** Adds a folder to the user's own setting. */
export async function addToModelPaths(folder: unknown): Promise<void> {
  if (typeof folder !== 'string') return;
  const configuration = vscode.workspace.getConfiguration(section);
  const present = configuration.inspect<string[]>('modelPaths')?.globalValue ?? [];
  if (!present.includes(folder))
    await configuration.update('modelPaths', [...present, folder], vscode.ConfigurationTarget.Global);
}
