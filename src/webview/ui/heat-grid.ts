/**
 * A heatmap that is its own table: every cell is a grid cell with its value as text for assistive technology, drawn as a
 * colour or, with `numbers`, as a number. One tab stop; arrows go from cell to cell, Enter chooses. Only rows in view are in
 * the document. What does not move is striped, what cannot be judged
 * dotted. Event `choose` has {row, column} by key.
 */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { HeatCell, HeatRow } from './heat-rows';
import { heatSheet } from './heat-sheet';
import { styled } from './styled';
import { shared } from './theme';

export interface CellChoice {
  row: string;
  column: string;
}

/** Where a cell stands, from 0. */
interface Place {
  row: number;
  column: number;
}

const margin = 8;

/** Strength of the colour of the weakest effect; the scale goes on from there. */
const leastTint = 0.22;
function tintOf({ share, isEffect }: HeatCell): number {
  const strength = Math.min(1, Math.abs(share));
  return isEffect ? leastTint + (1 - leastTint) * strength : strength;
}
const percent = (share: number): string => `${Math.round(share * 100)}%`;

@customElement('higan-heat-grid')
export class HeatGrid extends LitElement {
  static override styles = [shared, heatSheet];

  @property({ attribute: false }) rows: readonly HeatRow[] = [];
  @property({ attribute: false }) columns: readonly string[] = [];
  /** How a column's key is written on its head. */
  @property({ attribute: false }) titleOf: (column: string) => string = (column) => column;
  @property() label = '';
  @property() corner = '';
  @property({ type: Boolean }) numbers = false;
  /** Column heads stand upright: for many columns. */
  @property({ type: Boolean }) upright = false;
  /** As high as its rows, without scrolling: for few rows. */
  @property({ type: Boolean, reflect: true }) whole = false;
  @property({ type: Number }) rowHeight = 26;
  @property({ attribute: false }) chosen: CellChoice | null = null;

