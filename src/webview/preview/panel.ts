/**
 * The manipulation preview, tied to the YAML both ways: what is typed there is drawn here; a gesture here previews without
 * touching the document, and its end writes one edit (`model.ts`).
 */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Edit } from '../../protocol/experiment';
import {
  previewHostSide,
  type LabelMap,
  type PreviewChange,
  type PreviewView,
  type Snapshot,
  type Target,
} from '../../protocol/panels';
import { choice } from '../ui/choice';
import { classShares } from '../ui/label-map';
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import { shared } from '../ui/theme';
import { modeChoice, pairModes, type PairMode } from '../ui/wipe';
import '../ui/wipe';
import { labelOf, number } from '../ui/wording';
import './add-edit';
import { contactSheet } from './contact-sheet';
import './edit-card';
import './grid';
import type { Caption } from './grid';
import './legend';
import { PreviewModel, type EditPart } from './model';
import { previewSheet } from './preview-sheet';
import type { CellPlace, DrawnCell } from './rendering';
import './scores';
import './settings';
import { firstPreview } from './suggestion';
import { gridColumns, stepChoices, stepNames, stepTitles, type GridColumn } from './steps';

@customElement('higan-preview')
export class PreviewPanel extends PanelElement<typeof previewHostSide> {
  static override styles = [shared, panelSheet, previewSheet];
  protected readonly heading = 'Manipulation preview';

  /** Grows with everything that the model has new, so that it is drawn. */
  @state() private drawn = 0;
  private readonly model: PreviewModel;

