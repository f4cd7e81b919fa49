/** The columns of the ranking, most important first: the narrower the panel, the fewer are shown; the detail has them all. */
import { html, nothing, type TemplateResult } from 'lit';
import { rankedUnit } from '../../protocol/ranked-unit';
import type { StudyResult } from '../../protocol/results';
import { intervalBar } from '../ui/interval-bar';
import { peakOf, sparkline } from '../ui/sparkline';
import type { Column } from '../ui/table/table';
import { labelOf, levelTitles, number, percent, signed, type Finding } from '../ui/wording';
import { marks, type Criterion, type RankingRow } from './rows';

/** Width of the table in CSS pixels from which the finding has a column of its own; below, its sign stands by the concept. */
export const findingFrom = 1240;
const order: Record<Finding, number> = { moves: 0, still: 1, few: 2, none: 3, pending: 4 };

export function rankingColumns(
  study: StudyResult,
  by: Criterion,
  level: string,
  scale: number,
): Column<RankingRow>[] {
  const columns: (Column<RankingRow> | null)[] = [
    {
      id: 'place',
      title: '#',
      description: 'Rank by the chosen criterion',
      width: '52px',
      align: 'end',
      first: 'ascending',
      value: (row) => row.place,
      cell: (row) => row.place ?? '–',
    },
    by === 'rescore'
      ? null
      : {
          id: 'movement',
          title: 'vs. Δ',
          description: 'Places higher (▲) or lower (▼) than by re-scoring',
          width: '74px',
          align: 'end',
          first: 'descending',
          value: (row) => row.movement,
          cell: (row) => movement(row.movement),
        },
    {
      id: 'concept',
      title: 'Concept',
      description: 'What a predictor scores',
      width: 'minmax(136px, 2fr)',
      first: 'ascending',
      value: (row) => row.label,
      cell: (row) => concept(row),
    },
    level === 'all'
      ? {
          id: 'level',
          title: 'Level',
          description: 'Level of abstraction',
          width: '88px',
          from: 1120,
          first: 'ascending',
          value: (row) => row.result.level,
          cell: (row) => html`<span class="dim">${levelTitles[row.result.level]}</span>`,
        }
      : null,
    {
      id: 'finding',
      title: 'Finding',
      description: 'Whether the concept moves when codes are moved along its direction',
      width: '150px',
      from: findingFrom,
      first: 'ascending',
      value: (row) => order[row.finding],
      cell: (row) => finding(row),
    },
    {
      id: 'delta',
      title: 'Δ',
      description: `Mean rise of the score under the move, in ${rankedUnit(study)}`,
      width: '66px',
      align: 'end',
      first: 'descending',
      value: (row) => row.result.effect?.delta ?? null,
      cell: (row) =>
        html`<span class=${row.finding === 'moves' ? '' : 'dim'}
          >${number(row.result.effect?.delta ?? null)}</span
        >`,
    },
    {
      id: 'interval',
      title: 'Interval',
      description: 'Δ with its confidence interval; the shaded part is what random directions reach',
      width: 'minmax(100px, 4fr)',
      from: 380,
      first: 'descending',
      value: (row) => row.result.effect?.deltaInterval?.low ?? null,
      cell: (row) => html`${intervalBar(row.result.effect, scale)}${intervalWords(row)}`,
    },
    {
      id: 'accuracy',
      title: 'Accuracy',
      description: 'Held-out accuracy of the boundary',
      width: '88px',
      // What the table is ranked by is never left out.
      from: by === 'accuracy' ? 0 : 780,
      align: 'end',
      first: 'descending',
      value: (row) => row.result.boundary?.accuracy ?? null,
      cell: (row) => percent(row.result.boundary?.accuracy ?? null),
    },
    {
      id: 'positives',
      title: 'Positives',
      description: "Share of the probe's samples that show the concept",
      width: '88px',
      from: by === 'positives' ? 0 : 940,
      align: 'end',
      first: 'descending',
      value: (row) => row.result.positiveShare,
      cell: (row) => percent(row.result.positiveShare),
    },
    {
      id: 'layers',
      title: 'Layers',
      description: 'Δ by layer set, bottom layers left; outlined where the concept does not move',
      width: '104px',
      from: 560,
      first: 'ascending',
      value: (row) => {
        const peak = row.result.layers ? peakOf(row.result.layers) : -1;
        return peak < 0 ? null : peak;
      },
      cell: (row) => sparkline(row.result.layers, study.layerSets),
    },
    {
      id: 'side',
      title: 'Side effects',
      description: 'Other concepts whose scores the move changes most, in their standard deviations',
      width: 'minmax(136px, 3fr)',
      from: 860,
      first: 'descending',
      value: ({ sideEffects }) => (sideEffects ? Math.abs(sideEffects[0]?.mean ?? 0) : null),
      cell: (row) => sideEffects(row),
    },
    {
      id: 'review',
      title: 'Review',
      description: 'Your verdict, kept in the experiment file',
      width: '92px',
      from: 500,
      first: 'ascending',
      value: (row) => row.review?.verdict ?? null,
      cell: (row) => review(row),
    },
  ];
  return columns.filter((column) => column !== null);
}

