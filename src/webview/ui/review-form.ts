/** Verdict and note on one concept, as they stand in the experiment file. Sends `review` with the new entry, or null. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { verdicts, type ReviewEntry, type Verdict } from '../../protocol/panels';
import { shared } from './theme';

export interface ReviewChange {
  concept: string;
  entry: { verdict?: Verdict; note?: string } | null;
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
      this.draft = null;
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
                @change=${() => this.decide(each)}
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

  private decide(verdict: Verdict | null): void {
    this.send(this.concept, verdict, this.draft ?? this.entry?.note ?? '');
  }

  /** Writes what was typed, where anything was. */
  private write(concept: string, entry: ReviewEntry | null): void {
    if (this.draft === null || this.draft === (entry?.note ?? '')) return;
    this.send(concept, entry?.verdict ?? null, this.draft);
  }

  private send(concept: string, verdict: Verdict | null, note: string): void {
    const text = note.trim();
    const entry =
      verdict === null && text === ''
        ? null
        : { ...(verdict ? { verdict } : {}), ...(text ? { note: text } : {}) };
    this.draft = null;
    this.dispatchEvent(
      new CustomEvent<ReviewChange>('review', { detail: { concept, entry }, bubbles: true, composed: true }),
    );
  }
}
