/**
 * The manipulation preview, tied to the YAML both ways: what is typed there is drawn here; a gesture here previews without
 * touching the document, and its end writes one edit. The newest request wins, whoever asked.
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
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import { shared } from '../ui/theme';
import { pairModes, pairModeTitles, type PairMode } from '../ui/wipe';
import '../ui/wipe';
import { labelOf, number, signed } from '../ui/wording';
import './edit-card';
import type { EditPart } from './edit-card';
import './grid';
import type { GridColumn } from './grid';
import { Rendering, type CellPlace } from './rendering';
import { contactSheet } from './contact-sheet';

const stepChoices = { ends: [0, 1], half: [0, 0.5, 1], sweep: [-1, -0.5, 0, 0.5, 1] } as const;
type StepChoice = keyof typeof stepChoices;
const stepTitles: Record<StepChoice, string> = {
  ends: 'Before and after',
  half: 'Half and whole',
  sweep: 'Both directions',
};

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
      table {
        border-collapse: collapse;
        width: 100%;
        margin-top: 8px;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        text-align: end;
        padding: 2px 6px;
        font-weight: 400;
      }
      th:first-child {
        text-align: start;
        padding-left: 0;
        overflow-wrap: anywhere;
      }
      thead th {
        color: var(--dim);
      }
      .edited th {
        font-weight: 600;
      }
      .settings {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 8px 10px;
        align-items: center;
      }
      .settings input.text {
        width: 100%;
        max-width: 220px;
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

  /** What the file says. */
  @state() private file: PreviewView | null = null;
  /** What a gesture says meanwhile; null when it is what the file says. */
  @state() private draft: Preview | null = null;
  /** Grows with every cell, so that the grid is drawn again. */
  @state() private drawn = 0;
  @state() private missing: readonly string[] = [];
  @state() private adding = '';
  private readonly rendering = new Rendering();
  private request: AbortController | null = null;
  /** Document version that this panel's last gesture led to. */
  private written = 0;
  /** A gesture was written, and the file's word on it has not come back yet. */
  private awaiting = false;

  constructor() {
    super('preview', previewHostSide);
    this.channel.on('preview', (view) => this.follow(view));
    this.channel.on('rendering', ({ sequence, concepts }) => {
      this.rendering.nameScores(sequence, concepts);
    });
    this.channel.on('cell', (cell) => {
      if (this.rendering.take(cell)) this.drawn++;
    });
  }

  private get shown(): Preview | null {
    return this.draft ?? this.file?.preview ?? null;
  }
  private get steps(): readonly number[] {
    return stepChoices[this.kept('steps', 'half', Object.keys(stepChoices) as StepChoice[])];
  }
  private get mode(): PairMode {
    return this.kept('mode', 'wipe', pairModes);
  }
  private get at(): CellPlace {
    const { sample, step, variant } = (this.view.at ?? {}) as Partial<CellPlace>;
    const samples = this.shown?.samples ?? [];
    const columns = this.columns();
    const known = columns.some((column) => column.step === step && column.variant === variant);
    return {
      sample: typeof sample === 'number' && samples.includes(sample) ? sample : (samples[0] ?? 0),
      ...(known ? { step: step!, variant: variant! } : { step: 1, variant: 0 }),
    };
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

  protected override async fetchMore(): Promise<void> {
    await this.choose(this.kept('preview', '') || null);
  }

  protected override show({ preview }: Target): void {
    if (!preview) return;
    this.navigate({ preview });
    // Before the first fetch there is nothing to leave.
    if (this.file) void this.choose(preview);
  }

  private async choose(name: string | null): Promise<void> {
    const view = await this.attempt(() => this.channel.call('follow', { name }));
    if (!view) return;
    this.written = 0;
    this.awaiting = false;
    this.draft = null;
    this.file = null;
    this.follow(view);
  }

  /** The file changed. What it says is drawn, unless it is the echo of this panel's own gesture. */
  private follow(view: PreviewView): void {
    if (view.version < this.written) return;
    const before = this.shown;
    const sameName = this.file?.name === view.name;
    this.file = view;
    this.draft = null;
    if (view.name !== null && view.name !== this.kept('preview', '')) this.navigate({ preview: view.name });
    const echo = this.awaiting && sameName && JSON.stringify(before) === JSON.stringify(view.preview);
    this.awaiting = false;
    if (echo) return;
    void this.draw(false);
  }

  /** Asks for the images of what is shown now; whatever was asked before is cancelled. */
  private async draw(keepOriginals: boolean): Promise<void> {
    const { shown, file } = this;
    this.request?.abort();
    const name = file?.name ?? null;
    if (!shown || name === null) return;
    const request = new AbortController();
    this.request = request;
    const keep = keepOriginals && this.rendering.hasOriginals(shown.samples);
    const sequence = this.rendering.begin(keep);
    const steps = keep ? this.steps.filter((step) => step !== 0) : [...this.steps];
    const params = { sequence, name, preview: shown, steps, focus: this.at.sample };
    const answer = await this.attempt(() =>
      this.channel.call('renderPreview', params, { signal: request.signal }),
    );
    if (!answer || !this.rendering.isNewest(sequence)) return;
    this.rendering.nameScores(sequence, answer.concepts);
    this.missing = answer.missing;
    this.drawn++;
  }

  /** Previews an edit's part without writing it. */
  private drag(index: number, part: EditPart): void {
    const { shown } = this;
    if (!shown) return;
    this.draft = {
      ...shown,
      edits: shown.edits.map((edit, at) => (at === index ? { ...edit, ...part } : edit)),
    };
    void this.draw(true);
  }

  private async change(index: number, part: EditPart): Promise<void> {
    const file = this.file?.preview?.edits[index];
    // While a write is on its way, the file says something else than it will.
    const same =
      !this.awaiting &&
      file !== undefined &&
      (part.step ?? file.step) === file.step &&
      (part.layers ?? file.layers) === file.layers;
    if (same) {
      // Dragged and put back: there is nothing to write.
      if (this.draft) {
        this.draft = null;
        void this.draw(true);
      }
      return;
    }
    const { shown } = this;
    const edit = shown?.edits[index];
    const drawnAlready = edit && (part.step ?? edit.step) === edit.step && part.layers === undefined;
    if (!drawnAlready || !this.draft) this.drag(index, part);
    await this.write({ kind: 'edit', index, ...part });
  }

  /** One gesture, one edit of the document. Where it is refused, the panel shows what the file says again. */
  private async write(change: PreviewChange): Promise<void> {
    const name = this.file?.name ?? null;
    if (name === null) return;
    this.awaiting = true;
    const answer = await this.attempt(() => this.channel.call('writePreview', { name, change }));
    if (answer) this.written = Math.max(this.written, answer.version);
    else this.awaiting = false;
    if (!answer && this.draft) {
      this.draft = null;
      void this.draw(true);
    }
  }

  private columns(): GridColumn[] {
    const variants = this.shown?.edits.length ? (this.shown.jitter?.variants ?? 0) : 0;
    return [
      ...this.steps.map((step) => ({
        title: step === 0 ? 'before' : step === 1 ? 'after' : `× ${number(step, 1)}`,
        ...{ step, variant: 0 },
      })),
      ...Array.from({ length: variants }, (_, index) => ({
        title: `jitter ${index + 1}`,
        ...{ step: 1, variant: index + 1 },
      })),
    ];
  }

  protected override body(snapshot: Snapshot): TemplateResult {
    const { file, shown } = this;
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
          ${this.look()} ${this.scores(snapshot, shown)}
          <h2>Samples and jitter</h2>
          ${this.settings(shown)}
        </aside>
      </div>
    `;
  }

  /** A new function whenever a cell came, so that the grid draws it. */
  private cellReader(): (place: CellPlace) => ReturnType<Rendering['cell']> {
    void this.drawn;
    return (place) => this.rendering.cell(place);
  }

  private tools(file: PreviewView): TemplateResult {
    const steps = this.kept('steps', 'half');
    return html`<div class="tools" role="group" aria-label="Preview">
      <label
        >Preview
        <select @change=${(event: Event) => void this.choose((event.target as HTMLSelectElement).value)}>
          ${file.names.map((name) => html`<option value=${name} ?selected=${name === file.name}>${name}</option>`)}
        </select></label
      >
      <label
        >Steps
        <select
          @change=${(event: Event) => {
            this.navigate({ steps: (event.target as HTMLSelectElement).value });
            void this.draw(false);
          }}
        >
          ${Object.entries(stepTitles).map(
            ([key, title]) => html`<option value=${key} ?selected=${key === steps}>${title}</option>`,
          )}
        </select></label
      >
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
        this.missing.includes(edit.concept)
          ? 'It has no direction in this result, so nothing moves along it.'
          : ''
      }
      @drag=${({ detail }: CustomEvent<EditPart>) => this.drag(index, detail)}
      @change=${({ detail }: CustomEvent<EditPart>) => void this.change(index, detail)}
      @remove=${() => void this.write({ kind: 'removeEdit', index })}
    ></higan-edit-card>`;
  }

  private addEdit(file: PreviewView, shown: Preview): TemplateResult {
    const used = new Set(shown.edits.map((edit) => edit.concept));
    const free = file.concepts.filter((concept) => !used.has(concept));
    const concept = free.includes(this.adding) ? this.adding : free[0];
    if (concept === undefined) return html``;
    return html`<div class="row add">
      <select
        aria-label="Concept to add"
        @change=${(event: Event) => (this.adding = (event.target as HTMLSelectElement).value)}
      >
        ${free.map((each) => html`<option value=${each} ?selected=${each === concept}>${each}</option>`)}
      </select>
      <vscode-button
        appearance="secondary"
        @click=${() => void this.write({ kind: 'addEdit', edit: { concept, step: 2, layers: 'all' } })}
        >Add edit</vscode-button
      >
    </div>`;
  }

  private look(): TemplateResult {
    const { at } = this;
    const title = this.columns().find((each) => each.step === at.step && each.variant === at.variant)?.title;
    return html`<h2>Sample ${at.sample}: before and ${title === 'before' ? 'after' : title}</h2>
      <label class="row"
        >View
        <select
          @change=${(event: Event) => this.navigate({ mode: (event.target as HTMLSelectElement).value })}
        >
          ${pairModes.map(
            (mode) =>
              html`<option value=${mode} ?selected=${mode === this.mode}>${pairModeTitles[mode]}</option>`,
          )}
        </select></label
      >
      <div class="look add">
        <higan-wipe
          mode=${this.mode}
          label="Sample ${at.sample}"
          .original=${this.rendering.cell({ ...at, step: 0, variant: 0 })?.image ?? null}
          .moved=${this.rendering.cell(this.lookedAt)?.image ?? null}
        ></higan-wipe>
      </div>`;
  }

  /** The edited cell that goes with the place looked at: for the original, the whole step. */
  private get lookedAt(): CellPlace {
    return this.at.step === 0 ? { ...this.at, step: 1, variant: 0 } : this.at;
  }

  /** The edited concepts, and what they drag along: the largest changes of the sample looked at. */
  private scores({ study }: Snapshot, shown: Preview): TemplateResult {
    const spread = new Map(study?.concepts.map((each) => [each.concept, each.probeStd]));
    const changes = this.rendering.changes(this.lookedAt, spread);
    const edited = new Set(shown.edits.map((edit) => edit.concept));
    const rows = [
      ...changes.filter((each) => edited.has(each.concept)),
      ...changes.filter((each) => !edited.has(each.concept)).slice(0, 6),
    ];
    if (rows.length === 0) return html`<p class="dim">Scores follow the images.</p>`;
    return html`<table>
      <caption class="visually-hidden">
        Scores of sample ${this.at.sample}
      </caption>
      <thead>
        <tr>
          <th scope="col">Score</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
          <th scope="col">change, σ</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ concept, before, after, change }) =>
            html`<tr class=${edited.has(concept) ? 'edited' : ''}>
              <th scope="row" title=${concept}>${labelOf(concept)}</th>
              <td>${number(before)}</td>
              <td>${number(after)}</td>
              <td>${signed(change)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private settings(shown: Preview): TemplateResult {
    const { jitter } = shown;
    const set = (part: Partial<NonNullable<Preview['jitter']>>): void =>
      void this.write({
        kind: 'jitter',
        jitter: { strength: 0.3, variants: 4, seed: 1, ...jitter, ...part },
      });
    const numeric = (event: Event): number => (event.target as HTMLInputElement).valueAsNumber;
    return html`<div class="settings">
      <label for="samples">Samples</label>
      <input
        id="samples"
        class="text"
        .value=${shown.samples.join(', ')}
        @change=${(event: Event) => this.setSamples(event.target as HTMLInputElement)}
      />
      <span>Jitter</span>
      <vscode-checkbox
        .checked=${jitter !== undefined}
        @change=${(event: Event) => {
          const { checked } = event.target as HTMLInputElement;
          if (checked !== (jitter !== undefined))
            void this.write({
              kind: 'jitter',
              jitter: checked ? { strength: 0.3, variants: 4, seed: 1 } : null,
            });
        }}
        >Show variants</vscode-checkbox
      >
      ${
        jitter
          ? html`<label for="strength">Strength</label>
              <input
                id="strength"
                class="text"
                type="number"
                min="0"
                max="10"
                step="0.1"
                .value=${String(jitter.strength)}
                @change=${(event: Event) => set({ strength: Math.max(0, Math.min(10, numeric(event) || 0)) })}
              />
              <label for="variants">Variants</label>
              <input
                id="variants"
                class="text"
                type="number"
                min="1"
                max="64"
                .value=${String(jitter.variants)}
                @change=${(event: Event) =>
                  set({ variants: Math.max(1, Math.min(64, Math.round(numeric(event) || 1))) })}
              />`
          : nothing
      }
    </div>`;
  }

  /** Numbers, however they are separated; what is no number leaves the file as it is. */
  private setSamples(input: HTMLInputElement): void {
    const samples = [
      ...new Set(
        input.value
          .split(/[^0-9]+/)
          .filter(Boolean)
          .map(Number),
      ),
    ].slice(0, 256);
    if (samples.length === 0) input.value = this.shown?.samples.join(', ') ?? '';
    else void this.write({ kind: 'samples', samples });
  }

  private caption(place: CellPlace): string {
    const concept = this.shown?.edits[0]?.concept;
    if (concept === undefined) return '';
    const score = this.rendering.score(place, concept);
    return score === null ? '' : `${labelOf(concept)} ${number(score)}`;
  }

  private scoreChange(concept: string): string {
    const before = this.rendering.score({ ...this.at, step: 0, variant: 0 }, concept);
    const after = this.rendering.score(this.lookedAt, concept);
    return before === null || after === null ? '' : `score ${number(before)} → ${number(after)}`;
  }

  private async savePng(): Promise<void> {
    const { shown, file } = this;
    if (!shown) return;
    const columns = this.columns();
    const sheet = await contactSheet(
      shown.samples,
      columns.map((column) => column.title),
      (sample, column) =>
        this.rendering.cell({ sample, step: columns[column].step, variant: columns[column].variant })
          ?.image ?? null,
    );
    await this.save(`${(file?.name ?? 'preview').replaceAll(/[^\w-]+/g, '-')}.png`, sheet);
  }
}