  constructor() {
    super('preview', previewHostSide);
    this.model = new PreviewModel({
      channel: this.channel,
      attempt: (work, unasked) => this.attempt(work, unasked),
      steps: () => this.steps,
      focus: () => this.at.sample,
      segmented: () => this.segmented,
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
  private get segmented(): boolean {
    return this.isOn('segmentation') && this.model.file?.segmentation.reason === null;
  }
  /** The one class that is shown; null: all of them. */
  private get only(): number | null {
    const label = this.model.file?.segmentation.labels.indexOf(this.kept('only', '')) ?? -1;
    return label < 0 ? null : label;
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
    void this.attempt(() => this.channel.call('attend', { visible }), 'attend');
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
    if (!shown || file.name === null) return this.nothingToShow(snapshot, file);
    return html`
      ${this.tools(file)}
      ${file.problem === null ? nothing : html`<p class="waiting warn">${file.problem}</p>`}
      <div class="fill split">
        <section class="edits" aria-label="Edits">
          <div class="row">
            <h2>Edits</h2>
            <higan-add-edit
              .concepts=${file.concepts}
              .edited=${shown.edits.map((edit) => edit.concept)}
              @add=${({ detail }: CustomEvent<Edit>) => void this.model.add(detail)}
            ></higan-add-edit>
          </div>
          ${snapshot.study ? nothing : this.notRunYet(snapshot)}
          <div class="cards">${shown.edits.map((edit, index) => this.card(snapshot, file, edit, index))}</div>
        </section>
        <higan-image-grid
          .samples=${shown.samples}
          .columns=${this.columns()}
          .at=${this.at}
          .cell=${this.cellReader()}
          .segmentation=${this.segmentationReader()}
          .only=${this.only}
          .caption=${(place: CellPlace) => this.caption(place)}
          @look=${({ detail }: CustomEvent<CellPlace>) => this.navigate({ at: detail })}
        ></higan-image-grid>
        <aside aria-label="The sample looked at, scores and settings">
          ${this.look()} ${this.segmented ? this.legend(file) : nothing}
          <section>
            <h2>Scores</h2>
            <higan-preview-scores
              .changes=${this.scoreChanges(snapshot)}
              .edited=${shown.edits.map((edit) => edit.concept)}
              .sample=${this.at.sample}
            ></higan-preview-scores>
          </section>
          <section>
            <h2>Samples and jitter</h2>
            <higan-preview-settings
              .preview=${shown}
              @write=${({ detail }: CustomEvent<PreviewChange>) => void this.model.write(detail)}
            ></higan-preview-settings>
          </section>
        </aside>
      </div>
    `;
  }

  /** The file has no preview, or none that can be read: the way to a first one. */
  private nothingToShow(snapshot: Snapshot, file: PreviewView): TemplateResult {
    const { study, run } = snapshot;
    if (file.problem === null && file.names.length === 0 && !study) {
      return this.nothingYet(
        snapshot,
        run.state === 'idle'
          ? 'A preview shows what moving a concept does to some samples. A run comes first: it finds the directions to move along.'
          : 'A preview can be added as soon as the run has found directions to move along.',
      );
    }
    return firstPreview(file, study, {
      add: (concept) => void this.addFirst(concept),
      showSource: () => this.showSource({}),
    });
  }

  private async addFirst(concept: string): Promise<void> {
    const added = await this.attempt(() => this.channel.call('addPreview', { concept }));
    if (!added) return;
    this.announce(`The preview ${added.preview} stands in the experiment file.`);
    await this.model.choose(added.preview);
  }

  /** Without a result no edit has a direction: said once, with the way to one. */
  private notRunYet({ run, cannotRun }: Snapshot): TemplateResult {
    if (run.state !== 'idle') {
      return html`<p class="notice dim">
        The directions come with the run that is under way; until then the images do not change.
      </p>`;
    }
    return html`<div class="row notice">
      <span class="spread warn"
        >This experiment has not been run yet, so there are no directions to move
        along.${cannotRun === null ? '' : ` ${cannotRun}`}</span
      >
      <vscode-button ?disabled=${cannotRun !== null} @click=${() => this.run()}>Run</vscode-button>
    </div>`;
  }

  /** A new function whenever something came, so that the grid draws it. */
  private cellReader(): (place: CellPlace) => DrawnCell | null {
    void this.drawn;
    return (place) => this.model.rendering.cell(place);
  }

  private segmentationReader(): (place: CellPlace) => LabelMap | null {
    void this.drawn;
    return this.segmented ? (place) => this.model.rendering.segmentation(place) : () => null;
  }

  private tools(file: PreviewView): TemplateResult {
    return html`<div class="tools tight" role="group" aria-label="Preview">
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
      ${this.keptSwitch('segmentation', 'Segmentation', {
        unavailable: file.segmentation.reason,
        changed: () => void this.model.segment(),
      })}
      <span class="row">
        <button class="plain" @click=${() => this.showSource({ preview: file.name ?? undefined })}>
          Show in file
        </button>
        <button class="plain" @click=${() => void this.savePng()}>Save PNG…</button>
      </span>
    </div>`;
  }

  private card({ study }: Snapshot, file: PreviewView, edit: Edit, index: number): TemplateResult {
    return html`<higan-edit-card
      .edit=${edit}
      .groups=${file.groups}
      .layerCount=${file.layers}
      .score=${this.scoreChange(edit.concept)}
      .problem=${
        study && this.model.missing.includes(edit.concept)
          ? 'It has no direction in this result, so nothing moves along it.'
          : ''
      }
      @drag=${({ detail }: CustomEvent<EditPart>) => this.model.drag(index, detail)}
      @change=${({ detail }: CustomEvent<EditPart>) => void this.model.change(index, detail)}
      @remove=${() => void this.model.remove(index)}
    ></higan-edit-card>`;
  }

  private look(): TemplateResult {
    const { at } = this;
    const { rendering } = this.model;
    const original = { ...at, step: 0, variant: 0 };
    const segmentation = this.segmentationReader();
    const title = this.titleOf(this.lookedAt);
    return html`<section>
      <div class="row bare">
        <h2>Sample ${at.sample}: before and ${title}</h2>
        ${modeChoice(this.mode, (mode) => this.navigate({ mode }))}
      </div>
      <div class="look">
        <higan-wipe
          mode=${this.mode}
          label="Sample ${at.sample}"
          .original=${rendering.cell(original)?.image ?? null}
          .moved=${rendering.cell(this.lookedAt)?.image ?? null}
          .originalSegmentation=${segmentation(original)}
          .movedSegmentation=${segmentation(this.lookedAt)}
          .only=${this.only}
        ></higan-wipe>
      </div>
    </section>`;
  }

  private titleOf({ step, variant }: CellPlace): string {
    return this.columns().find((each) => each.step === step && each.variant === variant)?.title ?? '';
  }

  /** The classes of the cell looked at; those of its last image until the new one is segmented. */
  private legend({ segmentation: { labels } }: PreviewView): TemplateResult {
    const { at, model } = this;
    const map = model.rendering.lastSegmentation(at);
    const original = model.rendering.lastSegmentation({ ...at, step: 0, variant: 0 });
    const cell = `sample ${at.sample}, ${this.titleOf(at)}`;
    return html`<section>
      <h2>Segmentation of ${cell}</h2>
      <higan-class-legend
        .shares=${map && classShares(map, original)}
        .labels=${labels}
        .only=${this.only}
        .old=${model.rendering.segmentation(at) === null}
        .cell=${cell}
        .edited=${at.step !== 0}
        @only=${({ detail }: CustomEvent<number | null>) =>
          this.navigate({ only: detail === null ? '' : labels[detail] })}
      ></higan-class-legend>
    </section>`;
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
    return before === null || after === null ? '' : `${number(before)} → ${number(after)}`;
  }

  private async savePng(): Promise<void> {
    const { shown, file, rendering } = this.model;
    if (!shown) return;
    const sheet = await contactSheet(shown.samples, this.columns(), {
      image: (place) => rendering.cell(place)?.image ?? null,
      segmentation: this.segmentationReader(),
      only: this.only,
      labels: file?.segmentation.labels ?? [],
    });
    await this.save(`${(file?.name ?? 'preview').replaceAll(/[^\w-]+/g, '-')}.png`, sheet);
  }
}
