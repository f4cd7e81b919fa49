/** The user's settings, typed. `docs/extension.md` describes each. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelPlace } from '../engine/manifest';
import type { Device } from '../protocol/results';

export interface Settings {
  device: Device | 'auto';
  /** Absolute folder of the store of an experiment, or undefined for `.higan` beside it. */
  store: string | undefined;
  modelPaths: string[];
  /** A Node to run the inference process on; undefined: the editor's own. */
  nodePath: string | undefined;
  /** Folder of another onnxruntime-node. */
  onnxruntime: string | undefined;
  /** Minutes without work after which the inference process ends; within the bounds that package.json names. */
  idleMinutes: number;
}

export const section = 'higan';

/** Settings as they apply to an experiment. A workspace that is not trusted cannot set paths (package.json says which). */
export function settingsFor(experiment?: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration(section, experiment ?? null);
  const text = (key: string): string | undefined => configuration.get<string>(key)?.trim() || undefined;
  const store = text('store');
  // The editor only warns of a setting that is out of bounds, or of another type.
  const idle = Number(configuration.get('idleMinutes', 10));
  return {
    device: configuration.get<Settings['device']>('device', 'auto'),
    store: store && experiment ? path.resolve(path.dirname(experiment.fsPath), store) : undefined,
    modelPaths: configuration.get<string[]>('modelPaths', []),
    nodePath: text('nodePath'),
    onnxruntime: text('onnxruntime'),
    idleMinutes: Number.isFinite(idle) ? Math.min(1440, Math.max(0.05, idle)) : 10,
  };
}

/**
 * Where models are looked for from a folder: that of an experiment, or a workspace's; undefined where there is none. In a
 * workspace that is not trusted nothing above it is read, since whoever wrote it chose where it lies and what it names.
 */
export function modelPlace(folder: vscode.Uri | undefined): ModelPlace {
  const place = { folder: folder?.fsPath, modelPaths: settingsFor(folder).modelPaths };
  if (vscode.workspace.isTrusted) return place;
  const root = folder && vscode.workspace.getWorkspaceFolder(folder);
  return { ...place, within: (root?.uri ?? folder)?.fsPath ?? '.' };
}

/** The store of an experiment, absolute. */
export function storeFolder(experiment: vscode.Uri): string {
  return settingsFor(experiment).store ?? path.join(path.dirname(experiment.fsPath), '.higan');
}

/**
 * Changes a setting where its value holds: in the folders and the workspace that set it, which win over the user's own, else
 * in the user's own. What a workspace that is not trusted says does not hold.
 */
export async function changeSetting<T>(
  key: 'device' | 'modelPaths',
  change: (present: T | undefined) => T,
): Promise<void> {
  const { ConfigurationTarget, workspace } = vscode;
  const overrides = workspace.isTrusted;
  for (const { uri } of overrides ? (workspace.workspaceFolders ?? []) : []) {
    const configuration = workspace.getConfiguration(section, uri);
    const present = configuration.inspect<T>(key)?.workspaceFolderValue;
    if (present !== undefined)
      await configuration.update(key, change(present), ConfigurationTarget.WorkspaceFolder);
  }
  const configuration = workspace.getConfiguration(section);
  const { workspaceValue, globalValue } = configuration.inspect<T>(key) ?? {};
  if (overrides && workspaceValue !== undefined)
    await configuration.update(key, change(workspaceValue), ConfigurationTarget.Workspace);
  else await configuration.update(key, change(globalValue), ConfigurationTarget.Global);
}