function movement(places: number | null): TemplateResult | string {
  if (places === null) return '–';
  if (places === 0) return html`<span class="dim">=</span>`;
  const up = places > 0;
  return html`<span class=${up ? 'up' : 'down'}
    ><span aria-hidden="true">${up ? '▲' : '▼'}</span
    ><span class="visually-hidden">${up ? 'higher by' : 'lower by'}</span> ${Math.abs(places)}</span
  >`;
}

/** The concept, with the sign of its finding where that has no column of its own; what does not move is dimmed. */
function concept({ key, label, finding: kind, findingText, result }: RankingRow): TemplateResult {
  return html`<span class="mark finding ${kind}" title=${result.noBoundary ?? findingText}
      ><span aria-hidden="true">${marks[kind]}</span
      ><span class="visually-hidden">${findingText}:</span></span
    ><span class="label ${kind === 'moves' ? '' : 'dim'}" title=${key}>${label}</span
    ><span class="mark">${weak(result.weakPredictor)}</span>`;
}

function finding({ finding: kind, findingText, result }: RankingRow): TemplateResult {
  return html`<span class="finding ${kind}" title=${result.noBoundary ?? findingText}
    ><span aria-hidden="true">${marks[kind]}</span> ${findingText}${weak(result.weakPredictor)}</span
  >`;
}

const weak = (why: string | null): TemplateResult | typeof nothing =>
  why === null
    ? nothing
    : html` <span class="warn" title=${why}><span class="visually-hidden">weak predictor</span></span>`;

function intervalWords({ result: { effect } }: RankingRow): TemplateResult | typeof nothing {
  if (!effect?.deltaInterval) return nothing;
  const { low, high } = effect.deltaInterval;
  const floor = effect.null === null ? '' : `, random directions reach ${number(effect.null)}`;
  return html`<span class="visually-hidden">${number(low)} to ${number(high)}${floor}</span>`;
}

/** `natural lighting +0.42, brightness −0.31`; null while they are not known. */
export const sideEffectsText = ({ sideEffects: known }: RankingRow): string | null =>
  known?.map(({ concept, mean }) => `${labelOf(concept)} ${signed(mean)}`).join(', ') ?? null;

function sideEffects(row: RankingRow): TemplateResult | string {
  const text = sideEffectsText(row);
  if (text === null) return html`<span title="Not known yet">–</span>`;
  if (text === '')
    return html`<span class="dim" title="The move changes no other concept beyond chance">none</span>`;
  return html`<span title=${text}>${text}</span>`;
}

function review({ review: entry }: RankingRow): TemplateResult | typeof nothing {
  if (!entry) return nothing;
  return html`<span title=${entry.note ?? ''}
    >${entry.verdict ?? 'note'}${
      entry.stale
        ? html` <span class="warn" title="The result has changed since this was written"
            ><span class="visually-hidden">changed since</span></span
          >`
        : nothing
    }</span
  >`;
}
