/**
 * The manipulation preview, tied to the YAML both ways: what is typed there is drawn here; a gesture here previews without
 * touching the document, and its end writes one edit (`model.ts`).
 */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Preview } from '../../protocol/experiment';
import {
  previewHostSide,
  type PreviewChange,
  type PreviewView,
  type Snapshot,
  type Target,
} from '../../protocol/panels';
import { choice } from '../ui/choice';
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import { shared } from '../ui/theme';
import { modeChoice, pairModes, type PairMode } from '../ui/wipe';
import '../ui/wipe';
import { labelOf, number } from '../ui/wording';
import { contactSheet } from './contact-sheet';
import './edit-card';
import type { EditPart } from './edit-card';
import './grid';
import type { Caption, GridColumn } from './grid';
import { PreviewModel } from './model';
import type { CellPlace, DrawnCell } from './rendering';
import './scores';
import './settings';
import { gridColumns, stepChoices, stepNames, stepTitles } from './steps';

@customElement('higan-preview')
export class PreviewPanel extends PanelElement<typeof previewHostSide> {
  static override styles = [
    shared,
    panelSheet,
    css`
      .split {
        display: flex;
        flex-direction: column;
        overflow: auto;
      }
      higan-image-grid {
        flex: 0 0 auto;
      }
      aside {
        padding: 4px 12px 16px;
        border-top: 1px solid var(--line);
      }
      aside h2 {
        margin: 14px 0 4px;
      }
      .look {
        max-width: 420px;
      }
      .add {
        margin-top: 10px;
      }
      .add select {
        flex: 1;
        min-width: 0;
      }
      @media (min-width: 820px) {
        .split {
          flex-direction: row;
          overflow: hidden;
        }
        higan-image-grid {
          flex: 1 1 0;
          height: 100%;
        }
        aside {
          border-top: 0;
          border-inline-start: 1px solid var(--line);
          overflow: auto;
          flex: 0 0 clamp(300px, 30%, 460px);
        }
      }
    `,
  ];
  protected readonly heading = 'Manipulation preview';

  /** Grows with everything that the model has new, so that it is drawn. */
  @state() private drawn = 0;
  @state() private adding = '';
  private readonly model: PreviewModel;

  constructor() {
    super('preview', previewHostSide);
    this.model = new PreviewModel({
      channel: this.channel,
      attempt: (work) => this.attempt(work),
      steps: () => this.steps,
      focus: () => this.at.sample,
      followed: (preview) => {
        if (preview !== this.kept('preview', '')) this.navigate({ preview });
      },
      changed: () => this.drawn++,
    });
  }

  private get steps(): readonly number[] {
    return stepChoices[this.kept('steps', 'half', stepNames)];
  }
  private get mode(): PairMode {
    return this.kept('mode', 'wipe', pairModes);
  }
  private get at(): CellPlace {
    const { sample, step, variant } = (this.view.at ?? {}) as Partial<CellPlace>;
    const samples = this.model.shown?.samples ?? [];
    const known = this.columns().some((column) => column.step === step && column.variant === variant);
    return {
      sample: typeof sample === 'number' && samples.includes(sample) ? sample : (samples[0] ?? 0),
      ...(known ? { step: step!, variant: variant! } : { step: 1, variant: 0 }),
    };
  }
  /** The edited cell that goes with the place looked at: for the original, the whole step. */
  private get lookedAt(): CellPlace {
    return this.at.step === 0 ? { ...this.at, step: 1, variant: 0 } : this.at;
  }
  private columns(): GridColumn[] {
    return gridColumns(this.model.shown, this.steps);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', () => this.attend());
    this.attend();
  }

  private attend(): void {
    const visible = document.visibilityState === 'visible';
    void this.attempt(() => this.channel.call('attend', { visible }));
  }

  protected override fetchMore(): Promise<void> {
    return this.model.choose(this.kept('preview', '') || null);
  }

  protected override show({ preview }: Target): void {
    if (!preview) return;
    this.navigate({ preview });
    // Before the first fetch there is nothing to leave.
    if (this.model.file) void this.model.choose(preview);
  }

  protected override body(snapshot: Snapshot): TemplateResult {
    const { file, shown } = this.model;
    if (!file) return html`<p class="waiting dim">Reading the preview…</p>`;
    if (!shown || file.name === null) {
      return html`<div class="empty">
        <p>
          ${
            file.problem ??
            'This experiment has no previews. Add one below “previews:” in the file, or from a cell of the layer heatmap.'
          }
        </p>
        <vscode-button @click=${() => this.showSource({})}>Show the file</vscode-button>
      </div>`;
    }
    return html`
      ${this.tools(file)}
      ${file.problem === null ? nothing : html`<p class="waiting warn">${file.problem}</p>`}
      <div class="fill split">
        <higan-image-grid
          .samples=${shown.samples}
          .columns=${this.columns()}
          .at=${this.at}
          .cell=${this.cellReader()}
          .caption=${(place: CellPlace) => this.caption(place)}
          @look=${({ detail }: CustomEvent<CellPlace>) => this.navigate({ at: detail })}
        ></higan-image-grid>
        <aside aria-label="Edits and scores">
          <h2>Edits</h2>
          ${shown.edits.map((edit, index) => this.card(file, edit, index))} ${this.addEdit(file, shown)}
          ${this.look()}
          <higan-preview-scores
            .changes=${this.scoreChanges(snapshot)}
            .edited=${shown.edits.map((edit) => edit.concept)}
            .sample=${this.at.sample}
          ></higan-preview-scores>
          <h2>Samples and jitter</h2>
          <higan-preview-settings
            .preview=${shown}
            @write=${({ detail }: CustomEvent<PreviewChange>) => void this.model.write(detail)}
          ></higan-preview-settings>
        </aside>
      </div>
    `;
  }

