/** Tables of text in columns. */
import { cut, padEnd, padStart, styled, widthOf, type Look } from './text';

export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** May be cut down to this many columns where the table is too wide. */
  shrinkTo?: number;
}

/** Rows under their titles, two spaces apart, without trailing spaces. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  look: Look,
  indent = '',
): string {
  const widths = columns.map((column, c) =>
    Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[c] ?? ''))),
  );
  const gap = 2;
  let excess = indent.length + widths.reduce((sum, width) => sum + width + gap, -gap) - look.width;
  columns.forEach((column, c) => {
    if (excess <= 0 || column.shrinkTo === undefined) return;
    const less = Math.min(excess, Math.max(0, widths[c] - Math.max(column.shrinkTo, widthOf(column.title))));
    widths[c] -= less;
    excess -= less;
  });
  const line = (cells: readonly string[]): string =>
    (
      indent +
      columns
        .map(({ align }, c) =>
          (align === 'right' ? padStart : padEnd)(cut(cells[c] ?? '', widths[c]), widths[c]),
        )
        .join(' '.repeat(gap))
    ).trimEnd();
  const head = line(columns.map(({ title }) => title));
  return [styled(look, 'dim', head), ...rows.map(line)].join('\n');
}
