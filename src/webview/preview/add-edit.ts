/** Chooses a concept and adds an edit of it: event `add` has the edit. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Edit } from '../../protocol/experiment';
import { option } from '../ui/choice';
import { once } from '../ui/once';
import { shared } from '../ui/theme';

@customElement('higan-add-edit')
export class AddEdit extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex: 1 1 160px;
        align-items: center;
        justify-content: end;
        gap: 6px 10px;
        min-width: 0;
      }
      vscode-button {
        flex: none;
      }
      select {
        flex: 0 1 auto;
        min-width: 0;
      }
    `,
  ];

  /** Concepts that have a direction. */
  @property({ attribute: false }) concepts: readonly string[] = [];
  /** Those of them that are edited already. */
  @property({ attribute: false }) edited: readonly string[] = [];
  @state() private chosen = '';

  override render(): TemplateResult {
    const free = this.concepts.filter((concept) => !this.edited.includes(concept));
    const concept = free.includes(this.chosen) ? this.chosen : free[0];
    if (concept === undefined) return html``;
    return html`<select
        aria-label="Concept to add"
        @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}
      >
        ${free.map((each) => option(each, each, each === concept))}
      </select>
      <vscode-button appearance="secondary" @click=${once(() => this.add(concept))}>Add edit</vscode-button>`;
  }

  private add(concept: string): void {
    const detail: Edit = { concept, step: 2, layers: 'all' };
    this.dispatchEvent(new CustomEvent<Edit>('add', { detail }));
  }
}
