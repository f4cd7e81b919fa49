/** Samples and jitter of a preview. Event `write` has the change that a control asks for. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Preview } from '../../protocol/experiment';
import type { PreviewChange } from '../../protocol/panels';
import { shared } from '../ui/theme';
import { within } from './bounds';

type Jitter = NonNullable<Preview['jitter']>;
/** The largest that the file takes. */
const largestSeed = Number.MAX_SAFE_INTEGER;
const firstJitter: Jitter = { strength: 0.3, variants: 4, seed: 1 };

@customElement('higan-preview-settings')
export class PreviewSettings extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 8px 10px;
        align-items: center;
      }
      input.text {
        width: 100%;
        max-width: 220px;
      }
      .seed {
        flex-wrap: nowrap;
        max-width: 220px;
      }
    `,
  ];

  @property({ attribute: false }) preview!: Preview;

  override render(): TemplateResult {
    const { samples, jitter } = this.preview;
    return html`
      <label for="samples">Samples</label>
      <input
        id="samples"
        class="text"
        .value=${samples.join(', ')}
        @change=${(event: Event) => this.setSamples(event.target as HTMLInputElement)}
      />
      <span>Jitter</span>
      <vscode-checkbox
        .checked=${jitter !== undefined}
        @change=${(event: Event) => this.toggleJitter((event.target as HTMLInputElement).checked)}
        >Show variants</vscode-checkbox
      >
      ${jitter ? this.jitter(jitter) : nothing}
    `;
  }

  private jitter({ strength, variants, seed }: Jitter): TemplateResult {
    return html`<label for="strength">Strength</label>
      <input
        id="strength"
        class="text"
        type="number"
        min="0"
        max="10"
        step="0.1"
        .value=${String(strength)}
        @change=${(event: Event) => this.setJitter({ strength: within(0, 10, valueOf(event)) })}
      />
      <label for="variants">Variants</label>
      <input
        id="variants"
        class="text"
        type="number"
        min="1"
        max="64"
        .value=${String(variants)}
        @change=${(event: Event) => this.setJitter({ variants: within(1, 64, Math.round(valueOf(event))) })}
      />
      <label for="seed">Seed</label>
      <span class="row seed">
        <input
          id="seed"
          class="text"
          type="number"
          min="0"
          max=${largestSeed}
          .value=${String(seed)}
          @change=${(event: Event) => this.setJitter({ seed: within(0, largestSeed, Math.round(valueOf(event))) })}
        />
        <button
          class="plain"
          title="The next seed: other variants of the same strength"
          @click=${() => this.setJitter({ seed: seed < largestSeed ? seed + 1 : 0 })}
        >
          Others
        </button>
      </span>`;
  }

  /** The checkbox tells of being set by the file too. */
  private toggleJitter(wanted: boolean): void {
    if (wanted === (this.preview.jitter !== undefined)) return;
    this.write({ kind: 'jitter', jitter: wanted ? firstJitter : null });
  }

  /** Only what is set: the others may have been set a moment ago, which the preview here does not say yet. */
  private setJitter(part: Partial<Jitter>): void {
    this.write({ kind: 'jitter', jitter: part });
  }

  /** Numbers, however they are separated; what is no number leaves the file as it is. */
  private setSamples(input: HTMLInputElement): void {
    const found = input.value.split(/[^0-9]+/).filter(Boolean);
    const samples = [...new Set(found.map(Number))].slice(0, 256);
    if (samples.length === 0) input.value = this.preview.samples.join(', ');
    else this.write({ kind: 'samples', samples });
  }

  private write(change: PreviewChange): void {
    this.dispatchEvent(new CustomEvent<PreviewChange>('write', { detail: change }));
  }
}

const valueOf = (event: Event): number => (event.target as HTMLInputElement).valueAsNumber;
