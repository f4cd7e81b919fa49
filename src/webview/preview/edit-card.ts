/**
 * The controls of one edit: how far, on which layers. While the slider drags it sends `drag` with the step (nothing is
 * written); on release, and for every other control, `change` with what is to be written, once.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Edit } from '../../protocol/experiment';
import type { LayerSet } from '../../protocol/results';
import { option } from '../ui/choice';
import { once } from '../ui/once';
import { shared } from '../ui/theme';
import { labelOf, number } from '../ui/wording';
import { within } from './bounds';
import { layersOf, layersText } from './layers';
import type { EditPart } from './model';

/** The furthest that the file takes, either way. */
const furthest = 100;

@customElement('higan-edit-card')
export class EditCard extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      h3 {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name {
        flex-wrap: nowrap;
      }
      .remove {
        min-width: 24px;
        min-height: 24px;
        text-align: center;
      }
      .step {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 76px;
        gap: 8px;
        align-items: center;
        margin: 2px 0;
      }
      input.text {
        width: 100%;
      }
      .on {
        align-items: start;
        gap: 4px 10px;
      }
      .layers {
        display: flex;
        flex-wrap: wrap;
        flex: 1 1 250px;
        gap: 3px;
      }
      .layers button {
        font: inherit;
        font-size: 0.92em;
        flex: 1 1 22px;
        min-width: 22px;
        max-width: 34px;
        min-height: 26px;
        padding: 0;
        color: var(--vscode-foreground);
        background: none;
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-checkbox-border, var(--dim)));
        border-radius: 2px;
        cursor: pointer;
      }
      .layers button[aria-pressed='true'] {
        color: var(--vscode-button-foreground);
        background: var(--vscode-button-background);
        border-color: var(--vscode-contrastActiveBorder, var(--vscode-button-background));
        text-decoration: underline;
      }
      .scores {
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) edit!: Edit;
  @property({ attribute: false }) groups: readonly LayerSet[] = [];
  @property({ type: Number }) layerCount = 0;
  /** The score of the edited concept for the sample looked at, in words. */
  @property() score = '';
  /** Why nothing moves along it; empty where something does. */
  @property() problem = '';
  /** The slider's reach while it is dragged: a scale that shrank would run away under the pointer. */
  @state() private held = 0;

  override render(): TemplateResult {
    const { concept, step, layers } = this.edit;
    const reach = Math.max(4, Math.ceil(Math.abs(step)), this.held);
    const chosen = layersOf(layers, this.groups, this.layerCount);
    const named = ['all', ...this.groups.map((group) => group.name)];
    const offered = named.includes(String(layers)) ? named : [...named, String(layers)];
    return html`
      <div class="row name">
        <h3 class="spread" title=${concept}>${labelOf(concept)}</h3>
        <span class="scores dim" title="Score of the sample looked at, before and after">${this.score}</span>
        <button
          class="plain remove"
          title="Remove this edit"
          aria-label="Remove ${labelOf(concept)}"
          @click=${once(() => this.tell('remove', {}))}
        >
          ✕
        </button>
      </div>
      ${this.problem ? html`<p class="warn">${this.problem}</p>` : nothing}
      <div class="step">
        <input
          type="range"
          aria-label="Step along ${labelOf(concept)}"
          min=${-reach}
          max=${reach}
          step="0.05"
          .value=${String(step)}
          aria-valuetext=${number(step)}
          @input=${(event: Event) => {
            this.held = reach;
            this.tell('drag', { step: valueOf(event) });
          }}
          @change=${(event: Event) => {
            this.held = 0;
            this.tell('change', { step: valueOf(event) });
          }}
        />
        <input
          class="text"
          type="number"
          aria-label="Step along ${labelOf(concept)}, as a number"
          step="0.1"
          min=${-furthest}
          max=${furthest}
          .value=${String(step)}
          @change=${(event: Event) => this.setStep(event)}
        />
      </div>
      <div class="row on">
        <label class="choice"
          ><span class="word">Layers</span>
          <select
            @change=${(event: Event) => this.tell('change', { layers: (event.target as HTMLSelectElement).value })}
          >
            ${offered.map((name) => option(name, name, name === String(layers)))}
          </select></label
        >
        <div class="layers" role="group" aria-label="Layers of ${labelOf(concept)}">
          ${Array.from(
            { length: this.layerCount },
            (_, layer) =>
              html`<button
                aria-pressed=${chosen?.has(layer) ? 'true' : 'false'}
                aria-label="Layer ${layer}"
                @click=${() => this.toggle(layer, chosen)}
              >
                ${layer}
              </button>`,
          )}
        </div>
      </div>
    `;
  }

  /** What is typed; what is no number leaves the file as it is. */
  private setStep(event: Event): void {
    const typed = valueOf(event);
    const { step } = this.edit;
    const taken = Number.isFinite(typed) ? within(-furthest, furthest, typed) : step;
    // Where that is what the file says already, nothing is drawn anew.
    (event.target as HTMLInputElement).value = String(taken);
    if (taken !== step) this.tell('change', { step: taken });
  }

  /** The last layer stays: an edit on no layer would say nothing. */
  private toggle(layer: number, chosen: ReadonlySet<number> | null): void {
    const next = new Set(chosen);
    if (!next.delete(layer)) next.add(layer);
    const text = layersText(next, this.groups, this.layerCount);
    if (text !== null) this.tell('change', { layers: text });
  }

  private tell(name: 'drag' | 'change' | 'remove', part: EditPart): void {
    this.dispatchEvent(new CustomEvent<EditPart>(name, { detail: part }));
  }
}

const valueOf = (event: Event): number => (event.target as HTMLInputElement).valueAsNumber;
