/** Scores of one sample before and after: the edited concepts, then what they drag along most. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shared } from '../ui/theme';
import { labelOf, number, signed } from '../ui/wording';
import { figuresSheet } from './figures-sheet';
import type { ScoreChange } from './rendering';

/** Concepts shown that are not edited. */
const dragged = 6;

@customElement('higan-preview-scores')
export class PreviewScores extends LitElement {
  static override styles = [
    shared,
    figuresSheet,
    css`
      th:first-child {
        white-space: normal;
        overflow-wrap: anywhere;
      }
      .edited th {
        font-weight: 600;
      }
    `,
  ];

  /** Largest change first. */
  @property({ attribute: false }) changes: readonly ScoreChange[] = [];
  @property({ attribute: false }) edited: readonly string[] = [];
  @property({ type: Number }) sample = 0;

  override render(): TemplateResult {
    const edited = new Set(this.edited);
    const rows = [
      ...this.changes.filter((each) => edited.has(each.concept)),
      ...this.changes.filter((each) => !edited.has(each.concept)).slice(0, dragged),
    ];
    if (rows.length === 0) return html`<p class="dim">Scores follow the images.</p>`;
    return html`<table>
      <caption class="visually-hidden">
        Scores of sample ${this.sample}
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
}
