/** The preview's host: follows the YAML, renders what the panel asks for, and writes gestures back. */
import * as vscode from 'vscode';
import type { z } from 'zod';
import type { Channel } from '../../protocol/channel';
import { previewSchema } from '../../protocol/experiment';
import type { PanelSide, PreviewChange, previewHostSide, PreviewView, Target } from '../../protocol/panels';
import { addEdit, expectEdit, removeEdit, setEdit, setJitter, setSamples } from '../../engine/experiment';
import { segmentationOf } from '../../engine/manifest';
import type { TextEdit } from '../../engine/yaml';
import { DocumentVersions } from '../document-versions';
import { writeEdits } from '../edits';
import { imageOf } from './heatmap';
import { StudyPanel, type CommonHandlers } from './panel';
import type { PanelParts } from './parts';

type Calls = (typeof previewHostSide)['calls'];
type Params<N extends keyof Calls> = z.infer<Calls[N]['params']>;

export class PreviewPanel extends StudyPanel {
  /** The preview that the panel shows; undefined until it says. */
  private followed: string | null | undefined;
  private attending = false;
  private readonly versions = new DocumentVersions();

  constructor(experiment: vscode.Uri, panel: vscode.WebviewPanel, parts: PanelParts, target: Target) {
    super('preview', experiment, panel, parts, target);
    this.subscriptions.push(
      parts.experiments.onDidChange((uri) => {
        if (uri && uri.toString() !== this.experiment.toString()) return;
        if (this.attending) parts.inference.expect();
        this.sendView();
      }),
      // New directions come with results.
      parts.studies.onDidChange((study) => this.concerns(study) && this.sendView()),
      // The page of a hidden panel is taken away, and may be gone before it has said so.
      panel.onDidChangeViewState(() => !panel.visible && this.attend(false)),
      { dispose: () => this.attend(false) },
    );
  }

  protected override handlers(): CommonHandlers {
    const own = {
      follow: ({ name }: Params<'follow'>): Promise<PreviewView> => {
        this.followed = name;
        return this.view(name);
      },
      renderPreview: async (
        { sequence, name, preview, steps, focus }: Params<'renderPreview'>,
        { signal }: { signal: AbortSignal },
      ) => {
        const rendered = await this.parts.moves.render(
          this.experiment,
          name,
          preview,
          { steps, focus, signal },
          (cell) =>
            this.side().emit('cell', {
              ...{ sequence, sample: cell.sample, step: cell.step, variant: cell.variant },
              image: imageOf(cell),
              scores: cell.scores,
            }),
          (concepts) => this.side().emit('rendering', { sequence, concepts }),
        );
        return { concepts: rendered.concepts, missing: rendered.missing };
      },
      segmentPreview: async (
        { sequence, name, preview, steps, focus }: Params<'segmentPreview'>,
        { signal }: { signal: AbortSignal },
      ): Promise<null> => {
        await this.parts.moves.segment(
          this.experiment,
          name,
          preview,
          { steps, focus, signal },
          ({ sample, step, variant, width, height, labels }) =>
            this.side().emit('segmented', {
              ...{ sequence, sample, step, variant },
              // A copy: what comes through the pipe may be a view of a larger buffer.
              map: { width, height, data: new Uint8Array(labels) },
            }),
        );
        return null;
      },
      writePreview: async ({ name, change }: Params<'writePreview'>): Promise<{ version: number }> => {
        const document = await this.document();
        const version = await writeEdits(document, (text) => editsOf(text, name, change));
        return { version: this.versions.of(document, version) };
      },
      addPreview: async ({ concept }: Params<'addPreview'>): Promise<{ preview: string }> => ({
        preview: await vscode.commands.executeCommand<string>('higan.addPreview', this.experiment, concept),
      }),
      attend: ({ visible }: Params<'attend'>): null => {
        this.attend(visible);
        return null;
      },
    };
    return { ...super.handlers(), ...own };
  }

  private side(): Channel<typeof previewHostSide, PanelSide> {
    return this.channel as unknown as Channel<typeof previewHostSide, PanelSide>;
  }

  private attend(visible: boolean): void {
    if (this.attending === visible) return;
    this.attending = visible;
    this.parts.inference.attend(visible);
  }

  private sendView(): void {
    if (this.followed === undefined) return;
    this.view(this.followed)
      .then((view) => this.side().emit('preview', view))
      .catch((error: unknown) => this.parts.log(`preview panel: ${String(error)}`));
  }

  /** What the file says now of the preview, or of its first one. */
  private async view(wanted: string | null): Promise<PreviewView> {
    const document = await this.document();
    const judged = await this.parts.experiments.judge(document);
    const { result } = await this.parts.studies.get(this.experiment);
    const written = (judged.parsed.data as { previews?: Record<string, unknown> } | null | undefined)
      ?.previews;
    const names = Object.keys(written ?? {});
    const name = wanted !== null && names.includes(wanted) ? wanted : (names[0] ?? null);
    const preview = name === null ? undefined : previewSchema.safeParse(written?.[name] ?? {}).data;
    const generator = judged.context?.generator?.manifest.generator;
    const { labels, reason } = segmentationOf(judged.context?.predictors ?? []);
    const error = judged.diagnostics.find(({ severity }) => severity === 'error');
    return {
      version: this.versions.of(document, judged.version),
      names,
      name,
      preview: preview ?? null,
      problem:
        name === null
          ? null
          : error
            ? `Line ${error.start.line + 1}: ${error.message}`
            : preview
              ? null
              : `The preview '${name}' cannot be read.`,
      layers: generator?.layers.length ?? 0,
      groups: Object.entries(generator?.groups ?? {}).map(([group, [first, end]]) => ({
        name: group,
        layers: Array.from({ length: end - first }, (_, i) => first + i),
      })),
      concepts: (result?.concepts ?? [])
        .filter(({ boundary }) => boundary !== null)
        .map(({ concept }) => concept),
      segmentation: { labels: [...labels], reason },
    };
  }
}

/**
 * A gesture as the smallest edit of the file.
 * @throws Failure where the preview or the edit is gone or another, or cannot be written without changing more
 */
function editsOf(text: string, preview: string, change: PreviewChange): TextEdit[] {
  switch (change.kind) {
    case 'edit': {
      const { index, of, step, layers, concept } = change;
      expectEdit(text, preview, index, of);
      return setEdit(text, preview, index, { step, layers, concept });
    }
    case 'addEdit':
      return addEdit(text, preview, change.edit);
    case 'removeEdit':
      expectEdit(text, preview, change.index, change.of);
      return removeEdit(text, preview, change.index);
    case 'samples':
      return setSamples(text, preview, change.samples);
    case 'jitter':
      return setJitter(text, preview, change.jitter);
  }
}
