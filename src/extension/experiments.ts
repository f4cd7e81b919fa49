/** Experiment files as the editor has them: parsed and judged once per version, shared by everything that asks. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { listModels, type ModelEntry } from '../engine/manifest';
import { othersTurn } from '../engine/yaml';
import {
  judgeExperiment,
  resolveExperiment,
  type JudgedExperiment,
  type ResolvedExperiment,
} from '../engine/experiment';
import { ModelWatch } from './model-watch';
import { modelPlace, section } from './settings';

export const experimentGlob = '**/*.higan.yaml';

/**
 * Files, and those that are still to be saved for the first time. What other schemes show is no experiment, whatever it is
 * called: the old side of a comparison (`git:`) has the path of its file, and would be run, reviewed and drawn as if it
 * were that. In remote windows the extension host sees files of its own machine, so `file` there too.
 */
const schemes = ['file', 'untitled'];

/** What the language features and commands select. */
export const experimentSelector: vscode.DocumentSelector = schemes.map((scheme) => ({
  scheme,
  language: 'yaml',
  pattern: experimentGlob,
}));

export interface JudgedDocument extends JudgedExperiment {
  uri: vscode.Uri;
  version: number;
  text: string;
  /** What a run would mean; null while the file has errors. */
  resolved: ResolvedExperiment | null;
}

/** Whether a document is an experiment file. */
export const isExperiment = (document: vscode.TextDocument): boolean =>
  vscode.languages.match(experimentSelector, document) > 0;

/** Whether a document is an experiment that is still to be saved for the first time. */
const isNew = (document: vscode.TextDocument): boolean =>
  document.uri.scheme === 'untitled' && isExperiment(document);

/** `bedroom` of `bedroom.higan.yaml`. */
export const experimentName = (uri: vscode.Uri): string =>
  path.posix.basename(uri.path).replace(/\.higan\.yaml$/, '');

const folderOf = (uri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(uri, '..');

/** `bedroom.higan.yaml` */
export const fileName = (uri: vscode.Uri): string => path.posix.basename(uri.path);

/** Files, or folders of files, and what they are called now. */
export type Renames = readonly { oldUri: vscode.Uri; newUri: vscode.Uri }[];

export const isExperimentFile = ({ scheme, path: name }: vscode.Uri): boolean =>
  schemes.includes(scheme) && name.endsWith('.higan.yaml');

/** What a file is called after renames of it or of a folder above it; null where they do not concern it. */
export function afterRename(uri: vscode.Uri, files: Renames): vscode.Uri | null {
  for (const { oldUri, newUri } of files) {
    if (uri.scheme !== oldUri.scheme || uri.authority !== oldUri.authority) continue;
    if (uri.path === oldUri.path) return newUri;
    if (uri.path.startsWith(`${oldUri.path}/`))
      return newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) });
  }
  return null;
}

export class Experiments implements vscode.Disposable {
  private readonly judged = new Map<string, { version: number; judgement: Promise<JudgedDocument> }>();
  /** The same of files that no editor has open, by their text. */
  private readonly onDisk = new Map<string, { text: string; judgement: Promise<JudgedDocument> }>();
  /** Where the text of a new experiment was saved last, while it was still open as a new one. */
  private readonly saved = new Map<string, { to: vscode.Uri; text: string }>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri | null>();
  private readonly renamed = new vscode.EventEmitter<Renames>();
  private readonly subscriptions: vscode.Disposable[] = [this.changed, this.renamed];

  /** The meaning of an experiment may have changed: its text, its models, or (null) what all of them depend on. */
  readonly onDidChange = this.changed.event;
  /** Experiments have another name from now on: they, or folders above them, were renamed, or new ones saved. */
  readonly onDidRename = this.renamed.event;

