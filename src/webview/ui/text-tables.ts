/** Tables as text, for the clipboard and for files. */

type Cell = string | number | boolean | null;

/** RFC 4180: CRLF, quotes where needed. Text that a spreadsheet would take for a formula is kept from being one. */
export function csv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table of GitHub's Markdown; numbers are aligned to the right. */
export function markdown(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = head.map((_, index) => rows.some((row) => typeof row[index] === 'number'));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return (
    [
      line(head.map(markdownCell)),
      line(numeric.map((yes) => (yes ? '--:' : '---'))),
      ...rows.map((row) => line(row.map(markdownCell))),
    ].join('\n') + '\n'
  );
}

function markdownCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(Number(cell.toPrecision(4)));
  return String(cell).replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
