/** Select Device: where models run, what this system can have of it, and how CUDA is brought. */
import * as vscode from 'vscode';
import type { Device } from '../../protocol/results';
import type { InferenceClient } from '../inference/client';
import { changeSetting, settingsFor } from '../settings';
import type { Tools } from './tools';

interface Choice {
  device: Device | 'auto';
  label: string;
  detail: string;
  /** Systems that have it, by Node's names; left out: all. */
  only?: { systems: readonly string[]; name: string };
}

const howCuda = 'How to bring CUDA…';

const choices: Choice[] = [
  {
    device: 'auto',
    label: 'Automatic',
    detail: 'The first that passes the self-test: CUDA, DirectML, CoreML, WebGPU, CPU',
  },
  { device: 'cpu', label: 'CPU', detail: 'Works everywhere; results are identical to the byte' },
  { device: 'webgpu', label: 'WebGPU', detail: 'Any graphics card with Vulkan, Metal or Direct3D 12' },
  {
    ...{ device: 'cuda', label: 'CUDA', only: { systems: ['linux-x64'], name: 'Linux on x64' } },
    detail: `NVIDIA; needs an ONNX Runtime with CUDA: ‘${howCuda}’ says from where`,
  },
  {
    ...{ device: 'dml', label: 'DirectML', only: { systems: ['win32-x64', 'win32-arm64'], name: 'Windows' } },
    detail: 'Any graphics card with DirectX 12',
  },
  {
    ...{ device: 'coreml', label: 'CoreML', only: { systems: ['darwin-arm64'], name: 'macOS' } },
    detail: 'Apple silicon',
  },
];

/** @param system of the machine that the models run on, which a window's extension host is on too */
function items(
  current: Device | 'auto',
  used: Device | null,
  system: string,
): (vscode.QuickPickItem & { device: Device | 'auto' | null })[] {
  const isThere = ({ only }: Choice): boolean => !only || only.systems.includes(system);
  return [
    ...choices.filter(isThere).map(({ device, label, detail }) => ({
      label: device === current ? `$(check) ${label}` : label,
      description: device === used ? 'in use' : undefined,
      ...{ detail, device },
    })),
    ...choices
      .filter((choice) => !isThere(choice))
      .map(({ device, label, detail, only }) => ({
        label: device === current ? `$(check) ${label}` : label,
        description: `$(circle-slash) not on this system: ${only?.name} only`,
        ...{ detail, device },
      })),
    { label: `$(question) ${howCuda}`, device: null },
  ];
}

export async function selectDevice(tools: Tools, given?: unknown): Promise<void> {
  const { inference, log } = tools;
  const { device: current } = settingsFor();
  const known = choices.find(({ device }) => device === given);
  const choice =
    known ??
    (await vscode.window.showQuickPick(
      items(current, deviceInUse(inference), `${process.platform}-${process.arch}`),
      {
        title: 'Where should the models run?',
        placeHolder: 'Each device is proven by the models’ self-tests before it is used',
      },
    ));
  if (!choice) return;
  if (choice.device === null) return explainCuda();
  const { device } = choice;
  await changeSetting<Device | 'auto'>('device', () => device);
  log.info(`Device: ${device}`);
  await takeUp(tools, device);
}

/** The next request opens the new device: an idle process has nothing to lose, one that runs something keeps its own. */
async function takeUp({ inference, studies }: Tools, device: Device | 'auto'): Promise<void> {
  if (inference.state.kind === 'off') return;
  const runs =
    studies.isRunning() || ('heartbeat' in inference.state && inference.state.heartbeat?.state === 'running');
  const used = deviceInUse(inference);
  if (!runs) return inference.restart();
  if (device === used) return;
  const label = choices.find((choice) => choice.device === device)?.label;
  const answer = await vscode.window.showInformationMessage(
    `What is running stays on ${used ?? 'the device that it began on'}. ${label} is used once it is done or cancelled; ` +
      'until then nothing else is computed.',
    ...(studies.isRunning() ? ['Cancel Run'] : []),
  );
  if (answer === 'Cancel Run') await vscode.commands.executeCommand('higan.cancel');
}

const deviceInUse = ({ state }: InferenceClient): Device | null =>
  state.kind === 'up' ? (state.heartbeat?.device ?? null) : null;

async function explainCuda(): Promise<void> {
  await vscode.window.showInformationMessage('How to bring CUDA', {
    modal: true,
    detail:
      'The bundled ONNX Runtime has no CUDA, because its libraries are large. In a folder of your own run\n\n' +
      '    npm install onnxruntime-node\n\n' +
      'on a Linux machine with an NVIDIA driver, CUDA 12 and cuDNN 9: its installer fetches the CUDA libraries. Then set ' +
      'higan.onnxruntime to that folder and choose CUDA or Automatic here.',
  });
}
