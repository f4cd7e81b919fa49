/** Before and after of some samples under one move, with the score of the moved concept. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { FramePair } from '../../protocol/panels';
import { shared } from '../ui/theme';
import { modeChoice, type PairMode } from '../ui/wipe';
import '../ui/wipe';
import { number } from '../ui/wording';

@customElement('higan-pairs')
export class Pairs extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      .pairs {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(130px, 1fr));
        gap: 12px;
        margin-top: 10px;
      }
      .pairs.side {
        grid-template-columns: repeat(auto-fill, minmax(220px, 1fr));
      }
      figcaption {
        padding-top: 2px;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property({ attribute: false }) pairs: readonly FramePair[] = [];
  @property() mode: PairMode = 'wipe';

  override render(): TemplateResult {
    return html`${modeChoice(this.mode, (mode) => this.choose(mode))}
      <div class="pairs ${this.mode}">
        ${this.pairs.map(
          (pair) =>
            html`<figure>
              <higan-wipe
                .original=${pair.before}
                .moved=${pair.after}
                mode=${this.mode}
                label="Sample ${pair.sample}"
              ></higan-wipe>
              <figcaption class="dim">
                #${pair.sample} · ${number(pair.scoreBefore)} → ${number(pair.scoreAfter)}
              </figcaption>
            </figure>`,
        )}
      </div>`;
  }

  private choose(mode: PairMode): void {
    this.dispatchEvent(new CustomEvent<PairMode>('mode', { detail: mode }));
  }
}
