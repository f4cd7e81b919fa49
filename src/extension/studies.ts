/**
 * What is known about each experiment: its stored result, and the run that is filling in a new one. The one place that
 * reads stores and starts runs; language features, tree, status bar and panels look here.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../protocol/channel';
import type { Stage } from '../protocol/experiment';
import type { RunState } from '../protocol/panels';
import type { Plan, StudyResult } from '../protocol/results';
import {
  answers,
  knowsFile,
  openStoreForReading,
  StoredImports,
  studyHash,
  transitionHash,
  type RunRecord,
  type StoreReader,
} from '../engine/store/read';
import { Currency } from './currency';
import {
  afterRename,
  fileName,
  isExperimentFile,
  type Experiments,
  type JudgedDocument,
  type Renames,
} from './experiments';
import type { InferenceClient } from './inference/client';
import { section, settingsFor, storeFolder } from './settings';
import { StoreWatch } from './store-watch';

export interface Study {
  experiment: vscode.Uri;
  /** The newest result: of the running study, else of the store. */
  result: StudyResult | null;
  /** The result's file; null while it is still running. */
  path: string | null;
  run: RunState;
  /** Milliseconds of the result's file. */
  modified: number | null;
  /** When each of its stages was finished, as ISO 8601, where the store knows. */
  finished: NonNullable<RunRecord['finished']>;
  /** When each transition in its store was computed, in milliseconds, by `transitionHash`. */
  transitions: ReadonlyMap<string, number>;
  /** Directions that were imported for it; null while its store cannot be read. */
  imports: StoredImports | null;
}

/** Why no process is started and nothing written: a workspace may name any model, and a model is code that runs. */
export const notTrusted =
  'This workspace is not trusted: experiments can be checked and stored results viewed, but nothing is run.';

/** Why a run was not started, in a sentence with the remedy. */
export class CannotRun extends Error {}

type Stored = Pick<Study, 'result' | 'path' | 'modified' | 'finished' | 'transitions' | 'imports'>;

const idle: RunState = { state: 'idle', progress: null, problem: null };

export class Studies implements vscode.Disposable {
  private readonly studies = new Map<string, Study>();
  private readonly reading = new Map<string, Promise<Study>>();
  private readonly running = new Map<string, AbortController>();
  private readonly currency = new Currency();
  private readonly stores = new StoreWatch((folder) => void this.reread(folder));
  private readonly changed = new vscode.EventEmitter<Study>();
  private readonly progressed = new vscode.EventEmitter<Study>();
  private readonly subscriptions: vscode.Disposable[] = [this.changed, this.progressed, this.stores];

  /** A result came, changed or went away, or a run started or ended. */
  readonly onDidChange = this.changed.event;
  /** A run went on: `run.progress` or a partial `result` is new. */
  readonly onDidProgress = this.progressed.event;

