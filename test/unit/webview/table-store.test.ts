import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { TableStore, type StoreColumn } from '../../../src/webview/ui/table/store';

interface Row {
  name: string;
  score: number | null;
}
const columns: StoreColumn<Row>[] = [
  { id: 'name', value: (row) => row.name, first: 'ascending' },
  { id: 'score', value: (row) => row.score, first: 'descending' },
];
const rows: Row[] = [
  { name: 'wood', score: 0.4 },
  { name: 'carpet', score: null },
  { name: 'lighting', score: 0.9 },
  { name: 'tiles', score: 0.4 },
];
function storeOf(given: readonly Row[] = rows): TableStore<Row> {
  const store = new TableStore<Row>({ key: (row) => row.name, text: (row) => row.name });
  store.setRows(given, columns);
  return store;
}
const names = (store: TableStore<Row>): string[] => store.rows.map((row) => row.name);

describe('sorting', () => {
  test('a first click sorts numbers from the top and names from A, a second the other way', () => {
    const store = storeOf();
    store.toggleSort('score');
    assert.deepEqual(names(store), ['lighting', 'tiles', 'wood', 'carpet']);
    store.toggleSort('score');
    assert.deepEqual(
      names(store),
      ['tiles', 'wood', 'lighting', 'carpet'],
      'what has no value is last either way',
    );
    store.toggleSort('name');
    assert.deepEqual(names(store), ['carpet', 'lighting', 'tiles', 'wood']);
  });

  test('ties stand in the order of their keys, whatever order the rows come in', () => {
    const store = storeOf();
    store.setSort({ column: 'score', direction: 'descending' });
    const before = names(store);
    store.setRows([...rows].reverse());
    assert.deepEqual(names(store), before);
  });

  test('numbers in names count as numbers', () => {
    const store = storeOf([10, 9, 100].map((n) => ({ name: `concept ${n}`, score: n })));
    store.setSort({ column: 'name', direction: 'ascending' });
    assert.deepEqual(names(store), ['concept 9', 'concept 10', 'concept 100']);
  });

  test('a sort by a column that is gone ends', () => {
    const store = storeOf();
    store.toggleSort('score');
    store.setRows(rows, [columns[0]]);
    assert.equal(store.sort, null);
    assert.throws(() => store.setSort({ column: 'score', direction: 'ascending' }), /no column 'score'/);
  });
});

describe('filtering', () => {
  test('every word has to be found, in any case', () => {
    const store = storeOf();
    store.setFilter('  I L ');
    assert.deepEqual(names(store), ['lighting', 'tiles']);
    assert.equal(store.total, 4);
  });

  test('a condition and words hold together', () => {
    const store = storeOf();
    store.setCondition((row) => (row.score ?? 0) > 0.3);
    store.setFilter('t');
    assert.deepEqual(names(store), ['lighting', 'tiles']);
  });
});

describe('selection and the active row', () => {
  test('stay with their rows when rows re-order and are replaced', () => {
    const store = storeOf();
    store.setSort({ column: 'score', direction: 'descending' });
    store.activate('wood');
    store.activate('tiles', 'toggle');
    store.setRows(rows.map((row) => ({ ...row, score: row.name === 'wood' ? 2 : row.score })));
    assert.deepEqual(names(store)[0], 'wood');
    assert.deepEqual([...store.selected].sort(), ['tiles', 'wood']);
    assert.equal(store.active, 'tiles');
    assert.equal(store.position('tiles'), 2);
  });

  test('go with rows that are gone, but wait for rows that are only filtered out', () => {
    const store = storeOf();
    const activeName = (): string | undefined => store.activeRow?.name;
    store.activate('wood');
    store.setFilter('tiles');
    assert.equal(activeName(), undefined);
    store.setFilter('');
    assert.equal(activeName(), 'wood');
    store.setRows(rows.slice(1));
    assert.equal(store.active, null);
    assert.equal(store.selected.size, 0);
  });

  test('moving stays within the rows shown, and starts at the top', () => {
    const store = storeOf();
    store.move(1);
    assert.equal(store.active, 'wood');
    store.move(99);
    assert.equal(store.active, 'tiles');
    store.move(-99);
    assert.equal(store.active, 'wood');
    storeOf([]).move(1);
  });

  test('a range reaches from the last single choice, in the order shown', () => {
    const store = storeOf();
    store.setSort({ column: 'name', direction: 'ascending' });
    store.activate('lighting');
    store.activate('wood', 'range');
    assert.deepEqual(
      store.selectedRows.map((row) => row.name),
      ['lighting', 'tiles', 'wood'],
    );
    store.activate('carpet', 'range');
    assert.deepEqual(
      store.selectedRows.map((row) => row.name),
      ['carpet', 'lighting'],
    );
  });

  test('listeners are told once a change, until they leave', () => {
    const store = storeOf();
    let told = 0;
    const leave = store.subscribe(() => told++);
    store.activate('wood');
    leave();
    store.activate('tiles');
    assert.equal(told, 1);
  });
});
