/** Opens, finds, restores and closes panels: one of a kind for each experiment. */
import * as vscode from 'vscode';
import { panelKinds, panelStateSchema, type PanelKind, type Target } from '../../protocol/panels';
import { afterRename, isExperiment, type Renames } from '../experiments';
import { EntanglementPanel } from './entanglement';
import { ComparePanel } from './compare';
import { HeatmapPanel } from './heatmap';
import { StudyPanel, viewType } from './panel';
import type { PanelParts } from './parts';
import { PreviewPanel } from './preview';
import { TransitionPanel } from './transition';

export class Panels implements vscode.Disposable {
  private readonly open_ = new Set<StudyPanel>();
  private readonly parts: PanelParts;
  private readonly activated = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];

  /** A panel came or went, another is in front, or none any more, or that in front shows another experiment. */
  readonly onDidChangeActive = this.activated.event;

  constructor(parts: Omit<PanelParts, 'open'>) {
    this.parts = {
      ...parts,
      open: async (kind, experiment, target) => void (await this.open(kind, experiment, target)),
    };
    this.subscriptions = [
      this.activated,
      ...panelKinds.map((kind) =>
        vscode.window.registerWebviewPanelSerializer(viewType(kind), {
          deserializeWebviewPanel: (panel, state) => this.restore(kind, panel, state),
        }),
      ),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.followActive(editor)),
      parts.experiments.onDidRename((files) => this.followRenames(files)),
    ];
  }

  /** The panels that are there, newest last. */
  get all(): readonly StudyPanel[] {
    return [...this.open_];
  }

  /** The panel that is in front. */
  get active(): StudyPanel | undefined {
    return this.all.find(({ panel }) => panel.active);
  }

  find(kind: PanelKind, experiment: vscode.Uri): StudyPanel | undefined {
    return this.all.find(
      (panel) => panel.kind === kind && panel.experiment.toString() === experiment.toString(),
    );
  }

  /** Opens or reveals a panel beside the file, pointed to the target. */
  async open(kind: PanelKind, experiment: vscode.Uri, given: Target): Promise<StudyPanel> {
    const target = kind === 'preview' ? await this.previewTarget(experiment, given) : given;
    const present = this.find(kind, experiment);
    if (present) {
      present.panel.reveal(undefined, true);
      present.show(target);
      return present;
    }
    const sibling = this.all.at(-1)?.panel.viewColumn;
    const panel = vscode.window.createWebviewPanel(
      viewType(kind),
      kind,
      { viewColumn: sibling ?? vscode.ViewColumn.Beside, preserveFocus: true },
      this.webviewOptions(),
    );
    return this.attach(kind, experiment, panel, target);
  }

  /** Opens the comparison of an experiment, and asks what to compare it with where nothing is chosen yet. */
  async compare(experiment: vscode.Uri): Promise<void> {
    const panel = await this.open('compare', experiment, {});
    if (panel instanceof ComparePanel) await panel.askOnce();
  }

  dispose(): void {
    for (const panel of this.all) panel.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** A preview for a concept is the first of the file that edits it. */
  private async previewTarget(experiment: vscode.Uri, target: Target): Promise<Target> {
    if (target.preview !== undefined || target.concept === undefined) return target;
    const { experiments } = this.parts;
    const { parsed } = await experiments.judge(await experiments.document(experiment));
    const previews = Object.entries((parsed.value ?? parsed.draft)?.previews ?? {});
    const found = previews.find(([, { edits }]) => edits.some(({ concept }) => concept === target.concept));
    if (found) return { ...target, preview: found[0] };
    const answer = await vscode.window.showInformationMessage(
      `No preview of this file edits '${target.concept}'.`,
      'Add One',
    );
    if (answer !== 'Add One') return target;
    const preview = await vscode.commands.executeCommand<string | undefined>(
      'higan.addPreview',
      experiment,
      target.concept,
    );
    return preview === undefined ? target : { ...target, preview };
  }

  private webviewOptions(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [this.parts.webviewFolder] };
  }

  /** After a window restart: the panel's own state says which experiment it belongs to. */
  private restore(kind: PanelKind, panel: vscode.WebviewPanel, saved: unknown): Promise<void> {
    const state = panelStateSchema.safeParse(saved);
    if (!state.success || state.data.panel !== kind) {
      panel.dispose();
      return Promise.resolve();
    }
    panel.webview.options = this.webviewOptions();
    this.attach(kind, vscode.Uri.parse(state.data.experiment), panel, {});
    return Promise.resolve();
  }

  private attach(
    kind: PanelKind,
    experiment: vscode.Uri,
    panel: vscode.WebviewPanel,
    target: Target,
  ): StudyPanel {
    const made = this.make(kind, experiment, panel, target);
    this.open_.add(made);
    this.activated.fire();
    panel.onDidChangeViewState(() => this.activated.fire());
    panel.onDidDispose(() => {
      this.open_.delete(made);
      this.activated.fire();
    });
    return made;
  }

  private make(
    kind: PanelKind,
    experiment: vscode.Uri,
    panel: vscode.WebviewPanel,
    target: Target,
  ): StudyPanel {
    switch (kind) {
      case 'heatmap':
        return new HeatmapPanel(kind, experiment, panel, this.parts, target);
      case 'preview':
        return new PreviewPanel(experiment, panel, this.parts, target);
      case 'entanglement':
        return new EntanglementPanel(kind, experiment, panel, this.parts, target);
      case 'transition':
        return new TransitionPanel(kind, experiment, panel, this.parts, target);
      case 'compare':
        return new ComparePanel(kind, experiment, panel, this.parts, target);
      case 'ranking':
        return new StudyPanel(kind, experiment, panel, this.parts, target);
    }
  }

  /** The newest ranking follows the active file, unless that file has a ranking of its own. */
  private followActive(editor: vscode.TextEditor | undefined): void {
    if (!editor || !isExperiment(editor.document)) return;
    const { uri } = editor.document;
    if (this.find('ranking', uri)) return;
    this.all.findLast(({ kind }) => kind === 'ranking')?.follow(uri);
  }

  private followRenames(files: Renames): void {
    for (const panel of this.all) {
      const to = afterRename(panel.experiment, files);
      if (to) panel.follow(to);
    }
    this.activated.fire();
  }
}
