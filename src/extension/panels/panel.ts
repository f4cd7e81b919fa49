/** One webview panel of one experiment: its page, its channel, and what is common to all panels. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { Channel, type Handlers, type Port } from '../../protocol/channel';
import { panelPage } from '../../protocol/panel-page';
import {
  hostSides,
  panelSide,
  type PanelKind,
  type PanelSide,
  type rankingHostSide,
  type Snapshot,
  type Target,
} from '../../protocol/panels';
import type { StudyResult } from '../../protocol/results';
import { setVerdict } from '../../engine/experiment';
import { verdictMark } from '../../engine/store/read';
import { rangeOf } from '../../engine/yaml';
import { writeEdits } from '../edits';
import { isExperimentFile } from '../experiments';
import { CannotRun } from '../studies';
import type { Study } from '../studies';
import { Turns } from '../turns';
import type { PanelParts } from './parts';
import { sideEffectsOf } from './side-effects';
import { changeSince, snapshotOf, titleOf } from './snapshot';

/** What every panel answers. */
type Common = typeof rankingHostSide;
export type CommonHandlers = Handlers<Common>;

const titles: Record<PanelKind, string> = {
  ranking: 'Ranking',
  heatmap: 'Layers',
  preview: 'Preview',
  entanglement: 'Entanglement',
  transition: 'Transition',
  compare: 'Compare',
};

export const viewType = (kind: PanelKind): string => `higan.${kind}`;

/** Each panel in a turn of its own: together they would hold up everything else in the extension host. */
const sending = new Turns();

export class StudyPanel implements vscode.Disposable {
  protected readonly subscriptions: vscode.Disposable[] = [];
  /** The side's type is one of the six; events common to all of them are sent through this view of it. */
  protected readonly channel: Channel<Common, PanelSide>;
  private subscribed = false;
  /** Whether the page that subscribed is still there: that of a hidden panel is gone, and loaded anew when it is shown. */
  private listens = false;
  /** Where the next page is pointed to once it has subscribed. */
  private pointed: Target | null = null;
  private sentResult: StudyResult | null = null;
  private sideEffects: Snapshot['sideEffects'] = {};
  private sideEffectsFor: string | null = null;
  private snapshotWaiting: NodeJS.Timeout | undefined;
  private resultsWaiting: NodeJS.Timeout | undefined;
  /** Whether the answer to a page that subscribed is on its way: what it has is known, but it has not got it yet. */
  private replies = false;
  private gone = false;
  private readonly answers: CommonHandlers;
  /** What the panel reported, or sent malformed; for the log and for tests. */
  readonly problems: string[] = [];

