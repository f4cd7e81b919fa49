/**
 * What is known about each experiment: its stored result, and the run that is filling in a new one. The one place that
 * reads stores and starts runs; language features, tree, status bar and panels look here.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../protocol/channel';
import type { Stage } from '../protocol/experiment';
import type { RunState } from '../protocol/panels';
import type { Plan, StudyResult } from '../protocol/results';
import { openStoreForReading, studyHash, type StoreReader } from '../engine/store/read';
import type { Experiments, JudgedDocument } from './experiments';
import type { InferenceClient } from './inference/client';
import { settingsFor, storeFolder } from './settings';

export interface Study {
  experiment: vscode.Uri;
  /** The newest result: of the running study, else of the store. */
  result: StudyResult | null;
  /** The result's file; null while it is still running. */
  path: string | null;
  run: RunState;
  /** Milliseconds of the result's file. */
  modified: number | null;
}

/** Why a run was not started, in a sentence with the remedy. */
export class CannotRun extends Error {}

const idle: RunState = { state: 'idle', progress: null, problem: null };

export class Studies implements vscode.Disposable {
  private readonly studies = new Map<string, Study>();
  private readonly reading = new Map<string, Promise<Study>>();
  private readonly running = new Map<string, AbortController>();
  private readonly changed = new vscode.EventEmitter<Study>();
  private readonly progressed = new vscode.EventEmitter<Study>();
  private readonly subscriptions: vscode.Disposable[] = [this.changed, this.progressed];

  /** A result came, changed or went away, or a run started or ended. */
  readonly onDidChange = this.changed.event;
  /** A run went on: `run.progress` or a partial `result` is new. */
  readonly onDidProgress = this.progressed.event;

  constructor(
    private readonly experiments: Experiments,
    private readonly inference: InferenceClient,
    private readonly log: (line: string) => void,
  ) {
    // The command line writes into the same store.
    const pointers = vscode.workspace.createFileSystemWatcher('**/.higan/experiments/*.json');
    const readAgain = (): void => void this.refresh();
    this.subscriptions.push(
      pointers,
      ...[pointers.onDidCreate(readAgain), pointers.onDidChange(readAgain), pointers.onDidDelete(readAgain)],
      vscode.workspace.onDidRenameFiles(readAgain),
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

  /** Whether a result is of what the file means now. */
  isCurrent(study: Study, judged: JudgedDocument): boolean {
    if (judged.resolved === null || study.result === null) return false;
    const { experiment, imports } = study.result.provenance;
    return experiment === studyHash(judged.resolved.hash, imports);
  }

  /** Why a run cannot start now; null when it can. */
  cannotRun(judged: JudgedDocument): string | null {
    if (!vscode.workspace.isTrusted)
      return 'This workspace is not trusted: experiments can be checked and stored results viewed, but nothing is run.';
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
    const key = experiment.toString();
    if (this.running.has(key)) throw new CannotRun('This experiment is running already.');
    const controller = new AbortController();
    this.running.set(key, controller);
    let problem: string | null = null;
    let started = false;
    try {
      const { request } = await this.request(experiment);
      const study = await this.get(experiment);
      started = true;
      this.update(study, { run: { state: 'running', progress: null, problem: null } });
      const outcome = await this.inference.run(
        { ...request, until: options.until },
        {
          progress: (progress) => this.step(study, { run: { ...study.run, progress } }),
          partial: (result) => this.step(study, { result, path: null }),
        },
        controller.signal,
      );
      this.update(study, { result: outcome.result, path: outcome.path, modified: Date.now() });
      return outcome.result;
    } catch (error) {
      if (!(error instanceof CancelledError)) {
        problem = error instanceof Error ? error.message : String(error);
        this.log(`${vscode.workspace.asRelativePath(experiment)}: ${problem}`);
      }
      throw error;
    } finally {
      this.running.delete(key);
      const study = this.peek(experiment);
      if (study && started) {
        // What a run left unfinished is in the store as far as it came.
        if (study.path === null) Object.assign(study, await this.stored(experiment));
        this.update(study, { run: { ...idle, problem } });
      }
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

  isRunning(experiment?: vscode.Uri): boolean {
    return experiment ? this.running.has(experiment.toString()) : this.running.size > 0;
  }

  /** What a run would cost here. @throws CannotRun, or what went wrong */
  async plan(experiment: vscode.Uri, signal?: AbortSignal): Promise<Plan> {
    const { request } = await this.request(experiment);
    return this.inference.call('plan', request, signal);
  }

  /**
   * The request to the inference process for an experiment as it stands in the editor.
   * @throws CannotRun for an untrusted workspace or a file with errors
   */
  async request(experiment: vscode.Uri): Promise<{ judged: JudgedDocument; request: InferenceRequest }> {
    const judged = await this.experiments.judge(await this.experiments.document(experiment));
    const reason = this.cannotRun(judged);
    if (reason) throw new CannotRun(reason);
    const { device, modelPaths, onnxruntime } = settingsFor(experiment);
    return {
      judged,
      request: {
        file: experiment.fsPath,
        text: judged.text,
        store: storeFolder(experiment),
        ...{ device, modelPaths, onnxruntime },
      },
    };
  }

  /** The store of an experiment, for reading. */
  store(experiment: vscode.Uri): Promise<StoreReader> {
    return openStoreForReading(storeFolder(experiment));
  }

  /** Reads every known study again, but those that run. */
  async refresh(): Promise<void> {
    for (const study of [...this.studies.values()]) {
      if (this.isRunning(study.experiment)) continue;
      this.update(study, await this.stored(study.experiment));
    }
  }

  dispose(): void {
    for (const controller of this.running.values()) controller.abort();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private async read(experiment: vscode.Uri): Promise<Study> {
    const stored = await this.stored(experiment);
    const study: Study = { experiment, run: idle, ...stored };
    this.studies.set(experiment.toString(), study);
    this.changed.fire(study);
    return study;
  }

  private async stored(experiment: vscode.Uri): Promise<Pick<Study, 'result' | 'path' | 'modified'>> {
    const nothing = { result: null, path: null, modified: null };
    try {
      const latest = await (await this.store(experiment)).readLatest(experiment.fsPath);
      if (!latest) return nothing;
      const { mtime } = await vscode.workspace.fs.stat(vscode.Uri.file(latest.path));
      return { result: latest.result, path: latest.path, modified: mtime };
    } catch (error) {
      this.log(`The store of ${experiment.fsPath} cannot be read: ${String(error)}`);
      return nothing;
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

export interface InferenceRequest {
  file: string;
  text: string;
  store: string;
  device: ReturnType<typeof settingsFor>['device'];
  modelPaths: string[];
  onnxruntime: string | undefined;
}
