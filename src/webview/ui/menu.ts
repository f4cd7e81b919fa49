/**
 * A button with a short menu, for actions that need no place of their own in a toolbar. Arrows, Home and End go along the
 * items; Enter chooses; Escape, Tab and a click elsewhere close it, and the focus goes back to the button.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { shared } from './theme';

export interface MenuItem {
  title: string;
  choose(): void;
}

@customElement('higan-menu')
export class HiganMenu extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: inline-block;
        position: relative;
      }
      button {
        font: inherit;
        cursor: pointer;
      }
      .opener {
        display: flex;
        align-items: center;
        gap: 6px;
        min-height: 26px;
        padding: 0 8px;
        color: var(--vscode-dropdown-foreground, var(--vscode-foreground));
        background: var(--vscode-dropdown-background, var(--vscode-editor-background));
        border: 1px solid var(--vscode-dropdown-border, var(--dim));
        border-radius: 2px;
      }
      .opener span {
        font-size: 0.7em;
      }
      [role='menu'] {
        position: absolute;
        inset: calc(100% + 2px) 0 auto auto;
        z-index: 10;
        padding: 4px;
        color: var(--vscode-menu-foreground, var(--vscode-foreground));
        background: var(--vscode-menu-background, var(--vscode-editor-background));
        border: 1px solid var(--vscode-menu-border, var(--line));
        border-radius: 4px;
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      [role='menuitem'] {
        display: block;
        width: 100%;
        padding: 4px 16px 4px 10px;
        color: inherit;
        background: none;
        border: 0;
        border-radius: 3px;
        text-align: start;
        white-space: nowrap;
      }
      [role='menuitem']:hover,
      [role='menuitem']:focus {
        color: var(--vscode-menu-selectionForeground, inherit);
        background: var(--vscode-menu-selectionBackground, transparent);
        outline: 1px solid var(--vscode-menu-selectionBorder, transparent);
        outline-offset: -1px;
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @state() private isOpen = false;
  @query('.opener') private opener!: HTMLElement;

  override render(): TemplateResult {
    return html`<button
        class="opener"
        aria-haspopup="menu"
        aria-expanded=${this.isOpen ? 'true' : 'false'}
        @click=${() => (this.isOpen ? this.close() : void this.open(0))}
        @keydown=${(event: KeyboardEvent) => this.openerKey(event)}
      >
        ${this.label} <span aria-hidden="true">▼</span></button
      >${
        this.isOpen
          ? html`<div
              role="menu"
              aria-label=${this.label}
              @keydown=${(event: KeyboardEvent) => this.key(event)}
              @focusout=${(event: FocusEvent) => this.left(event)}
            >
              ${this.items.map(
                (item) =>
                  html`<button role="menuitem" tabindex="-1" @click=${() => this.choose(item)}>
                    ${item.title}
                  </button>`,
              )}
            </div>`
          : nothing
      }`;
  }

  private get shownItems(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  /** @param at the item that gets the focus; −1 is the last */
  private async open(at: number): Promise<void> {
    this.isOpen = true;
    await this.updateComplete;
    this.shownItems.at(at)?.focus();
  }

  private close(): void {
    // First the focus, so that nobody is told that it was lost.
    this.opener.focus();
    this.isOpen = false;
  }

  private choose(item: MenuItem): void {
    this.close();
    item.choose();
  }

  private left({ relatedTarget }: FocusEvent): void {
    if (!this.renderRoot.contains(relatedTarget as Node | null)) this.isOpen = false;
  }

  private openerKey(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    void this.open(event.key === 'ArrowDown' ? 0 : -1);
    event.preventDefault();
  }

  private key(event: KeyboardEvent): void {
    const items = this.shownItems;
    const at = items.indexOf(event.target as HTMLElement);
    const to: Record<string, number> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    };
    if (event.key in to) items.at(to[event.key])?.focus();
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Tab') return this.close();
    else return;
    event.preventDefault();
  }
}
