/** Options that several verbs share, and their reading. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { levels } from '../protocol/concept';
import { psiSchema, stages } from '../protocol/experiment';
import { deviceSchema, type Device } from '../protocol/results';
import { expandHome } from '../engine/real-path';
import type { EngineOptions } from '../engine/study';
import { tell } from './output';

export interface ModelPathOptions {
  modelPath?: string[];
}

export interface EngineChoices extends ModelPathOptions {
  device?: Device | 'auto';
  threads?: number;
  onnxruntime?: string;
}

export interface JsonOption {
  json?: boolean;
}

export interface StoreOption {
  store?: string;
}

export const withJson = (command: Command): Command => command.option('--json', 'print the result as JSON');

export const withStore = (command: Command): Command =>
  command.option('--store <dir>', 'folder of results (default: .higan beside the experiment)', place);

export const withModelPath = (command: Command): Command =>
  command.option(
    '--model-path <dir...>',
    'folders of models (or model folders) to search beside the usual ones',
    (folder: string, before: string[] | undefined) => [...(before ?? []), folderThere(folder)],
  );

/** The path of a file or folder, which is there or is to be made: some text. */
export function place(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('A path is expected.');
  return text;
}

/** A folder that has to be there, from the working folder, as every path of the command line. */
function folderThere(text: string): string {
  const folder = path.resolve(expandHome(place(text)));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new InvalidArgumentError('There is no such folder.');
  return folder;
}

export const withEngine = (command: Command): Command =>
  withModelPath(command)
    .addOption(new Option('--device <device>', 'what computes').choices(['auto', ...deviceSchema.options]))
    .option(
      '--threads <n>',
      'threads of one session (default: as many as ONNX Runtime chooses)',
      wholeNumber(1),
    )
    .option('--onnxruntime <dir>', 'folder of another onnxruntime-node, such as one with CUDA', place);

export const stageOption = (): Option =>
  new Option('--until <stage>', 'the last stage to run').choices(stages);
export const levelOption = (): Option =>
  new Option('--level <level>', 'show this level only').choices(levels);

/** What the engine is asked for. */
export const engineOptions = ({ device, threads, onnxruntime, modelPath }: EngineChoices): EngineOptions => ({
  device,
  threads,
  onnxruntime,
  modelPaths: modelPath,
  log: tell,
});

/** A whole number, at least `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const n = Number(text);
    if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(n) || n < least) {
      throw new InvalidArgumentError(`A whole number from ${least} is expected.`);
    }
    return n;
  };

/** A number. */
export function number(text: string): number {
  const x = Number(text);
  if (text.trim() === '' || !Number.isFinite(x)) throw new InvalidArgumentError('A number is expected.');
  return x;
}

/** ψ, as experiments have it. */
export function psi(text: string): number {
  const given = psiSchema.safeParse(number(text));
  if (!given.success) throw new InvalidArgumentError('A number from -2 to 2 is expected.');
  return given.data;
}

/** `0,3,9` and `0-15`, mixed. */
export function indices(text: string): number[] {
  const all: number[] = [];
  for (const part of text.split(',')) {
    const range = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part);
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? range?.[1]);
    if (!range || last < first || last > Number.MAX_SAFE_INTEGER || all.length + last - first >= 1_000_000) {
      throw new InvalidArgumentError('Indices such as 0,3,9 or 0-15 are expected.');
    }
    for (let i = first; i <= last; i++) all.push(i);
  }
  return all;
}

/** `0,0.5,1`: multiples of an edit's step, no larger than steps themselves may be. */
export const multiples = (text: string): number[] =>
  text.split(',').map((part) => {
    const multiple = number(part);
    if (Math.abs(multiple) > 100) throw new InvalidArgumentError('Numbers from -100 to 100 are expected.');
    return multiple;
  });