  /** A new function whenever something came, so that the grid draws it. */
  private cellReader(): (place: CellPlace) => DrawnCell | null {
    void this.drawn;
    return (place) => this.model.rendering.cell(place);
  }

  private tools(file: PreviewView): TemplateResult {
    return html`<div class="tools" role="group" aria-label="Preview">
      ${choice({
        label: 'Preview',
        options: file.names.map((name) => [name, name]),
        chosen: file.name ?? '',
        choose: (name) => void this.model.choose(name),
      })}
      ${choice({
        label: 'Steps',
        options: stepNames.map((name) => [name, stepTitles[name]]),
        chosen: this.kept('steps', 'half', stepNames),
        choose: (steps) => {
          this.navigate({ steps });
          void this.model.draw(false);
        },
      })}
      <span class="row">
        <button class="plain" @click=${() => this.showSource({ preview: file.name ?? undefined })}>
          Show in file
        </button>
        <button class="plain" @click=${() => void this.savePng()}>Save PNG…</button>
      </span>
    </div>`;
  }

  private card(file: PreviewView, edit: Preview['edits'][number], index: number): TemplateResult {
    return html`<higan-edit-card
      .edit=${edit}
      .groups=${file.groups}
      .layerCount=${file.layers}
      .score=${this.scoreChange(edit.concept)}
      .problem=${
        this.model.missing.includes(edit.concept)
          ? 'It has no direction in this result, so nothing moves along it.'
          : ''
      }
      @drag=${({ detail }: CustomEvent<EditPart>) => this.model.drag(index, detail)}
      @change=${({ detail }: CustomEvent<EditPart>) => void this.model.change(index, detail)}
      @remove=${() => void this.model.write({ kind: 'removeEdit', index })}
    ></higan-edit-card>`;
  }

  private addEdit(file: PreviewView, shown: Preview): TemplateResult {
    const used = new Set(shown.edits.map((edit) => edit.concept));
    const free = file.concepts.filter((concept) => !used.has(concept));
    const concept = free.includes(this.adding) ? this.adding : free[0];
    if (concept === undefined) return html``;
    const edit = { concept, step: 2, layers: 'all' };
    return html`<div class="row add">
      <select
        aria-label="Concept to add"
        @change=${(event: Event) => (this.adding = (event.target as HTMLSelectElement).value)}
      >
        ${free.map((each) => html`<option value=${each} ?selected=${each === concept}>${each}</option>`)}
      </select>
      <vscode-button appearance="secondary" @click=${() => void this.model.write({ kind: 'addEdit', edit })}
        >Add edit</vscode-button
      >
    </div>`;
  }

  private look(): TemplateResult {
    const { at } = this;
    const title = this.columns().find((each) => each.step === at.step && each.variant === at.variant)?.title;
    return html`<h2>Sample ${at.sample}: before and ${title === 'before' ? 'after' : title}</h2>
      <div class="row">${modeChoice(this.mode, (mode) => this.navigate({ mode }))}</div>
      <div class="look add">
        <higan-wipe
          mode=${this.mode}
          label="Sample ${at.sample}"
          .original=${this.model.rendering.cell({ ...at, step: 0, variant: 0 })?.image ?? null}
          .moved=${this.model.rendering.cell(this.lookedAt)?.image ?? null}
        ></higan-wipe>
      </div>`;
  }

  private scoreChanges({ study }: Snapshot): ReturnType<PreviewModel['rendering']['changes']> {
    const spread = new Map(study?.concepts.map((each) => [each.concept, each.probeStd]));
    return this.model.rendering.changes(this.lookedAt, spread);
  }

  private caption(place: CellPlace): Caption | null {
    const concept = this.model.shown?.edits[0]?.concept;
    if (concept === undefined) return null;
    const score = this.model.rendering.score(place, concept);
    return score === null ? null : { name: labelOf(concept), value: number(score) };
  }

  private scoreChange(concept: string): string {
    const { rendering } = this.model;
    const before = rendering.score({ ...this.at, step: 0, variant: 0 }, concept);
    const after = rendering.score(this.lookedAt, concept);
    return before === null || after === null ? '' : `score ${number(before)} → ${number(after)}`;
  }

  private async savePng(): Promise<void> {
    const { shown, file, rendering } = this.model;
    if (!shown) return;
    const columns = this.columns();
    const sheet = await contactSheet(
      shown.samples,
      columns.map((column) => column.title),
      (sample, column) => rendering.cell({ sample, ...columns[column] })?.image ?? null,
    );
    await this.save(`${(file?.name ?? 'preview').replaceAll(/[^\w-]+/g, '-')}.png`, sheet);
  }
}
