/**
 * A virtualised table: only the rows in view are in the document, so that 10,000 rows scroll as smoothly as ten. One tab
 * stop; arrows, Page, Home and End move the active row, Space selects, Enter opens, Ctrl+A selects all. The state is in a
 * `TableStore`; the table draws it. Events: `open` (Enter or double click) with the row's key, `activate` with the key.
 */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { styled } from '../styled';
import { shared } from '../theme';
import type { StoreColumn, TableStore } from './store';
import { tableSheet } from './table-sheet';

export interface Column<Row> extends StoreColumn<Row> {
  title: string;
  /** What the column means, shown on its head. */
  description: string;
  /** A track of CSS grid. What the table has left goes to those with a share (`fr`); without any it stays empty at the end. */
  width: string;
  /** The column is left out where the table is narrower, in CSS pixels. */
  from?: number;
  align?: 'end';
  cell(row: Row): unknown;
}

const headHeight = 30;
/** Rows drawn beyond the view, so that fast scrolling finds them there. */
const margin = 12;

/** Where no column takes what is left, an empty track behind the last one does. */
function tracksOf(columns: readonly Column<never>[]): string {
  const widths = columns.map(({ width }) => width);
  return (widths.some((width) => width.includes('fr')) ? widths : [...widths, 'minmax(0, 1fr)']).join(' ');
}

@customElement('higan-table')
export class HiganTable<Row> extends LitElement {
  static override styles = [shared, tableSheet];

  @property({ attribute: false }) store!: TableStore<Row>;
  @property({ attribute: false }) columns: readonly Column<Row>[] = [];
  @property() label = '';
  @property({ type: Number }) rowHeight = 30;
  /** What stands where no row is shown. */
  @property() empty = '';

  @state() private top = 0;
  @state() private headAt = 0;
  @state() private size = { width: 0, height: 0 };
  @query('.grid') private grid!: HTMLElement;

