/** Runs in an extension host whose window has no experiment: activates the extension there and says what it cost. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { writeResult } from './result';

/** Milliseconds that a new window takes to come to rest. */
const settling = 4000;

export interface Activation {
  /** From the asking to the activated extension: its code is read, compiled and run. */
  milliseconds: number;
  /** Shared objects that came with it. */
  native: string[];
}

const sharedObjects = (): string[] =>
  (process.report.getReport() as unknown as { sharedObjects: string[] }).sharedObjects;

/** Called by VS Code. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('higan-studio.higan-studio');
  if (!extension) throw new Error('The extension is not there.');
  if (extension.isActive) throw new Error('Something has activated the extension before it was measured.');
  // The window itself is still starting.
  await sleep(settling);
  const before = new Set(sharedObjects());
  const started = performance.now();
  await extension.activate();
  const milliseconds = performance.now() - started;
  const native = sharedObjects().filter((file) => !before.has(file));
  writeResult({ milliseconds, native } satisfies Activation);
}
