/**
 * An experiment at revisions of git: which there are, what the store has of each, and running the study of one. A
 * revision's text is judged as the file's own would be, with the models as they are now, and its result is looked up by
 * what it means. Executes git, so nothing here works in a workspace that is not trusted.
 */
import * as vscode from 'vscode';
import {
  findLatest,
  isHashOf,
  listRevisions,
  readRevision,
  textHash,
  type GitOptions,
} from '../engine/revisions';
import type { Progress, StudyResult } from '../protocol/results';
import { revisionLine, type Revision } from '../protocol/revision';
import type { Experiments, JudgedDocument } from './experiments';
import { gitProgram } from './git';
import type { InferenceClient } from './inference/client';
import { CannotRun, hashNow, type Studies } from './studies';

/** What there is of a revision. */
export interface RevisionStudy {
  result: StudyResult | null;
  /** Why there is no result, in a sentence; null where there is. */
  reason: string | null;
  run: 'no' | 'possible' | 'running';
}

/** The study of a revision that runs now. */
export interface RevisionRun {
  experiment: vscode.Uri;
  revision: Revision;
  /** Stops it after its batch in flight. */
  cancel(): void;
}

const untrusted = 'This workspace is not trusted: git is not run in it, so revisions cannot be read.';

export class Revisions implements vscode.Disposable {
  /** Texts by revision and path: neither ever changes. */
  private readonly texts = new Map<string, string>();
  private readonly running = new Map<string, RevisionRun>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();

  /** The study of a revision of this experiment was started, or ended. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
    private readonly inference: InferenceClient,
  ) {}

  /** The commits that changed the file, newest first. @throws CannotRun, or Failure where there is no history */
  async list(experiment: vscode.Uri): Promise<Revision[]> {
    return listRevisions(experiment.fsPath, await this.git());
  }

  /** Which revision the text of a result is of, in a line; null where the file has no history, or git may not be run. */
  async nameOf(experiment: vscode.Uri, result: StudyResult | null): Promise<string | null> {
    try {
      const latest = await findLatest(experiment.fsPath, await this.git());
      if (!latest) return null;
      const text =
        result?.provenance.text ?? textHash((await this.experiments.document(experiment)).getText());
      const same = isHashOf(await this.text(experiment, latest), text);
      return `${same ? 'as committed in' : 'not as committed in'} ${revisionLine(latest)}`;
    } catch {
      // In no repository, deleted, or without git: nothing to name.
      return null;
    }
  }

  /** What the store has of a revision. Never rejects: what is wrong is the reason. */
  async study(experiment: vscode.Uri, revision: Revision): Promise<RevisionStudy> {
    const without = (reason: string, run: RevisionStudy['run'] = 'no'): RevisionStudy => ({
      ...{ result: null, reason, run },
    });
    try {
      const judged = await this.judge(experiment, revision);
      const running = this.running.has(keyOf(experiment, revision));
      const result = await this.stored(judged);
      if (result?.partial === null && result.stages.includes('rank') && !running)
        return { result, reason: null, run: 'no' };
      if (running) return without(`The study of ${revision.short} is running.`, 'running');
      const problem = this.studies.cannotRun(judged);
      if (problem !== null) return without(`${revision.short} has no result, and cannot be run. ${problem}`);
      const which = result ? 'has only a part of its result' : 'has no result in the store yet';
      return without(`The study of ${revision.short} ${which}.`, 'possible');
    } catch (error) {
      return without(error instanceof Error ? error.message : String(error));
    }
  }

  /** What a revision's text means. @throws CannotRun, or Failure where the revision cannot be read */
  async judge(experiment: vscode.Uri, revision: Revision): Promise<JudgedDocument> {
    return this.experiments.judgeText(experiment, await this.text(experiment, revision));
  }

  /**
   * Runs or continues the study of a revision's text. The file's latest result stays what it is.
   * @throws CannotRun, CancelledError, or what went wrong
   */
  async run(
    experiment: vscode.Uri,
    revision: Revision,
    progress: (progress: Progress) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<StudyResult> {
    const key = keyOf(experiment, revision);
    if (this.running.has(key)) throw new CannotRun(`The study of ${revision.short} is running already.`);
    const controller = new AbortController();
    this.running.set(key, { experiment, revision, cancel: () => controller.abort() });
    this.changed.fire(experiment);
    try {
      const request = this.studies.requestOf(await this.judge(experiment, revision));
      const { result } = await this.inference.run(
        { ...request, latest: false },
        { progress, partial: () => undefined },
        signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
      );
      return result;
    } finally {
      this.running.delete(key);
      this.changed.fire(experiment);
    }
  }

  /** The studies of revisions that run now. */
  get underWay(): RevisionRun[] {
    return [...this.running.values()];
  }

  dispose(): void {
    for (const run of this.running.values()) run.cancel();
    this.changed.dispose();
  }

  private async git(): Promise<GitOptions> {
    if (!vscode.workspace.isTrusted) throw new CannotRun(untrusted);
    return { git: await gitProgram() };
  }

  private async text(experiment: vscode.Uri, revision: Revision): Promise<string> {
    const key = `${revision.hash}:${revision.path}`;
    const known = this.texts.get(key);
    if (known !== undefined && vscode.workspace.isTrusted) return known;
    const text = await readRevision(experiment.fsPath, revision, await this.git());
    this.texts.set(key, text);
    return text;
  }

  private async stored({ uri, resolved }: JudgedDocument): Promise<StudyResult | null> {
    if (!resolved) return null;
    const study = await this.studies.get(uri);
    const store = await this.studies.store(uri);
    return (await store.readResult(hashNow(study, resolved)))?.result ?? null;
  }
}

const keyOf = (experiment: vscode.Uri, { hash }: Revision): string => `${hash} ${experiment.toString()}`;
