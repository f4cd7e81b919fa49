/** Verdict and note on one concept, as a draft has them; the draft writes what was changed. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { verdicts } from '../../protocol/panels';
import type { ReviewDraft } from './review-draft';
import { shared } from './theme';

@customElement('higan-review')
export class ReviewForm extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        --chosen: var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
      }
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
      }
      legend,
      .name {
        font-weight: 600;
        padding: 0 0 4px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }
      /* Drawn here: an accent colour is black on black where the theme's buttons are, and the chosen one looks empty. */
      input[type='radio'] {
        appearance: none;
        display: inline-grid;
        place-content: center;
        width: 14px;
        height: 14px;
        margin: 0;
        border: 1px solid var(--vscode-contrastBorder, var(--dim));
        border-radius: 50%;
        background: var(--vscode-editor-background);
      }
      input[type='radio']:checked {
        border-color: var(--chosen);
      }
      input[type='radio']:checked::before {
        content: '';
        width: 7px;
        height: 7px;
        border-radius: 50%;
        background: var(--chosen);
      }
      textarea {
        display: block;
        width: 100%;
        margin-top: 8px;
        min-height: 48px;
        resize: vertical;
      }
      .changed {
        margin-top: 6px;
      }
    `,
  ];

  @property({ attribute: false }) draft!: ReviewDraft;
  private stop: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
    this.stop = null;
  }

  private listen(): void {
    this.stop?.();
    this.stop = this.draft?.subscribe(() => this.requestUpdate()) ?? null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('draft')) return;
    this.listen();
    void changed.get('draft')?.writeNote();
  }

  override render(): TemplateResult {
    const { draft } = this;
    // A refused choice goes back, and the form goes from concept to concept: only what is there now has a say.
    return html`<fieldset>
        <legend>Verdict</legend>
        ${[...verdicts, null].map(
          (each) =>
            html`<label
              ><input
                type="radio"
                name="verdict"
                .checked=${live(draft.verdict === each)}
                @change=${() => void draft.choose(each)}
              />${each ?? 'none'}</label
            >`,
        )}
      </fieldset>
      ${
        draft.stale
          ? html`<p class="changed warn">The result has changed since this verdict was given.</p>`
          : nothing
      }
      <textarea
        aria-label="Note on ${draft.concept}"
        placeholder="Note (kept in the experiment file)"
        .value=${live(draft.note)}
        @input=${(event: InputEvent) => draft.type((event.target as HTMLTextAreaElement).value)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void draft.writeNote();
        }}
        @blur=${() => void draft.writeNote()}
      ></textarea>`;
  }
}
