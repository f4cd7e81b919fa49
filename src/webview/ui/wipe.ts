/** Before and after on one spot: wiped with a slider, or as the difference, or side by side. */
import { LitElement, css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LabelMap, PanelImage } from '../../protocol/panels';
import { choice } from './choice';
import { difference, toImageData } from './image';
import { styled } from './styled';
import { shared } from './theme';

export const pairModes = ['wipe', 'side', 'difference'] as const;
export type PairMode = (typeof pairModes)[number];
const pairModeTitles: Record<PairMode, string> = {
  wipe: 'Wipe',
  side: 'Side by side',
  difference: 'Difference',
};
export const modeChoice = (chosen: PairMode, choose: (mode: PairMode) => void): TemplateResult =>
  choice({
    ...{ label: 'View', chosen, choose },
    options: pairModes.map((mode) => [mode, pairModeTitles[mode]]),
  });

@customElement('higan-wipe')
export class HiganWipe extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .stack {
        position: relative;
      }
      .stack .after {
        position: absolute;
        inset: 0;
        clip-path: inset(0 0 0 var(--at));
      }
      .stack .edge {
        position: absolute;
        inset: 0 auto 0 var(--at);
        border-inline-start: 2px solid var(--vscode-focusBorder);
        pointer-events: none;
      }
      .side {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 4px;
      }
      input {
        width: 100%;
        display: block;
      }
    `,
  ];

  @property({ attribute: false }) original: PanelImage | null = null;
  @property({ attribute: false }) moved: PanelImage | null = null;
  /** Segmentations of both, laid over them; a difference has no classes, and goes without. */
  @property({ attribute: false }) originalSegmentation: LabelMap | null = null;
  @property({ attribute: false }) movedSegmentation: LabelMap | null = null;
  /** The one class that is shown; null: all. */
  @property({ attribute: false }) only: number | null = null;
  @property() mode: PairMode = 'wipe';
  /** What is shown, for assistive technology: `sample 3`. */
  @property() label = '';
  @state() private at = 50;
  /** What is different; null while it is not known of these two, or not looked at. */
  @state() private changes: ImageData | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('original') || changed.has('moved') || changed.has('mode')) void this.compare();
  }

  private async compare(): Promise<void> {
    const { original, moved } = this;
    if (this.mode !== 'difference' || !original || !moved) {
      this.changes = null;
      return;
    }
    const [a, b] = await Promise.all([toImageData(original), toImageData(moved)]);
    if (this.original === original && this.moved === moved) this.changes = difference(a, b);
  }

  override render(): TemplateResult {
    if (this.mode === 'difference') {
      return html`<higan-image
        .image=${this.changes}
        label="Difference of ${this.label}, three times as strong"
      ></higan-image>`;
    }
    const before = html`<higan-image
      .image=${this.original}
      .segmentation=${this.originalSegmentation}
      .only=${this.only}
      label="${this.label}, before"
    ></higan-image>`;
    const after = html`<higan-image
      class="after"
      .image=${this.moved}
      .segmentation=${this.movedSegmentation}
      .only=${this.only}
      label="${this.label}, after"
    ></higan-image>`;
    if (this.mode === 'side') return html`<div class="side">${before}${after}</div>`;
    return html`<div class="stack" ${styled({ '--at': `${this.at}%` })}>
        ${before}${after}<span class="edge"></span>
      </div>
      <input
        type="range"
        min="0"
        max="100"
        .value=${String(this.at)}
        aria-label="Wipe ${this.label}: before left, after right"
        @input=${(event: Event) => (this.at = Number((event.target as HTMLInputElement).value))}
      />`;
  }
}
