/**
 * The state of a table, free of any drawing: order, filter, selection, the active row. Rows are known by key, so that they
 * may be replaced and re-ordered while a study runs without anybody losing their place.
 */
export interface StoreColumn<Row> {
  id: string;
  /** What the column sorts by; null sorts last in either direction. */
  value(row: Row): number | string | null;
  /** The direction of a first click: numbers are mostly wanted from the top. */
  first: 'ascending' | 'descending';
}

export interface Sort {
  column: string;
  direction: 'ascending' | 'descending';
}

export interface TableOptions<Row> {
  key(row: Row): string;
  /** What the text filter looks in. */
  text(row: Row): string;
}

const collator = new Intl.Collator('en', { numeric: true });

export class TableStore<Row> {
  private all: readonly Row[] = [];
  private shown: Row[] = [];
  private positions = new Map<string, number>();
  private words: string[] = [];
  private admits: (row: Row) => boolean = () => true;
  private readonly chosen = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private anchor: string | null = null;
  private activeKey: string | null = null;
  private order: Sort | null = null;
  private columns: readonly StoreColumn<Row>[] = [];

  constructor(private readonly options: TableOptions<Row>) {}

  /** Rows in the order and choice that is shown. */
  get rows(): readonly Row[] {
    return this.shown;
  }
  /** How many rows there are without filters. */
  get total(): number {
    return this.all.length;
  }
  get sort(): Sort | null {
    return this.order;
  }
  /** Key of the row that keys act on; stays when the row is filtered out, and is active again when it comes back. */
  get active(): string | null {
    return this.activeKey;
  }
  get activeRow(): Row | null {
    const position = this.activeKey === null ? undefined : this.positions.get(this.activeKey);
    return position === undefined ? null : this.shown[position];
  }
  get selected(): ReadonlySet<string> {
    return this.chosen;
  }
  /** Selected rows that are shown, in their order. */
  get selectedRows(): Row[] {
    return this.shown.filter((row) => this.chosen.has(this.options.key(row)));
  }

  key(row: Row): string {
    return this.options.key(row);
  }

  /** Position of a row among those shown, −1 where it is not shown. */
  position(key: string): number {
    return this.positions.get(key) ?? -1;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Replaces all rows, and what they can be sorted by; selection and active row stay with their keys, those of rows that
   * are gone are dropped. A sort by a column that is gone ends.
   */
  setRows(rows: readonly Row[], columns: readonly StoreColumn<Row>[] = this.columns): void {
    this.all = rows;
    this.columns = columns;
    if (this.order && !columns.some((column) => column.id === this.order?.column)) this.order = null;
    const keys = new Set(rows.map((row) => this.options.key(row)));
    for (const key of this.chosen) if (!keys.has(key)) this.chosen.delete(key);
    if (this.activeKey !== null && rows.length > 0 && !keys.has(this.activeKey)) this.activeKey = null;
    this.arrange();
  }

  setSort(sort: Sort | null): void {
    if (sort) this.column(sort.column);
    this.order = sort;
    this.arrange();
  }

  /** What a click on a column's head does: its first direction, then the other. */
  toggleSort(column: string): void {
    const { first } = this.column(column);
    const other = first === 'ascending' ? 'descending' : 'ascending';
    const again = this.order?.column === column && this.order.direction === first;
    this.setSort({ column, direction: again ? other : first });
  }

  /** Rows must contain every word, whatever its case. */
  setFilter(text: string): void {
    this.words = text.toLowerCase().split(/\s+/).filter(Boolean);
    this.arrange();
  }

  setCondition(admits: (row: Row) => boolean): void {
    this.admits = admits;
    this.arrange();
  }

  /** Makes a row active; `select` says what happens to the selection: `only` this, `toggle` this, `range` from the last. */
  activate(key: string, select: 'only' | 'toggle' | 'range' | 'none' = 'only'): void {
    this.activeKey = key;
    if (select === 'only') {
      this.chosen.clear();
      this.chosen.add(key);
    } else if (select === 'toggle') {
      if (!this.chosen.delete(key)) this.chosen.add(key);
    } else if (select === 'range') {
      const from = this.anchor === null ? -1 : this.position(this.anchor);
      const to = this.position(key);
      this.chosen.clear();
      for (const row of this.shown.slice(Math.min(from < 0 ? to : from, to), Math.max(from, to) + 1)) {
        this.chosen.add(this.options.key(row));
      }
    }
    if (select !== 'range') this.anchor = key;
    this.tell();
  }

  /** Moves the active row by so many rows, staying within those shown. */
  move(by: number, select: 'only' | 'range' = 'only'): void {
    if (this.shown.length === 0) return;
    const from = this.activeKey === null ? -1 : this.position(this.activeKey);
    const start = from < 0 && by > 0 ? -1 : Math.max(from, 0);
    const to = Math.min(this.shown.length - 1, Math.max(0, start + by));
    this.activate(this.options.key(this.shown[to]), select);
  }

  selectAll(): void {
    for (const row of this.shown) this.chosen.add(this.options.key(row));
    this.tell();
  }

  private column(id: string): StoreColumn<Row> {
    const column = this.columns.find((each) => each.id === id);
    if (!column) throw new Error(`The table has no column '${id}'.`);
    return column;
  }

  private arrange(): void {
    const kept = this.all.filter((row) => this.admits(row) && this.matches(row));
    this.shown = this.order ? this.sorted(kept, this.order) : kept;
    this.positions = new Map(this.shown.map((row, index) => [this.options.key(row), index]));
    this.tell();
  }

  private matches(row: Row): boolean {
    if (this.words.length === 0) return true;
    const text = this.options.text(row).toLowerCase();
    return this.words.every((word) => text.includes(word));
  }

  /** Ties stand in the order of their keys, so that equal rows never change places from one result to the next. */
  private sorted(rows: Row[], { column, direction }: Sort): Row[] {
    const sorter = this.column(column);
    const sign = direction === 'ascending' ? 1 : -1;
    const decorated = rows.map((row) => ({ row, value: sorter.value(row), key: this.options.key(row) }));
    decorated.sort((a, b) => {
      if (a.value === null || b.value === null) {
        if (a.value !== b.value) return a.value === null ? 1 : -1;
      } else if (a.value !== b.value) {
        const order =
          typeof a.value === 'number' && typeof b.value === 'number'
            ? a.value - b.value
            : collator.compare(String(a.value), String(b.value));
        if (order !== 0) return sign * order;
      }
      return a.key < b.key ? -1 : 1;
    });
    return decorated.map((each) => each.row);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