  constructor(
    private readonly experiments: Experiments,
    private readonly inference: InferenceClient,
    private readonly log: (line: string) => void,
  ) {
    this.subscriptions.push(
      experiments.onDidRename((files) => this.renamed(files)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${section}.store`)) void this.reread(null);
      }),
    );
  }

  /** What is known now, without reading anything. */
  peek(experiment: vscode.Uri): Study | undefined {
    return this.studies.get(experiment.toString());
  }

  /** The study of an experiment, read from the store the first time. Never rejects: a broken store is said in `run.problem`. */
  get(experiment: vscode.Uri): Promise<Study> {
    const key = experiment.toString();
    const known = this.studies.get(key);
    if (known) return Promise.resolve(known);
    let reading = this.reading.get(key);
    if (!reading) {
      reading = this.read(experiment).finally(() => this.reading.delete(key));
      this.reading.set(key, reading);
    }
    return reading;
  }

  /** Whether a run up to this stage (default: the last) is answered by the result that is there. */
  isAnswered(study: Study, judged: JudgedDocument, until?: Stage): boolean {
    const { device } = settingsFor(judged.uri);
    return study.result !== null && this.isCurrent(study, judged) && answers(study.result, until, device);
  }

  /** Whether a result is of what the file means now; false while the file has errors. */
  isCurrent(study: Study, judged: JudgedDocument): boolean {
    if (judged.resolved === null || study.result === null) return false;
    return study.result.provenance.experiment === hashNow(study, judged.resolved);
  }

  /** Whether a result is of an earlier version of the file, as panels and tree say it. */
  isOutdated(study: Study, { resolved, text }: JudgedDocument): boolean {
    if (!study.result || study.run.state !== 'idle') return false;
    return this.currency.isOutdated(study.result, resolved && hashNow(study, resolved), text);
  }

  /** When each transition that the file names now was computed, in milliseconds; null for those that were not. */
  transitionTimes({ resolved }: JudgedDocument, study: Study): { path: string[]; time: number | null }[] {
    if (!resolved) return [];
    const hash = hashNow(study, resolved);
    return resolved.transitions.map((transition) => ({
      path: transition.path,
      time: study.transitions.get(transitionHash(hash, transition)) ?? null,
    }));
  }

  /** Why a run cannot start now; null when it can. */
  cannotRun(judged: JudgedDocument): string | null {
    if (!vscode.workspace.isTrusted) return notTrusted;
    if (this.experiments.isGone(judged.uri)) return 'The file of this experiment is gone.';
    const error = judged.diagnostics.find(({ severity }) => severity === 'error');
    if (error) return `Line ${error.start.line + 1}: ${error.message}`;
    if (!existsSync(path.dirname(judged.uri.fsPath))) return 'The folder of this experiment is gone.';
    return null;
  }

  /**
   * Runs or continues the study of the text as it stands in the editor. Resolves with the result when it ends.
   * @throws CannotRun, CancelledError, or what went wrong
   */
  async run(experiment: vscode.Uri, options: { until?: Stage } = {}): Promise<StudyResult> {
    if (this.isRunning(experiment)) throw new CannotRun('This experiment is running already.');
    const controller = new AbortController();
    this.running.set(experiment.toString(), controller);
    let problem: string | null = null;
    let started: Study | null = null;
    try {
      const { request } = await this.request(experiment);
      const study = await this.get(experiment);
      started = study;
      this.update(study, { run: { state: 'running', progress: null, problem: null } });
      const outcome = await this.inference.run(
        { ...request, until: options.until },
        {
          progress: (progress) => this.step(study, { run: { ...study.run, progress } }),
          partial: (result) => this.step(study, { result, path: null }),
        },
        controller.signal,
      );
      const modified = await modifiedAt(outcome.path);
      const finished = await finishedStages(
        await this.store(experiment),
        outcome.result.provenance.experiment,
      );
      this.update(study, { result: outcome.result, path: outcome.path, modified, finished });
      return outcome.result;
    } catch (error) {
      if (!(error instanceof CancelledError)) {
        problem = error instanceof Error ? error.message : String(error);
        this.log(`${vscode.workspace.asRelativePath(experiment)}: ${problem}`);
      }
      throw error;
    } finally {
      this.running.delete((started?.experiment ?? experiment).toString());
      if (started) await this.ended(started, experiment, problem);
    }
  }

  /** Stops a running study after its batch in flight. */
  cancel(experiment: vscode.Uri): void {
    const study = this.peek(experiment);
    const controller = this.running.get(experiment.toString());
    if (!study || !controller) return;
    this.update(study, { run: { ...study.run, state: 'cancelling' } });
    controller.abort();
  }

  /** The experiments whose studies run now. */
  get underWay(): vscode.Uri[] {
    return [...this.running.keys()].map((key) => vscode.Uri.parse(key, true));
  }

  isRunning(experiment?: vscode.Uri): boolean {
    return experiment ? this.running.has(experiment.toString()) : this.running.size > 0;
  }

  /** What a run would cost here. @throws CannotRun, or what went wrong */
  async plan(
    experiment: vscode.Uri,
    { until, signal }: { until?: Stage; signal?: AbortSignal } = {},
  ): Promise<Plan> {
    const { request } = await this.request(experiment);
    return this.inference.call('plan', { ...request, until }, signal);
  }

  /**
   * The request to the inference process for an experiment as it stands in the editor.
   * @throws CannotRun for an untrusted workspace or a file with errors
   */
  async request(experiment: vscode.Uri): Promise<{ judged: JudgedDocument; request: InferenceRequest }> {
    const { judged, request } = await this.asItStands(experiment);
    this.mayRun(judged);
    return { judged, request };
  }

  /** The request for an experiment with any text of it. @throws as `request` */
  requestOf(judged: JudgedDocument): InferenceRequest {
    this.mayRun(judged);
    return requestFor(judged);
  }

  /** The request for what needs no sound text: of a file with errors the stored result can still be told. */
  async asItStands(experiment: vscode.Uri): Promise<{ judged: JudgedDocument; request: InferenceRequest }> {
    const judged = await this.experiments.judge(await this.experiments.document(experiment));
    return { judged, request: requestFor(judged) };
  }

  private mayRun(judged: JudgedDocument): void {
    const reason = this.cannotRun(judged);
    if (reason) throw new CannotRun(reason);
  }

  /** The store of an experiment, for reading. */
  store(experiment: vscode.Uri): Promise<StoreReader> {
    return openStoreForReading(storeFolder(experiment));
  }

  dispose(): void {
    for (const controller of this.running.values()) controller.abort();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private async read(experiment: vscode.Uri): Promise<Study> {
    const stored = await this.stored(experiment);
    // Another experiment may have been given this name meanwhile, with a run that goes on.
    const known = this.studies.get(experiment.toString());
    if (known) return known;
    const study: Study = { experiment, run: idle, ...stored };
    this.studies.set(experiment.toString(), study);
    this.changed.fire(study);
    return study;
  }

  /** A run is over, however it ended; `experiment` is what the file was called when it began. */
  private async ended(study: Study, experiment: vscode.Uri, problem: string | null): Promise<void> {
    const run = { ...idle, problem };
    // What a run left unfinished is in the store as far as it came.
    if (study.path === null) Object.assign(study, await this.stored(experiment));
    this.update(study, { run });
    if (study.experiment.toString() !== experiment.toString()) await this.takeAlong(study, experiment);
  }

  /** Others wrote into a store (null: it may be any): its studies are read again, but those that run. */
  private async reread(folder: string | null): Promise<void> {
    for (const study of [...this.studies.values()]) {
      if (folder !== null && storeFolder(study.experiment) !== folder) continue;
      const stored = await this.stored(study.experiment, study);
      if (this.isRunning(study.experiment)) continue;
      if (!sameStored(stored, study)) this.update(study, stored);
    }
  }

  private renamed(files: Renames): void {
    for (const study of [...this.studies.values()]) {
      const to = afterRename(study.experiment, files);
      if (to) this.follow(study, to);
    }
    for (const { oldUri, newUri } of files) {
      if (!isExperimentFile(newUri) || this.studies.has(newUri.toString())) continue;
      void this.get(newUri).then((study) => this.takeAlong(study, oldUri));
    }
  }

  /** The study goes by its file's new name; one that runs goes on. */
  private follow(study: Study, to: vscode.Uri): void {
    const from = study.experiment;
    for (const map of [this.studies, this.running] as Map<string, unknown>[]) {
      const entry = map.get(from.toString());
      map.delete(from.toString());
      if (entry !== undefined) map.set(to.toString(), entry);
    }
    study.experiment = to;
    this.changed.fire(study);
    if (!this.isRunning(to)) void this.takeAlong(study, from);
  }

  /** Stores know experiments by their path: what is kept under the old one is kept under the new one from now on. */
  private async takeAlong(study: Study, from: vscode.Uri): Promise<void> {
    const to = study.experiment;
    // Nothing is written without trust; what is shown stays. A new file that is saved keeps its path.
    if (!vscode.workspace.isTrusted || from.fsPath === to.fsPath) return;
    const [before, store] = [storeFolder(from), storeFolder(to)];
    try {
      const known = await knowsFile(await openStoreForReading(before), from.fsPath);
      if (known && before === store)
        await this.inference.call('rename', { store, from: from.fsPath, to: to.fsPath });
      else if (known) {
        void vscode.window.showInformationMessage(
          `'${fileName(to)}' was moved away from its results, which stay in ${before}. Move it back, let the setting ` +
            'higan.store of both places name one folder, or run it again here.',
        );
      }
    } catch (error) {
      this.log(`The results of ${from.fsPath} could not be taken along to ${to.fsPath}: ${String(error)}`);
    }
    this.update(study, await this.stored(to, study));
  }

  /** What the store has of an experiment. A result that is `known` already is not read again. */
  private async stored(experiment: vscode.Uri, known?: Study): Promise<Stored> {
    const nothing = { result: null, path: null, modified: null, finished: {} };
    try {
      this.stores.watch(storeFolder(experiment));
      const store = await this.store(experiment);
      const imports = await StoredImports.read(store, experiment.fsPath);
      const beside = { imports, transitions: await store.documentTimes('transition') };
      const pointer = await store.readPointer(experiment.fsPath);
      if (!pointer) return { ...nothing, ...beside };
      const path = store.layout.result(pointer.experiment);
      const modified = await modifiedAt(path);
      if (known?.path === path && known.modified === modified)
        return { result: known.result, path, modified, finished: known.finished, ...beside };
      const stored = await store.readResult(pointer.experiment);
      if (!stored) return { ...nothing, ...beside };
      return { ...stored, modified, finished: await finishedStages(store, pointer.experiment), ...beside };
    } catch (error) {
      this.log(`The store of ${experiment.fsPath} cannot be read: ${String(error)}`);
      return { ...nothing, imports: null, transitions: new Map() };
    }
  }

  private update(study: Study, change: Partial<Study>): void {
    Object.assign(study, change);
    this.changed.fire(study);
  }

  private step(study: Study, change: Partial<Study>): void {
    Object.assign(study, change);
    this.progressed.fire(study);
  }
}

/** Milliseconds; null for a file that is not there. */
const modifiedAt = (file: string): Promise<number | null> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );

const sameStored = (a: Stored, b: Stored): boolean =>
  a.result === b.result &&
  JSON.stringify([a.imports?.all, [...a.transitions]]) ===
    JSON.stringify([b.imports?.all, [...b.transitions]]);

/** The name that a result of what the file means now has. */
export const hashNow = ({ imports }: Study, resolved: NonNullable<JudgedDocument['resolved']>): string =>
  studyHash(resolved.hash, imports?.hashes(resolved));

const finishedStages = async (store: StoreReader, study: string): Promise<Study['finished']> =>
  (await store.readRun(study))?.finished ?? {};

export interface InferenceRequest {
  file: string;
  text: string;
  store: string;
  device: ReturnType<typeof settingsFor>['device'];
  modelPaths: string[];
  onnxruntime: string | undefined;
}

function requestFor(judged: JudgedDocument): InferenceRequest {
  const { device, modelPaths, onnxruntime } = settingsFor(judged.uri);
  return {
    ...{ file: judged.uri.fsPath, text: judged.text, store: storeFolder(judged.uri) },
    ...{ device, modelPaths, onnxruntime },
  };
}
