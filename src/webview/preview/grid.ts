/** Samples × steps as images. One tab stop; arrows go from image to image. Event `look` names the one looked at. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { LabelMap } from '../../protocol/panels';
import '../ui/image';
import { styled } from '../ui/styled';
import { shared } from '../ui/theme';
import type { CellPlace, DrawnCell } from './rendering';
import type { GridColumn } from './steps';

export interface Caption {
  name: string;
  value: string;
}

@customElement('higan-image-grid')
export class ImageGrid extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
      }
      .grid {
        overflow: auto;
        padding: 0 12px 12px;
        outline-offset: -1px;
        --widest: var(--beside);
      }
      .line {
        display: grid;
        grid-template-columns: 36px repeat(var(--count), minmax(84px, var(--widest)));
        gap: 6px;
        margin-top: 6px;
      }
      .head {
        position: sticky;
        top: 0;
        z-index: 1;
        background: var(--vscode-editor-background);
        padding-top: 2px;
      }
      [role='columnheader'] {
        text-align: center;
        padding: 4px 0;
        font-weight: 600;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      [role='rowheader'] {
        align-self: center;
        color: var(--dim);
        font-variant-numeric: tabular-nums;
      }
      [role='gridcell'] {
        position: relative;
        cursor: pointer;
        border: 1px solid var(--vscode-contrastBorder, transparent);
      }
      [role='gridcell'].here {
        outline: 2px solid var(--vscode-focusBorder);
      }
      .old higan-image {
        opacity: 0.55;
      }
      .caption {
        display: flex;
        justify-content: center;
        gap: 0.4em;
        font-variant-numeric: tabular-nums;
        font-size: 0.92em;
        min-height: 1.4em;
        white-space: nowrap;
      }
      .caption .name {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      [role='columnheader']:first-child {
        text-align: start;
      }
      /* Below the controls, images are as high as lets all samples stand in view. */
      @media (max-width: 819px) {
        .grid {
          --widest: var(--stacked);
        }
      }
      @media (max-width: 360px) {
        .grid {
          padding: 0 6px 6px;
        }
        .line {
          grid-template-columns: 24px repeat(var(--count), minmax(76px, var(--widest)));
          gap: 4px;
        }
        .caption .name {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) samples: readonly number[] = [];
  @property({ attribute: false }) columns: readonly GridColumn[] = [];
  /** The place that is looked at. */
  @property({ attribute: false }) at: CellPlace = { sample: 0, step: 1, variant: 0 };
  /** What is drawn at a place; a new function for every change. */
  @property({ attribute: false }) cell: (place: CellPlace) => DrawnCell | null = () => null;
  /** What is laid over the image of a place; a new function for every change. */
  @property({ attribute: false }) segmentation: (place: CellPlace) => LabelMap | null = () => null;
  /** The one class of it that is shown; null: all. */
  @property({ attribute: false }) only: number | null = null;
  /** What is written below an image: a name, which gives way where there is no room, and a number. */
  @property({ attribute: false }) caption: (place: CellPlace) => Caption | null = () => null;
  @query('.grid') private grid!: HTMLElement;

  override focus(options?: FocusOptions): void {
    this.grid?.focus(options);
  }

  override render(): TemplateResult {
    const row = this.samples.indexOf(this.at.sample);
    const column = this.columnAt();
    return html`<div
      class="grid"
      role="grid"
      tabindex="0"
      aria-label="Samples by steps"
      aria-activedescendant=${row >= 0 && column >= 0 ? `cell-${row}-${column}` : nothing}
      @keydown=${(event: KeyboardEvent) => this.key(event)}
      ${styled({ '--count': this.columns.length, ...sizes(this.samples.length) })}
    >
      <div class="line head" role="row">
        <span role="columnheader" aria-label="Sample">#</span>
        ${this.columns.map(({ title }) => html`<span role="columnheader">${title}</span>`)}
      </div>
      ${this.samples.map(
        (sample, index) =>
          html`<div class="line" role="row">
            <span role="rowheader">${sample}</span>
            ${this.columns.map((each, at) => this.image(sample, each, index, at))}
          </div>`,
      )}
    </div>`;
  }

  private columnAt(): number {
    return this.columns.findIndex(
      ({ step, variant }) => step === this.at.step && variant === this.at.variant,
    );
  }

  private image(sample: number, column: GridColumn, row: number, at: number): TemplateResult {
    const place = { sample, step: column.step, variant: column.variant };
    const drawn = this.cell(place);
    const caption = this.caption(place);
    const here = sample === this.at.sample && at === this.columnAt();
    return html`<div
      role="gridcell"
      id="cell-${row}-${at}"
      class="${here ? 'here' : ''} ${drawn?.old ? 'old' : ''}"
      aria-selected=${here ? 'true' : 'false'}
      aria-busy=${!drawn || drawn.old ? 'true' : 'false'}
      @click=${() => this.look(place)}
    >
      <higan-image
        .image=${drawn?.image ?? null}
        .segmentation=${this.segmentation(place)}
        .only=${this.only}
        label="Sample ${sample}, ${column.title}${drawn ? '' : ', not drawn yet'}"
      ></higan-image>
      <span class="caption"
        >${caption ? html`<span class="name">${caption.name}</span> <span>${caption.value}</span>` : nothing}</span
      >
    </div>`;
  }

  private look(place: CellPlace): void {
    this.dispatchEvent(new CustomEvent<CellPlace>('look', { detail: place }));
  }

  private key(event: KeyboardEvent): void {
    const row = Math.max(0, this.samples.indexOf(this.at.sample));
    const column = Math.max(0, this.columnAt());
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      Home: [row, 0],
      End: [row, this.columns.length - 1],
    };
    if (!(event.key in moves) || this.samples.length === 0) return;
    const [nextRow, nextColumn] = moves[event.key];
    const { step, variant } = this.columns[Math.max(0, Math.min(this.columns.length - 1, nextColumn))];
    const sample = this.samples[Math.max(0, Math.min(this.samples.length - 1, nextRow))];
    this.look({ sample, step, variant });
    event.preventDefault();
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector('.here')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    );
  }
}

/** Images grow until all samples just fit into the height, within reason: beside the controls, and stacked below them. */
const sizes = (samples: number): Record<string, string> => ({
  '--beside': `clamp(220px, calc((100vh - 130px) / ${Math.max(1, samples)} - 36px), 960px)`,
  '--stacked': `clamp(104px, calc((100vh - 260px) / ${Math.max(1, samples)} - 30px), 280px)`,
});