  @state() private at: Place = { row: 0, column: 0 };
  @state() private top = 0;
  @state() private height = 0;
  @query('.grid') private grid!: HTMLElement;
  private observer: ResizeObserver | null = null;
  /** Somebody has gone to a cell: from then on its row is followed wherever it goes. */
  private isUsed = false;
  /** Where the row that keys act on is to stand in the view, once rows have re-ordered. */
  private held: number | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(([entry]) => (this.height = entry.contentRect.height));
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }

  private get headHeight(): number {
    return this.upright ? 116 : 28;
  }

  /** Makes a cell the one that keys act on, and brings it into view. */
  goTo(cell: CellChoice): void {
    const at = this.placeOf(cell);
    if (at.row < 0) return;
    this.at = at;
    this.isUsed = true;
    this.reveal();
  }

  /** Brings a cell into view and leaves the one that keys act on as it is. */
  bringIntoView(cell: CellChoice): void {
    const at = this.placeOf(cell);
    if (at.row >= 0) this.reveal(at);
  }

  private placeOf({ row, column }: CellChoice): Place {
    return {
      row: this.rows.findIndex((each) => each.key === row),
      column: Math.max(0, this.columns.indexOf(column)),
    };
  }

  override focus(options?: FocusOptions): void {
    this.grid?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('rows')) this.followRow(changed.get('rows'));
    // Where rows or columns have become fewer, keys act on the last that is left.
    if (changed.has('rows') || changed.has('columns')) this.at = this.within(this.at);
  }

  private within({ row, column }: Place): Place {
    return {
      row: Math.max(0, Math.min(this.rows.length - 1, row)),
      column: Math.max(0, Math.min(this.columns.length - 1, column)),
    };
  }

  /** Rows may re-order while a study runs: the row that keys act on stays the same, and in its place while in use. */
  private followRow(before: readonly HeatRow[] | undefined): void {
    if (!this.isUsed || !before || before.length === 0) return;
    const row = this.rows.findIndex(({ key }) => key === before[this.at.row]?.key);
    if (row < 0 || row === this.at.row) return;
    if (!this.whole && this.matches(':focus-within')) {
      const offset = this.at.row * this.rowHeight - this.grid.scrollTop;
      const room = this.grid.clientHeight - this.headHeight - this.rowHeight;
      this.held = offset >= 0 && offset <= room ? row * this.rowHeight - offset : null;
    }
    this.at = { ...this.at, row };
  }

  /** No higher than its rows, so that what stands below it follows at once; the bar to scroll sideways has room too. */
  protected override updated(): void {
    if (this.whole) return;
    const bar = this.grid.offsetHeight - this.grid.clientHeight;
    this.style.maxHeight = `${this.headHeight + this.rows.length * this.rowHeight + bar}px`;
    if (this.held !== null) this.grid.scrollTop = this.held;
    this.held = null;
  }

  private reveal({ row, column } = this.at): void {
    if (!this.grid || this.whole) return;
    const start = row * this.rowHeight;
    const room = this.grid.clientHeight - this.headHeight;
    if (start < this.grid.scrollTop) this.grid.scrollTop = start;
    else if (start + this.rowHeight > this.grid.scrollTop + room) {
      this.grid.scrollTop = start + this.rowHeight - room;
    }
    void this.updateComplete.then(() =>
      this.renderRoot
        .querySelector(`#cell-${row}-${column}`)
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
    );
  }

  override render(): TemplateResult {
    const { rows, columns } = this;
    const first = this.whole ? 0 : Math.max(0, Math.floor(this.top / this.rowHeight) - margin);
    const last = this.whole
      ? rows.length
      : Math.min(rows.length, Math.ceil((this.top + this.height) / this.rowHeight) + margin);
    const here = rows.length > 0 ? this.at.row : -1;
    const shown = rows.slice(first, last).map((row, index) => ({ row, at: first + index }));
    if (here >= 0 && (here < first || here >= last)) shown.push({ row: rows[here], at: here });
    return html`<div
      class="grid ${this.upright ? 'upright' : ''} ${this.numbers ? 'numbers' : ''}"
      role="grid"
      tabindex="0"
      aria-label=${this.label}
      aria-rowcount=${rows.length + 1}
      aria-colcount=${columns.length + 1}
      aria-activedescendant=${here >= 0 ? `cell-${here}-${this.at.column}` : nothing}
      @keydown=${(event: KeyboardEvent) => this.key(event)}
      @scroll=${() => (this.top = this.grid.scrollTop)}
      ${styled({ '--count': columns.length, '--row': `${this.rowHeight}px`, '--head': `${this.headHeight}px` })}
    >
      <div class="head" role="rowgroup">
        <div class="line" role="row" aria-rowindex="1">
          <div class="label" role="columnheader">${this.corner}</div>
          ${columns.map((name) => html`<div role="columnheader" title=${name}><span>${this.titleOf(name)}</span></div>`)}
        </div>
      </div>
      <div class="rows" role="rowgroup" ${styled({ height: `${rows.length * this.rowHeight}px` })}>
        ${repeat(
          shown,
          ({ row }) => row.key,
          ({ row, at }) => this.line(row, at),
        )}
      </div>
    </div>`;
  }

  private line(row: HeatRow, at: number): TemplateResult {
    return html`<div
      class="line"
      role="row"
      aria-rowindex=${at + 2}
      ${styled({ '--y': `${at * this.rowHeight}px` })}
    >
      <div class="label" role="rowheader" title=${row.key}>
        <span class="name">${row.label}</span
        >${row.note ? html` <span class="note">${row.note}</span>` : nothing}
      </div>
      ${row.cells.map((cell, column) => this.cell(row, cell, at, column))}
    </div>`;
  }

  private cell(row: HeatRow, cell: HeatCell, at: number, column: number): TemplateResult {
    const here = at === this.at.row && column === this.at.column;
    const chosen = this.chosen?.row === row.key && this.chosen.column === this.columns[column];
    return html`<div
      class="cell ${cell.hatch ? `hatched ${cell.hatch}` : ''} ${cell.share < 0 ? 'falls' : ''} ${here ? 'here' : ''} ${
        chosen ? 'chosen' : ''
      }"
      role="gridcell"
      id="cell-${at}-${column}"
      title=${cell.title}
      aria-label=${cell.title}
      aria-selected=${chosen ? 'true' : 'false'}
      @click=${() => this.choose(at, column)}
      ${styled({ '--share': percent(Math.min(1, Math.abs(cell.share))), '--tint': percent(tintOf(cell)) })}
    >
      ${this.numbers ? html`<span aria-hidden="true">${cell.text}</span>` : nothing}
    </div>`;
  }

  private choose(row: number, column: number): void {
    this.at = { row, column };
    this.isUsed = true;
    this.dispatchEvent(
      new CustomEvent<CellChoice>('choose', {
        detail: { row: this.rows[row].key, column: this.columns[column] },
      }),
    );
  }

  private key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor((this.grid.clientHeight - this.headHeight) / this.rowHeight) - 1);
    const { row, column } = this.at;
    const moves: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: event.ctrlKey ? [0, 0] : [row, 0],
      End: event.ctrlKey ? [Infinity, Infinity] : [row, Infinity],
    };
    if (event.key in moves) {
      const [nextRow, nextColumn] = moves[event.key];
      this.at = this.within({ row: nextRow, column: nextColumn });
      this.isUsed = true;
      this.reveal();
    } else if ((event.key === 'Enter' || event.key === ' ') && this.rows.length > 0) {
      this.choose(row, column);
    } else return;
    event.preventDefault();
  }
}
