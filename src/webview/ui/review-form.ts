/** Verdict and note on one concept, as they stand in the experiment file. Sends `review` with the one that was changed. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { verdicts, type ReviewChange, type ReviewEntry } from '../../protocol/panels';
import { shared } from './theme';

/** What a person changed, and on which concept: the form may show another one by then. */
export interface Reviewed {
  concept: string;
  entry: ReviewChange;
}

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

  @property() concept = '';
  @property({ attribute: false }) entry: ReviewEntry | null = null;
  /** What is being typed; null when it is what the file says. */
  @state() private draft: string | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('concept') && changed.get('concept')) {
      this.write(changed.get('concept')!, changed.has('entry') ? (changed.get('entry') ?? null) : this.entry);
    }
  }

  override render(): TemplateResult {
    const verdict = this.entry?.verdict;
    return html`<fieldset>
        <legend>Verdict</legend>
        ${[...verdicts, null].map(
          (each) =>
            html`<label
              ><input
                type="radio"
                name="verdict"
                .checked=${(verdict ?? null) === each}
                @change=${() => this.send(this.concept, { verdict: each })}
              />${each ?? 'none'}</label
            >`,
        )}
      </fieldset>
      ${
        this.entry?.stale
          ? html`<p class="changed warn">The result has changed since this verdict was given.</p>`
          : nothing
      }
      <textarea
        aria-label="Note on ${this.concept}"
        placeholder="Note (kept in the experiment file)"
        .value=${this.draft ?? this.entry?.note ?? ''}
        @input=${(event: InputEvent) => (this.draft = (event.target as HTMLTextAreaElement).value)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.write(this.concept, this.entry);
        }}
        @blur=${() => this.write(this.concept, this.entry)}
      ></textarea>`;
  }

  /** Writes what was typed, where anything was. */
  private write(concept: string, entry: ReviewEntry | null): void {
    const typed = this.draft?.trim();
    this.draft = null;
    if (typed === undefined || typed === (entry?.note ?? '')) return;
    this.send(concept, { note: typed || null });
  }

  /**
   * Sends only what was changed: the entry that is known here may lack what was sent a moment ago, as the note that is
   * written when somebody leaves it for a verdict.
   */
  private send(concept: string, entry: ReviewChange): void {
    this.dispatchEvent(
      new CustomEvent<Reviewed>('review', { detail: { concept, entry }, bubbles: true, composed: true }),
    );
  }
}