  constructor() {
    const models = vscode.workspace.createFileSystemWatcher('**/manifest.yaml');
    const files = vscode.workspace.createFileSystemWatcher(experimentGlob, false, true, false);
    const forgetAll = (): void => this.forget(null);
    this.subscriptions.push(
      ...[models, files, new ModelWatch(forgetAll)],
      // Deleted, or back again: what it says is the same, whether it is there is not.
      ...[
        files.onDidCreate((uri) => this.changed.fire(uri)),
        files.onDidDelete((uri) => this.changed.fire(uri)),
      ],
      ...[models.onDidCreate(forgetAll), models.onDidChange(forgetAll), models.onDidDelete(forgetAll)],
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(section)) forgetAll();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isExperiment(document)) this.changed.fire(document.uri);
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => this.renamed.fire(files)),
      vscode.workspace.onDidSaveTextDocument(
        (document) => isExperiment(document) && this.noteSaved(document),
      ),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.judged.delete(document.uri.toString());
        const newUri = this.savedAs(document);
        if (newUri) this.renamed.fire([{ oldUri: document.uri, newUri }]);
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(forgetAll),
    );
  }

  /** Reads a document as it stands in the editor. Never rejects for what the text says. */
  judge(document: vscode.TextDocument): Promise<JudgedDocument> {
    const key = document.uri.toString();
    const known = this.judged.get(key);
    if (known?.version === document.version) return known.judgement;
    const judgement = this.judgeText(document.uri, document.getText(), document.version);
    this.judged.set(key, { version: document.version, judgement });
    judgement.catch(() => this.judged.delete(key));
    return judgement;
  }

  /** Reads an experiment as its editor has it, else as it lies on disk. Null where it is in neither. */
  async judgeFile(experiment: vscode.Uri): Promise<JudgedDocument | null> {
    const key = experiment.toString();
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);
    if (open) return this.judge(open);
    try {
      const text = Buffer.from(await vscode.workspace.fs.readFile(experiment)).toString('utf8');
      const known = this.onDisk.get(key);
      if (known?.text === text) return await known.judgement;
      const judgement = this.judgeText(experiment, text);
      this.onDisk.set(key, { text, judgement });
      return await judgement;
    } catch {
      // It is not there any more, or is nothing that can be read as text.
      this.onDisk.delete(key);
      return null;
    }
  }

  /** What another text of an experiment file would mean: a revision of it, which no editor shows. */
  async judgeText(uri: vscode.Uri, text: string, version = 0): Promise<JudgedDocument> {
    const judged = await judgeExperiment(text, modelPlace(folderOf(uri)));
    await othersTurn();
    const { parsed, context, diagnostics } = judged;
    const sound = parsed.value && context && !diagnostics.some(({ severity }) => severity === 'error');
    const resolved = sound && parsed.value ? resolveExperiment(parsed.value, context) : null;
    return { ...judged, uri, version, text, resolved };
  }

  /** The open document of an experiment, opening it in the background where it is not. */
  async document(experiment: vscode.Uri): Promise<vscode.TextDocument> {
    return vscode.workspace.openTextDocument(experiment);
  }

  /** Whether there is no such file any more, neither on disk nor in a tab that could be saved. */
  isGone(experiment: vscode.Uri): boolean {
    if (experiment.scheme !== 'file' || existsSync(experiment.fsPath)) return false;
    return !vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .some(
        ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === experiment.toString(),
      );
  }

  /** Models that an experiment can name. */
  async models(experiment: vscode.Uri): Promise<ModelEntry[]> {
    return listModels(modelPlace(folderOf(experiment)));
  }

  /** Every experiment file of the workspace, by path. */
  async find(): Promise<vscode.Uri[]> {
    const files = await vscode.workspace.findFiles(experimentGlob, '**/{node_modules,.higan}/**');
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** A new experiment may have been saved under another name than the one that it was opened with. */
  private noteSaved(document: vscode.TextDocument): void {
    const text = document.getText();
    for (const fresh of vscode.workspace.textDocuments.filter(isNew))
      if (fresh.getText() === text) this.saved.set(fresh.uri.toString(), { to: document.uri, text });
  }

  /**
   * The file that a new experiment has become, now that it is closed; null for any other document, and for one that was
   * thrown away. The editor tells of no rename there.
   */
  private savedAs(document: vscode.TextDocument): vscode.Uri | null {
    if (!isNew(document)) return null;
    const key = document.uri.toString();
    const elsewhere = this.saved.get(key);
    this.saved.delete(key);
    const own = document.uri.with({ scheme: 'file' });
    if (existsSync(own.fsPath)) return own;
    // The editor empties a new document when it has saved it; one that was written on since is another.
    const same = elsewhere && ['', elsewhere.text].includes(document.getText());
    return same ? elsewhere.to : null;
  }

  private forget(experiment: vscode.Uri | null): void {
    if (experiment) this.judged.delete(experiment.toString());
    else {
      this.judged.clear();
      this.onDisk.clear();
    }
    this.changed.fire(experiment);
  }
}
