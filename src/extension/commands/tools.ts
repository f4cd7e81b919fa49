/** Restart Inference, Check Models, Clean Store, Add Model Path. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Experiments } from '../experiments';
import type { InferenceClient } from '../inference/client';
import { cancellable, tellFault, workLine } from '../progress';
import { changeSetting, settingsFor, storeFolder } from '../settings';
import type { Studies } from '../studies';
import type { Targets } from './target';

/** What commands work with. */
export interface Tools {
  experiments: Experiments;
  studies: Studies;
  inference: InferenceClient;
  targets: Targets;
  log: vscode.LogOutputChannel;
}

/** Ends the process and says what becomes of what it did. */
export async function restartInference({ inference, studies }: Tools): Promise<void> {
  const was = inference.state.kind;
  await inference.restart();
  void vscode.window.showInformationMessage(
    was === 'off'
      ? 'The inference process is not running; it starts at first need.'
      : studies.isRunning()
        ? 'The inference process was ended; what was running goes on in a new one.'
        : 'The inference process was ended; a new one starts at next need.',
  );
}

/** Runs each model's self-test and shows what it found. */
export async function checkModels({ experiments, inference, log }: Tools): Promise<void> {
  if (!trusted('Models are not run')) return;
  const { device, modelPaths, onnxruntime } = settingsFor();
  const places = await modelPlaces(experiments);
  try {
    const checks = await cancellable('Checking models', async (signal, report) => {
      const found = [];
      for (const folder of places) {
        const request = { folder, device, modelPaths, onnxruntime };
        found.push(
          ...(await inference.work('checkModels', request, (told) => report(workLine(told)), signal)),
        );
      }
      // Every place has the bundled ones.
      return [...new Map(found.map((check) => [check.folder, check])).values()];
    });
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
    tellFault(error);
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
export async function cleanStore({ inference, targets }: Tools, argument: unknown): Promise<void> {
  if (!trusted('Nothing is deleted')) return;
  const experiment = await targets.of(argument);
  if (!experiment) return;
  const store = storeFolder(experiment);
  const name = vscode.workspace.asRelativePath(store);
  const answer = await vscode.window.showWarningMessage(
    `Delete from ${name} what no experiment or verdict names?`,
    {
      modal: true,
      detail: 'It can be computed again. Results of the present files, as they are saved, stay.',
    },
    'Clean',
  );
  if (answer !== 'Clean') return;
  try {
    const { items, bytes } = await cancellable(`Cleaning ${name}`, (signal, report) =>
      inference.work('cleanStore', { store }, (told) => report(workLine(told)), signal),
    );
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    void vscode.window.showInformationMessage(
      `Deleted ${items === 1 ? '1 item' : `${items} items`}, ${size}, from ${name}.`,
    );
  } catch (error) {
    tellFault(error);
  }
}

/** Whether a process may start; where it may not, says what is therefore not done. */
function trusted(otherwise: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  void vscode.window.showWarningMessage(`${otherwise} in a workspace that is not trusted.`);
  return false;
}

/** Adds a folder to the setting of models' folders, where that holds. */
export async function addToModelPaths(folder: unknown): Promise<void> {
  if (typeof folder !== 'string') return;
  await changeSetting<string[]>('modelPaths', (present = []) =>
    present.includes(folder) ? present : [...present, folder],
  );
}
