/** The columns of the comparison. */
import { html } from 'lit';
import type { Comparison } from '../../protocol/panels';
import type { ConceptResult } from '../../protocol/results';
import { commonScale, intervalBar } from '../ui/interval-bar';
import type { Column } from '../ui/table/table';
import { conceptFinding, levelTitles, number, signed } from '../ui/wording';
import type { CompareRow, Verdict } from './rows';

export const findingOf = (result: ConceptResult | null): string =>
  result ? conceptFinding(result).short : 'absent';

export function columnsOf({ left, right }: Comparison, rows: readonly CompareRow[]): Column<CompareRow>[] {
  const scale = commonScale(rows.flatMap((row) => [row.left?.effect ?? null, row.right?.effect ?? null]));
  const side = (name: 'left' | 'right', letter: string, title: string): Column<CompareRow>[] => [
    {
      ...{ id: `${name}-finding`, title: `Finding ${letter}`, description: `What ${title} found` },
      ...{ width: 'minmax(122px, 160px)', from: 800, first: 'ascending' },
      value: (row) => findingOf(row[name]),
      cell: (row) => findingOf(row[name]),
    },
    {
      ...{ id: `${name}-delta`, title: `Δ ${letter}`, description: `Δ in ${title}` },
      ...{ width: '62px', align: 'end', first: 'descending' },
      value: (row) => row[name]?.effect?.delta ?? null,
      cell: (row) => number(row[name]?.effect?.delta ?? null),
    },
    {
      ...{ id: `${name}-bar`, title: `Interval ${letter}`, description: `Interval and null in ${title}` },
      ...{ width: 'minmax(90px, 420px)', from: 980, first: 'descending' },
      value: (row) => row[name]?.effect?.deltaInterval?.low ?? null,
      cell: (row) => intervalBar(row[name]?.effect ?? null, scale),
    },
  ];
  return [
    {
      ...{ id: 'concept', title: 'Concept', description: 'What a predictor scores' },
      ...{ width: 'minmax(86px, 300px)', first: 'ascending' },
      value: (row) => row.label,
      cell: (row) => html`<span title=${row.key}>${row.label}</span>`,
    },
    {
      ...{ id: 'level', title: 'Level', description: 'Level of abstraction' },
      ...{ width: '88px', from: 560, first: 'ascending' },
      value: (row) => row.level,
      cell: (row) => html`<span class="dim">${levelTitles[row.level]}</span>`,
    },
    ...side('left', 'A', left.title),
    ...side('right', 'B', right?.title ?? ''),
    {
      ...{ id: 'difference', title: 'B − A', description: 'Δ B − Δ A, in standard deviations of the score' },
      ...{ width: '76px', align: 'end', first: 'descending' },
      value: (row) => row.difference,
      cell: (row) => (row.difference === null ? '–' : signed(row.difference)),
    },
    ...(rows.some(({ paired }) => paired) ? [pairedColumn] : []),
    {
      ...{ id: 'verdict', title: 'Reading', width: 'minmax(150px, 230px)', from: 470 },
      description: 'Whether only one of the two moves, and whether Δ differs',
      first: 'ascending',
      value: (row) => `${row.changed ? 0 : 1} ${row.verdict}`,
      cell: (row) =>
        row.changed
          ? html`<strong>only one moves</strong
              >${unclear.includes(row.verdict) ? `, ${verdictTexts[row.verdict]}` : ''}`
          : verdictTexts[row.verdict],
    },
  ];
}

const pairedColumn: Column<CompareRow> = {
  ...{ id: 'paired', title: 'Interval B − A', width: '130px', align: 'end', from: 640, first: 'descending' },
  description: 'Interval of Δ B − Δ A over the samples that both drew, paired',
  value: (row) => row.paired?.deltaInterval?.low ?? null,
  cell: (row) => intervalText(row),
};

export const intervalText = ({ paired }: CompareRow): string =>
  paired?.deltaInterval ? `${signed(paired.deltaInterval.low)} to ${signed(paired.deltaInterval.high)}` : '–';

export const verdictTexts: Record<Verdict, string> = {
  higher: 'B is higher',
  lower: 'B is lower',
  alike: 'no clear difference',
  few: 'too few samples differ',
  apart: 'intervals apart',
  overlapping: 'intervals overlap',
  unknown: '–',
};
/** Where one moves and the other does not, and Δ alone would not say that they differ. */
const unclear: readonly Verdict[] = ['alike', 'few'];