  private stop: (() => void) | null = null;
  private observer: ResizeObserver | null = null;
  /** The active row's place before the rows changed: where it stood in the view stays where it is. */
  private held: { key: string; offset: number } | null = null;
  private lastPosition = -1;
  private lastKey: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new ResizeObserver(([{ contentRect }]) => {
      const stay = this.size.height === 0 || this.activeInView();
      this.size = { width: contentRect.width, height: contentRect.height };
      const { active } = this.store;
      if (stay && active !== null) void this.updateComplete.then(() => this.reveal(active));
    });
    this.observer.observe(this);
    this.listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.stop?.();
    this.stop = null;
  }

  private listen(): void {
    this.stop?.();
    this.stop =
      this.store?.subscribe(() => {
        this.hold();
        this.requestUpdate();
      }) ?? null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('store')) this.listen();
  }

  /**
   * While somebody works in the table and the active row is in view, it keeps its place on the screen when rows re-order;
   * otherwise the scroll position stays as it is.
   */
  private hold(): void {
    const key = this.store.active;
    const before = this.lastPosition;
    if (!this.grid || key === null || before < 0 || !this.matches(':focus-within')) return;
    const offset = before * this.rowHeight - this.grid.scrollTop;
    const inView = offset >= 0 && offset + this.rowHeight <= this.grid.clientHeight - headHeight;
    this.held = inView && this.lastKey === key ? { key, offset } : null;
  }

  protected override updated(): void {
    const key = this.store.active;
    const position = key === null ? -1 : this.store.position(key);
    if (this.held && this.held.key === key && position >= 0 && position !== this.lastPosition) {
      this.grid.scrollTop = position * this.rowHeight - this.held.offset;
    }
    this.held = null;
    this.lastPosition = position;
    this.lastKey = key;
  }

  private activeInView(): boolean {
    const position = this.store.active === null ? -1 : this.store.position(this.store.active);
    if (position < 0) return false;
    const offset = position * this.rowHeight - this.top;
    return offset >= 0 && offset + this.rowHeight <= this.size.height - headHeight;
  }

  /** Brings a row into view. */
  reveal(key: string): void {
    const position = this.store.position(key);
    if (position < 0 || !this.grid) return;
    const start = position * this.rowHeight;
    const room = this.grid.clientHeight - headHeight;
    if (start < this.grid.scrollTop) this.grid.scrollTop = start;
    else if (start + this.rowHeight > this.grid.scrollTop + room) {
      this.grid.scrollTop = start + this.rowHeight - room;
    }
  }

  override focus(options?: FocusOptions): void {
    this.grid?.focus(options);
  }

  private get shownColumns(): readonly Column<Row>[] {
    return this.columns.filter((column) => this.size.width === 0 || this.size.width >= (column.from ?? 0));
  }

  override render(): TemplateResult {
    const { rows, active } = this.store;
    const columns = this.shownColumns;
    const first = Math.max(0, Math.floor(this.top / this.rowHeight) - margin);
    const last = Math.min(rows.length, Math.ceil((this.top + this.size.height) / this.rowHeight) + margin);
    const activeAt = active === null ? -1 : this.store.position(active);
    const shown = rows.slice(first, last).map((row, index) => ({ row, at: first + index }));
    // The row that assistive technology is told about has to be in the document.
    if (activeAt >= 0 && (activeAt < first || activeAt >= last))
      shown.push({ row: rows[activeAt], at: activeAt });
    return html`<div
      class="grid"
      role="grid"
      tabindex="0"
      aria-label=${this.label}
      aria-multiselectable="true"
      aria-rowcount=${rows.length + 1}
      aria-colcount=${columns.length}
      aria-activedescendant=${activeAt >= 0 ? `row-${activeAt}` : nothing}
      @keydown=${(event: KeyboardEvent) => this.key(event)}
      @scroll=${() => (this.top = this.grid.scrollTop)}
      ${styled({
        '--columns': tracksOf(columns),
        '--row': `${this.rowHeight}px`,
        '--head': `${headHeight}px`,
      })}
    >
      <div class="head" role="rowgroup">
        <div class="line" role="row" aria-rowindex="1">
          ${columns.map((column, index) => this.head(column, index))}
        </div>
      </div>
      <div class="rows" role="rowgroup" ${styled({ height: `${rows.length * this.rowHeight}px` })}>
        ${repeat(
          shown,
          ({ row }) => this.store.key(row),
          ({ row, at }) => this.row(row, at, columns),
        )}
      </div>
      ${rows.length === 0 && this.empty ? html`<p class="nothing dim">${this.empty}</p>` : nothing}
    </div>`;
  }

  private head(column: Column<Row>, index: number): TemplateResult {
    const { sort } = this.store;
    const direction = sort?.column === column.id ? sort.direction : null;
    return html`<div
      role="columnheader"
      class=${column.align ?? ''}
      aria-sort=${direction ?? 'none'}
      title=${column.description}
    >
      <button
        tabindex=${index === Math.min(this.headAt, this.shownColumns.length - 1) ? 0 : -1}
        @click=${() => this.sortBy(column)}
        @focus=${() => (this.headAt = index)}
        @keydown=${(event: KeyboardEvent) => this.headKey(event)}
      >
        <span class="name">${column.title}</span>
        <span class="arrow" aria-hidden="true"
          >${direction === null ? '' : direction === 'ascending' ? '▲' : '▼'}</span
        >
      </button>
    </div>`;
  }

  /** The heads are one tab stop too; arrows go along them. */
  private headKey(event: KeyboardEvent): void {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const heads = [...this.renderRoot.querySelectorAll<HTMLElement>('.head button')];
    heads[Math.max(0, Math.min(heads.length - 1, this.headAt + by))]?.focus();
    event.preventDefault();
  }

  private sortBy(column: Column<Row>): void {
    this.store.toggleSort(column.id);
    this.dispatchEvent(new CustomEvent('sort', { detail: this.store.sort }));
  }

  private row(row: Row, at: number, columns: readonly Column<Row>[]): TemplateResult {
    const key = this.store.key(row);
    const active = key === this.store.active;
    return html`<div
      class="line ${active ? 'active' : ''} ${at % 2 ? 'odd' : ''}"
      role="row"
      id="row-${at}"
      aria-rowindex=${at + 2}
      aria-selected=${this.store.selected.has(key) ? 'true' : 'false'}
      @click=${(event: MouseEvent) => this.choose(event, key)}
      @dblclick=${() => this.tell('open', key)}
      ${styled({ '--y': `${at * this.rowHeight}px` })}
    >
      ${columns.map((column) => html`<div role="gridcell" class=${column.align ?? ''}>${column.cell(row)}</div>`)}
    </div>`;
  }

  private choose(event: MouseEvent, key: string): void {
    this.store.activate(key, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only');
    this.tell('activate', key);
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.target !== this.grid) return;
    const page = Math.max(1, Math.floor((this.grid.clientHeight - headHeight) / this.rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.store.rows.length,
      End: this.store.rows.length,
    };
    const { active } = this.store;
    if (event.key in steps) {
      this.store.move(steps[event.key], event.shiftKey ? 'range' : 'only');
      this.held = null;
      if (this.store.active !== null) {
        this.reveal(this.store.active);
        this.tell('activate', this.store.active);
      }
    } else if (event.key === ' ' && active !== null) this.store.activate(active, 'toggle');
    else if (event.key === 'Enter' && active !== null) this.tell('open', active);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) this.store.selectAll();
    else return;
    event.preventDefault();
  }

  private tell(name: 'open' | 'activate', key: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail: key }));
  }
}