  constructor(
    readonly kind: PanelKind,
    public experiment: vscode.Uri,
    readonly panel: vscode.WebviewPanel,
    protected readonly parts: PanelParts,
    target: Target,
  ) {
    this.answers = this.handlers();
    const note = (problem: string): void => {
      this.problems.push(problem);
      parts.log(`${kind} panel: ${problem}`);
    };
    this.channel = new Channel(portOf(panel.webview), hostSides[kind], panelSide, this.answers, note);
    this.channel.on('problem', ({ message, stack }) => note(stack ?? message));
    this.subscriptions.push(
      parts.studies.onDidChange((study) => this.concerns(study) && this.soon()),
      parts.studies.onDidProgress((study) => this.concerns(study) && this.sendProgress(study)),
      parts.experiments.onDidChange((uri) => {
        if (!uri || this.shows(uri.toString())) this.soon();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.soon()),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.listens = false;
      }),
      panel.onDidDispose(() => this.dispose()),
    );
    this.retitle();
    const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(parts.iconFolder, `${kind}-${theme}.svg`);
    panel.iconPath = { dark: icon('dark'), light: icon('light') };
    const script = vscode.Uri.joinPath(parts.webviewFolder, `${kind}.js`);
    panel.webview.html = panelPage({
      panel: kind,
      title: panel.title,
      script: panel.webview.asWebviewUri(script).toString(),
      nonce: randomBytes(18).toString('base64'),
      target,
    });
  }

  /** Whether the panel has loaded and asked for its data. */
  get isSubscribed(): boolean {
    return this.subscribed;
  }

  /** Answers a call as the panel would make it. */
  answer(name: string, params: unknown, signal = new AbortController().signal): unknown {
    const sides: Record<string, { params: { parse(value: unknown): unknown } }> = hostSides[this.kind].calls;
    const handlers = this.answers as unknown as Record<string, (params: unknown, context: object) => unknown>;
    const nothing = (): void => undefined;
    return handlers[name](sides[name].params.parse(params), {
      signal,
      transfer: nothing,
      beginsAnew: nothing,
    });
  }

  /** Points the panel to something of its experiment; one that is hidden, or loads, once its page is there. */
  show(target: Target): void {
    if (this.isListening) this.channel.emit('show', target);
    else this.pointed = target;
  }

  /** Shows another experiment (a renamed file, or the active one) in this panel. */
  follow(experiment: vscode.Uri): void {
    if (this.shows(experiment.toString())) return;
    this.experiment = experiment;
    this.sideEffects = {};
    this.sideEffectsFor = null;
    this.retitle();
    this.soon();
  }

  dispose(): void {
    if (this.gone) return;
    this.gone = true;
    clearTimeout(this.snapshotWaiting);
    clearTimeout(this.resultsWaiting);
    this.channel.close();
    vscode.Disposable.from(...this.subscriptions).dispose();
    this.panel.dispose();
  }

  /** Answers of this panel; kinds with calls of their own add them. */
  protected handlers(): CommonHandlers {
    return {
      subscribe: async (_params, context) => {
        // Pages come and go with the panel's visibility, and the channel stays.
        context.beginsAnew();
        this.subscribed = true;
        const snapshot = await this.snapshot();
        this.sentResult = snapshot.study;
        // The reply goes out in this turn. What is sent after it is told, and a page pointed, within what it knows.
        this.replies = true;
        setImmediate(() => {
          this.replies = false;
          this.pointOnce();
        });
        return snapshot;
      },
      open: async ({ panel, target }) => {
        await this.parts.open(panel, this.experiment, target);
        return null;
      },
      showSource: async (target) => {
        await this.showSource(target);
        return null;
      },
      setReview: async ({ experiment, concept, entry }) => {
        const { experiments, studies } = this.parts;
        const uri = experimentNamed(experiment);
        const study = (await studies.get(uri)).result;
        const { verdict, note } = entry ?? { verdict: null, note: null };
        const mark = verdict && study ? verdictMark(study, concept) : null;
        // The hash says what the verdict was given on: it changes with the verdict only.
        const result = verdict === undefined ? undefined : mark;
        await writeEdits(await experiments.document(uri), (text) =>
          setVerdict(text, concept, { verdict, note, result }),
        );
        return null;
      },
      run: async ({ experiment }) => {
        const { experiments, studies } = this.parts;
        const uri = experimentNamed(experiment);
        const reason = studies.cannotRun(await experiments.judge(await experiments.document(uri)));
        if (reason) throw new CannotRun(reason);
        void vscode.commands.executeCommand('higan.run', uri);
        return null;
      },
      cancelRun: ({ experiment }) => {
        this.parts.studies.cancel(experimentNamed(experiment));
        return null;
      },
      save: async ({ name, content }) => {
        const file = await vscode.window.showSaveDialog({
          defaultUri: vscode.Uri.joinPath(this.experiment, '..', name),
        });
        if (!file) return { saved: false };
        const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : new Uint8Array(content);
        await vscode.workspace.fs.writeFile(file, bytes);
        return { saved: true };
      },
      copy: async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        return null;
      },
    };
  }

  /** A page has subscribed: it is pointed to what was wanted while there was none. */
  private pointOnce(): void {
    if (this.gone) return;
    this.listens = this.panel.visible;
    const target = this.pointed;
    this.pointed = null;
    if (target) this.show(target);
  }

  protected document(): Promise<vscode.TextDocument> {
    return this.parts.experiments.document(this.experiment);
  }

  protected concerns({ experiment }: Study): boolean {
    return this.shows(experiment.toString());
  }

  private shows(experiment: string): boolean {
    return experiment === this.experiment.toString();
  }

  private async snapshot(): Promise<Snapshot> {
    const { experiments, studies } = this.parts;
    const snapshot = await snapshotOf(this.experiment, experiments, studies, this.sideEffects);
    // It follows another experiment by now.
    if (!this.shows(snapshot.experiment)) return this.snapshot();
    void this.readSideEffects(snapshot);
    return snapshot;
  }

  /** Whether there is a page that has subscribed: it hears what is sent now. */
  protected get isListening(): boolean {
    return this.listens && this.panel.visible;
  }

  /** Whether there is a page to tell: that of a hidden panel is gone, and subscribes anew when it is shown. */
  protected get hears(): boolean {
    return this.subscribed && !this.gone && this.panel.visible;
  }

  /** Many changes at once make one snapshot. */
  private soon(): void {
    if (!this.hears) return;
    clearTimeout(this.snapshotWaiting);
    this.snapshotWaiting = setTimeout(() => {
      this.snapshot()
        .then((snapshot) => sending.take(() => this.renew(snapshot)))
        .catch((error: unknown) => this.parts.log(`${this.kind} panel: ${String(error)}`));
    }, 100);
  }

  private renew(snapshot: Snapshot): void {
    if (!this.hears) return;
    if (this.replies) return this.soon();
    const { study } = snapshot;
    this.channel.emit('snapshot', { ...snapshot, study: study && changeSince(this.sentResult, study) });
    this.sentResult = study;
  }

  private sendProgress(study: Study): void {
    if (!this.hears) return;
    this.channel.emit('progress', study.run);
    this.resultsWaiting ??= setTimeout(() => {
      this.resultsWaiting = undefined;
      sending.take(() => this.sendResults(study));
    }, 20);
  }

  private sendResults(study: Study): void {
    const { result } = study;
    if (!result || result === this.sentResult || !this.hears || this.replies || !this.concerns(study)) return;
    this.channel.emit('results', changeSince(this.sentResult, result));
    this.sentResult = result;
  }

  /** Side effects are read by the inference process, once a finished result; an untrusted workspace goes without. */
  private async readSideEffects({ experiment, study, run, cannotRun, currency }: Snapshot): Promise<void> {
    if (this.kind !== 'ranking' && this.kind !== 'preview') return;
    if (!study || run.state !== 'idle' || cannotRun !== null || currency === 'outdated') return;
    // The same experiment on another device has other side effects.
    const { experiment: hash, finished } = study.provenance;
    if (!study.stages.includes('rank') || this.sideEffectsFor === `${hash} ${finished}`) return;
    this.sideEffectsFor = `${hash} ${finished}`;
    try {
      const { request } = await this.parts.studies.request(this.experiment);
      const matrix = await this.parts.inference.call('entanglement', request);
      // Of the one that was shown when they were asked for; by now it may be another.
      if (!this.shows(experiment)) return;
      this.sideEffects = sideEffectsOf(matrix);
      this.soon();
    } catch (error) {
      this.parts.log(`Side effects are not known: ${String(error)}`);
    }
  }

  private async showSource({ preview, concept }: Target): Promise<void> {
    const document = await this.document();
    const { parsed } = await this.parts.experiments.judge(document);
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const review = (parsed.value ?? parsed.draft)?.review ?? {};
    const [start, end] =
      preview !== undefined
        ? rangeOf(parsed, ['previews', preview], 'key')
        : concept !== undefined && concept in review
          ? rangeOf(parsed, ['review', concept], 'key')
          : mention(document.getText(), concept);
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    editor.selection = new vscode.Selection(range.start, range.end);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  private retitle(): void {
    this.panel.title = `${titles[this.kind]}: ${titleOf(this.experiment)}`;
  }
}

/** The experiment that a page names as the one it shows. */
function experimentNamed(text: string): vscode.Uri {
  const uri = vscode.Uri.parse(text, true);
  if (!isExperimentFile(uri)) throw new Error(`'${text}' is no experiment (*.higan.yaml).`);
  return uri;
}

/** The first mention of a concept, else the top. */
function mention(text: string, concept: string | undefined): [number, number] {
  const at = concept === undefined ? -1 : text.indexOf(concept);
  return at < 0 || concept === undefined ? [0, 0] : [at, at + concept.length];
}

function portOf(webview: vscode.Webview): Port {
  return {
    post: (message) => void webview.postMessage(message),
    listen: (handler) => {
      const subscription = webview.onDidReceiveMessage(handler);
      return () => void subscription.dispose();
    },
  };
}
