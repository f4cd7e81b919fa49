/** Problems of experiment files as you type, on exact ranges: what `higan check` says, and what results contradict. */
import * as vscode from 'vscode';
import type { Diagnostic } from '../../protocol/results';
import { isExperiment, type Experiments } from '../experiments';
import type { Studies } from '../studies';
import { contradictions } from './contradictions';
import { schemaComesToBeServed, schemaIsServed, toldByOthers } from './other-extensions';

/** Milliseconds after the last keystroke. */
const pause = 150;

export const source = 'HiGAN';

/** A diagnostic that carries what a quick fix needs. */
export class ExperimentDiagnostic extends vscode.Diagnostic {
  constructor(readonly found: Diagnostic) {
    super(rangeOf(found), found.message, severities[found.severity]);
    this.source = source;
    this.code = found.code;
  }
}

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

export const rangeOf = ({ start, end }: Pick<Diagnostic, 'start' | 'end'>): vscode.Range =>
  new vscode.Range(start.line, start.column, end.line, end.column);

export class ExperimentDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('higan');
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];
  private awaitsOthers = false;

  constructor(
    private readonly experiments: Experiments,
    private readonly studies: Studies,
    private readonly log: (line: string) => void,
  ) {
    this.subscriptions = [
      this.collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.soon(document, 0)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        clearTimeout(this.waiting.get(document.uri.toString()));
        this.collection.delete(document.uri);
      }),
      experiments.onDidChange((uri) => this.soonFor(uri)),
      studies.onDidChange(({ experiment }) => this.soonFor(experiment)),
      vscode.extensions.onDidChange(() => this.soonFor(null)),
    ];
    this.soonFor(null, 0);
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private soonFor(uri: vscode.Uri | null, delay = pause): void {
    for (const document of vscode.workspace.textDocuments) {
      if (!uri || uri.toString() === document.uri.toString()) this.soon(document, delay);
    }
  }

  private soon(document: vscode.TextDocument, delay: number): void {
    if (!isExperiment(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    const timer = setTimeout(() => {
      this.waiting.delete(key);
      this.check(document).catch((error: unknown) => this.log(`Checking ${key} failed: ${String(error)}`));
    }, delay);
    this.waiting.set(key, timer);
  }

  /** Which of two extensions starts first is chance: what the other one tells as well is taken back when it is there. */
  private awaitOthers(): void {
    if (this.awaitsOthers || schemaIsServed()) return;
    this.awaitsOthers = true;
    void schemaComesToBeServed().then((served) => {
      this.awaitsOthers = false;
      if (served) this.soonFor(null);
    });
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    this.awaitOthers();
    const judged = await this.experiments.judge(document);
    const study = await this.studies.get(document.uri);
    // A newer text is judged by its own turn.
    if (document.isClosed || document.version !== judged.version) return;
    // A document that was opened in the background outlives its file for a while.
    if (this.experiments.isGone(document.uri)) return this.collection.delete(document.uri);
    const found = [
      ...judged.diagnostics.filter(({ code }) => !toldByOthers(code)),
      ...contradictions(judged, study.result, this.studies.isCurrent(study, judged)),
    ];
    this.collection.set(
      document.uri,
      found.map((diagnostic) => new ExperimentDiagnostic(diagnostic)),
    );
  }
}
