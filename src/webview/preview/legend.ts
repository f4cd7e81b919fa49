/**
 * What the colours of a segmentation mean: the classes of the cell looked at, with their shares. A class's name is a button
 * that shows it alone, so that it is found without telling colours apart; event `only` has its number, or null for all.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { classColour } from '../ui/class-colours';
import type { ClassShare } from '../ui/label-map';
import { styled } from '../ui/styled';
import { shared } from '../ui/theme';
import { percent, signed } from '../ui/wording';
import { figuresSheet } from './figures-sheet';

/** Shares below this round to nothing. */
const leastShown = 0.0005;

@customElement('higan-class-legend')
export class ClassLegend extends LitElement {
  static override styles = [
    shared,
    figuresSheet,
    css`
      tbody tr.other {
        color: var(--dim);
      }
      .swatch {
        display: inline-block;
        width: 14px;
        height: 14px;
        margin-inline-end: 8px;
        vertical-align: -2px;
        background: var(--class);
        border: 1px solid var(--line);
      }
      button.plain {
        min-height: 22px;
        color: inherit;
        white-space: normal;
        overflow-wrap: anywhere;
      }
      button[aria-pressed='true'] {
        font-weight: 600;
        text-decoration: underline;
      }
      button.all {
        color: var(--vscode-textLink-foreground);
      }
    `,
  ];

  /** Largest share first; null until the first segmentation of the cell is there. */
  @property({ attribute: false }) shares: readonly ClassShare[] | null = null;
  @property({ attribute: false }) labels: readonly string[] = [];
  /** The one class that is shown; null: all. */
  @property({ attribute: false }) only: number | null = null;
  /** They are of an earlier image: newer ones are on their way. */
  @property({ type: Boolean }) old = false;
  /** Which cell: `sample 3, after`. */
  @property() cell = '';
  /** The cell is an edited one: each share stands beside its change. */
  @property({ type: Boolean }) edited = false;

  override render(): TemplateResult {
    if (!this.shares) return html`<p class="dim">Classes follow the images and their scores.</p>`;
    return html`<table aria-busy=${this.old ? 'true' : 'false'}>
        <caption class="visually-hidden">
          Classes in ${this.cell}
        </caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">share of pixels</th>
            ${this.edited ? html`<th scope="col" title="In percentage points, against the original">change, points</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${this.rows(this.shares).map((row) => this.row(row))}
        </tbody>
      </table>
      ${
        this.only === null
          ? nothing
          : html`<button class="plain all" @click=${() => this.choose(null)}>Show all classes</button>`
      }`;
  }

  /** Classes that are there, or were to any extent; one that is shown alone has its row in any case. */
  private rows(shares: readonly ClassShare[]): readonly ClassShare[] {
    const { only } = this;
    const rows = shares.filter(
      ({ label, share, change }) => share > 0 || Math.abs(change ?? 0) >= leastShown || label === only,
    );
    if (only === null || rows.some(({ label }) => label === only)) return rows;
    return [...rows, { label: only, share: 0, change: this.edited ? 0 : null }];
  }

  private row({ label, share, change }: ClassShare): TemplateResult {
    const name = this.labels[label] ?? `class ${label}`;
    const alone = this.only === label;
    return html`<tr class=${this.old || (this.only !== null && !alone) ? 'other' : ''}>
      <th scope="row">
        <span class="swatch" ${styled({ '--class': `rgb(${classColour(label).join(' ')})` })}></span
        ><button
          class="plain"
          aria-pressed=${alone ? 'true' : 'false'}
          title=${alone ? 'Show all classes' : `Show only ${name}`}
          @click=${() => this.choose(alone ? null : label)}
        >
          ${name}
        </button>
      </th>
      <td>${share > 0 && share < leastShown ? '< 0.1 %' : percent(share)}</td>
      ${this.edited ? html`<td>${change === null ? '–' : signed(100 * change, 1)}</td>` : nothing}
    </tr>`;
  }

  private choose(label: number | null): void {
    this.dispatchEvent(new CustomEvent<number | null>('only', { detail: label }));
  }
}
