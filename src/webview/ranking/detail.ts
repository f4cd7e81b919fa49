/** Everything about the active concept: what was found and on what, what it drags along, and the person's verdict. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PanelKind, Target } from '../../protocol/panels';
import { ranksRaw } from '../../protocol/ranked-unit';
import type { StudyResult } from '../../protocol/results';
import type { ReviewDraft } from '../ui/review-draft';
import '../ui/review-form';
import { commonScale, intervalBar, intervalSheet } from '../ui/interval-bar';
import { peakText } from '../ui/sparkline';
import { shared } from '../ui/theme';
import { conceptFinding, labelOf, levelTitles, number, percent, signed } from '../ui/wording';
import type { RankingRow } from './rows';

@customElement('higan-concept-detail')
export class ConceptDetail extends LitElement {
  static override styles = [
    shared,
    intervalSheet,
    css`
      :host {
        display: block;
        padding: 12px;
        line-height: 1.45;
        container-type: inline-size;
      }
      section {
        margin-top: 14px;
        break-inside: avoid;
      }
      /* On a very wide screen the details stand in columns, beside each other. */
      @container (min-width: 720px) {
        .columns {
          columns: 340px;
          column-gap: 28px;
        }
      }
      h2 {
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 2px 12px;
        margin-top: 8px;
      }
      dt {
        color: var(--dim);
      }
      dd {
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
      .layers {
        display: grid;
        grid-template-columns: max-content minmax(60px, 1fr) max-content;
        gap: 2px 10px;
        align-items: center;
        margin-top: 4px;
      }
      .finding {
        margin-top: 6px;
      }
      .actions {
        margin-top: 10px;
      }
    `,
  ];

  @property({ attribute: false }) row!: RankingRow;
  @property({ attribute: false }) study!: StudyResult;
  @property({ attribute: false }) draft!: ReviewDraft;

  override render(): TemplateResult {
    const { result } = this.row;
    const { effect, boundary } = result;
    const { long } = conceptFinding(result);
    const raw = ranksRaw(this.study);
    const unit = raw ? '' : ' σ';
    const interval = (value: { low: number; high: number } | null): string =>
      value ? ` [${number(value.low)}, ${number(value.high)}]` : '';
    return html` <h2>${this.row.label}</h2>
      <p class="dim">
        ${levelTitles[result.level]}${result.rank === null ? '' : `, rank ${result.rank} of its level`}
      </p>
      <p class="finding">${long}</p>
      ${result.weakPredictor === null ? nothing : html`<p class="finding warn">${result.weakPredictor}</p>`}
      <div class="row actions">
        <vscode-button appearance="secondary" @click=${() => this.open('heatmap')}>Layers</vscode-button>
        <vscode-button
          appearance="secondary"
          ?disabled=${result.noBoundary !== null}
          @click=${() => this.open('preview')}
          >Preview</vscode-button
        >
        <button class="plain" @click=${() => this.tell('source', { concept: result.concept })}>
          Show in file
        </button>
      </div>
      <div class="columns">
        <section>
          <higan-review .draft=${this.draft}></higan-review>
        </section>
        <section>
          <h3>Measured</h3>
          <dl>
            ${
              effect
                ? html`<dt>Δ</dt>
                    <dd>${number(effect.delta)}${interval(effect.deltaInterval)}${unit}</dd>
                    <dt>Null</dt>
                    <dd>${effect.null === null ? '–' : `${number(effect.null)}${unit}`}</dd>
                    <dt>Mean change</dt>
                    <dd>${signed(effect.mean)}${interval(effect.meanInterval)}${unit}</dd>
                    <dt>${raw ? 'Δ in σ' : 'Δ, raw'}</dt>
                    <dd>
                      ${raw ? number(this.row.stored.effect?.delta ?? null) : number(effect.deltaRaw, 4)}
                    </dd>
                    <dt>Changed</dt>
                    <dd>${effect.movers} of ${effect.samples} samples</dd>`
                : nothing
            }
            ${
              boundary
                ? html`<dt>Boundary</dt>
                    <dd>
                      ${boundary.method}, ${percent(boundary.accuracy)} of held-out codes right,
                      ${boundary.positives} + ${boundary.negatives} codes
                    </dd>`
                : nothing
            }
            <dt>Positives</dt>
            <dd>${percent(result.positiveShare)} of the probe</dd>
            ${
              result.missing > 0
                ? html`<dt>Without a score</dt>
                    <dd>${percent(result.missing)} of the probe</dd>`
                : nothing
            }
            <dt>Score</dt>
            <dd>${number(result.probeMean, 3)} ± ${number(result.probeStd, 3)} over the probe</dd>
          </dl>
        </section>
        ${this.layers()} ${this.drags()}
      </div>`;
  }

  private layers(): TemplateResult | typeof nothing {
    const { layers } = this.row.result;
    if (!layers) return nothing;
    const scale = commonScale(layers);
    return html`<section>
      <h3>Layers</h3>
      <p class="dim">${peakText(layers, this.study.layerSets)}</p>
      <div class="layers">
        ${layers.map(
          (effect, index) =>
            html`<button
                class="plain"
                @click=${() => this.open('heatmap', { layerSet: this.study.layerSets[index].name })}
              >
                ${this.study.layerSets[index].name}</button
              >${intervalBar(effect, scale)}<span class="number">${number(effect.delta)}</span>`,
        )}
      </div>
    </section>`;
  }

  /** What the move drags along, and the way to the whole matrix, which is computed there. */
  private drags(): TemplateResult | typeof nothing {
    const { sideEffects, result } = this.row;
    if (!result.effect) return nothing;
    const ranked = this.study.stages.includes('rank');
    return html`<section>
      <h3>Side effects</h3>
      ${
        sideEffects === null
          ? html`<p class="dim">
              ${
                ranked
                  ? 'Not known yet. The entanglement says what else this move changes.'
                  : 'They are known once the run has ranked all concepts.'
              }
            </p>`
          : sideEffects.length === 0
            ? html`<p class="dim">The move changes no other concept beyond chance.</p>`
            : html`<dl>
                ${sideEffects.map(
                  ({ concept, mean }) =>
                    html`<dt>${labelOf(concept)}</dt>
                      <dd>${signed(mean)} σ</dd>`,
                )}
              </dl>`
      }
      ${
        ranked
          ? html`<button class="plain" @click=${() => this.open('entanglement')}>
              ${sideEffects === null ? 'Compute them' : 'All of them'}
            </button>`
          : nothing
      }
    </section>`;
  }

  private open(panel: PanelKind, more: Target = {}): void {
    this.tell('panel', { panel, target: { concept: this.row.key, ...more } });
  }

  private tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
