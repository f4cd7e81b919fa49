/** The columns of the comparison. */
import { html } from 'lit';
import { rankedUnit, unitsApart } from '../../protocol/ranked-unit';
import type { Effect, StudyResult } from '../../protocol/results';
import { commonScale, intervalBar } from '../ui/interval-bar';
import type { Column } from '../ui/table/table';
import { levelTitles, number, signed } from '../ui/wording';
import { findingOf, type CompareRow, type Verdict } from './rows';

interface Side {
  title: string;
  study: StudyResult;
}

export function columnsOf(left: Side, right: Side, rows: readonly CompareRow[]): Column<CompareRow>[] {
  const apart = unitsApart(left.study, right.study);
  const effects = (name: 'left' | 'right'): (Effect | null)[] => rows.map((row) => row[name]?.effect ?? null);
  // One scale for both, unless they count in different units.
  const common = commonScale([...effects('left'), ...effects('right')]);
  const scaleOf = (name: 'left' | 'right'): number => (apart === null ? common : commonScale(effects(name)));
  const scales = { left: scaleOf('left'), right: scaleOf('right') };
  const side = (name: 'left' | 'right', letter: string, { title, study }: Side): Column<CompareRow>[] => [
    {
      ...{ id: `${name}-finding`, title: `Finding ${letter}`, description: `What ${title} found` },
      ...{ width: 'minmax(122px, 160px)', from: 800, first: 'ascending' },
      value: (row) => findingOf(row[name]),
      cell: (row) => findingOf(row[name]),
    },
    {
      ...{ id: `${name}-delta`, title: `Δ ${letter}`, description: `Δ in ${title}, in ${rankedUnit(study)}` },
      ...{ width: '62px', align: 'end', first: 'descending' },
      value: (row) => row[name]?.effect?.delta ?? null,
      cell: (row) => number(row[name]?.effect?.delta ?? null),
    },
    {
      ...{ id: `${name}-bar`, title: `Interval ${letter}`, description: `Interval and null in ${title}` },
      ...{ width: 'minmax(90px, 420px)', from: 980, first: 'descending' },
      value: (row) => row[name]?.effect?.deltaInterval?.low ?? null,
      cell: (row) => intervalBar(row[name]?.effect ?? null, scales[name]),
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
    ...side('left', 'A', left),
    ...side('right', 'B', right),
    {
      ...{ id: 'difference', title: 'B − A' },
      description: apart ?? `Δ B − Δ A, in ${rankedUnit(left.study)}`,
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
