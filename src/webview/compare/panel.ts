/** Two studies, or one study at two revisions: which concepts move in the one and not in the other. */
import { css, html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { compareHostSide, type Comparison, type Target } from '../../protocol/panels';
import type { ConceptResult } from '../../protocol/results';
import { commonScale, intervalBar, intervalSheet } from '../ui/interval-bar';
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import { TableStore } from '../ui/table/store';
import { HiganTable, type Column } from '../ui/table/table';
import { tableSheet } from '../ui/table/table-sheet';
import { csv } from '../ui/text-tables';
import { shared } from '../ui/theme';
import { conceptFinding, levelTitles, number, signed } from '../ui/wording';
import { compareRows, unpairedNote, type CompareRow } from './rows';

class CompareTable extends HiganTable<CompareRow> {
  static override styles = [shared, tableSheet, intervalSheet];
}
customElements.define('higan-compare-table', CompareTable);

const findingOf = (result: ConceptResult | null): string =>
  result ? conceptFinding(result).short : 'absent';
const verdictTexts = { apart: 'intervals apart', overlapping: 'intervals overlap', unknown: '–' };

@customElement('higan-compare')
export class ComparePanel extends PanelElement<typeof compareHostSide> {
  static override styles = [
    shared,
    panelSheet,
    css`
      .table {
        display: flex;
        flex-direction: column;
      }
      higan-compare-table {
        flex: 1;
      }
      .note {
        padding: 6px 12px;
        border-top: 1px solid var(--edge);
        line-height: 1.4;
      }
    `,
  ];
  protected readonly heading = 'Comparison';

  @state() private comparison: Comparison | null = null;
  private columns: Column<CompareRow>[] = [];
  private readonly table = new TableStore<CompareRow>({
    key: (row) => row.key,
    text: (row) => `${row.key} ${findingOf(row.left)} ${findingOf(row.right)}`,
  });

  constructor() {
    super('compare', compareHostSide);
    this.channel.on('comparison', (comparison) => this.receive(comparison));
    this.table.subscribe(() => this.requestUpdate());
  }

  protected override async fetchMore(): Promise<void> {
    const comparison = await this.attempt(() => this.channel.call('comparison', {}));
    if (comparison) this.receive(comparison);
  }

  protected override show({ concept }: Target): void {
    if (concept && this.table.position(concept) >= 0) this.table.activate(concept);
  }

  private receive(comparison: Comparison): void {
    this.comparison = comparison;
    const { left, right } = comparison;
    if (!left.study || !right?.study) return;
    const rows = compareRows(left.study, right.study);
    this.columns = columnsOf(comparison, rows);
    this.table.setCondition((row) => !this.isOn('changed') || row.changed || row.verdict === 'apart');
    this.table.setRows(rows, this.columns);
    if (!this.table.sort) this.table.setSort({ column: 'difference', direction: 'descending' });
  }

  private async chooseOther(): Promise<void> {
    const comparison = await this.attempt(() => this.channel.call('chooseOther', {}));
    if (comparison) this.receive(comparison);
  }

  protected override body(): TemplateResult {
    if (!this.comparison) return html`<p class="waiting dim">Reading the results…</p>`;
    const { left, right } = this.comparison;
    if (!left.study || !right?.study) {
      return html`<div class="empty">
        <p>
          ${left.reason ?? right?.reason ?? 'Choose another experiment, or another revision of this one.'}
        </p>
        <vscode-button @click=${() => void this.chooseOther()}>Compare with…</vscode-button>
      </div>`;
    }
    return html`
      <div class="tools" role="group" aria-label="Comparison">
        <span>A <strong>${left.title}</strong> against B <strong>${right.title}</strong></span>
        <button class="plain" @click=${() => void this.chooseOther()}>Compare with…</button>
        ${this.keptSwitch('changed', 'Only what differs', {
          changed: () => this.comparison && this.receive(this.comparison),
        })}
        <button class="plain" @click=${() => this.saveCsv()}>CSV…</button>
      </div>
      <div class="fill table">
        <higan-compare-table
          label="${left.title} against ${right.title}"
          empty="Nothing differs."
          .store=${this.table}
          .columns=${this.columns}
          @open=${(event: CustomEvent<string>) => this.open('ranking', { concept: event.detail })}
        ></higan-compare-table>
        <p class="note dim">${unpairedNote(left.study, right.study)}</p>
      </div>
    `;
  }

  private saveCsv(): void {
    const rows = this.table.rows.map((row) => [
      ...[row.key, row.left?.effect?.delta ?? null, row.right?.effect?.delta ?? null, row.difference],
      ...[findingOf(row.left), findingOf(row.right), row.verdict],
    ]);
    void this.save(
      'comparison.csv',
      csv(['concept', 'left', 'right', 'difference', 'findingLeft', 'findingRight', 'intervals'], rows),
    );
  }
}

function columnsOf({ left, right }: Comparison, rows: readonly CompareRow[]): Column<CompareRow>[] {
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
    {
      ...{ id: 'verdict', title: 'Reading', width: '150px', from: 470 },
      description:
        'Whether the two intervals, which are unpaired, overlap; and whether only one of the two moves',
      first: 'ascending',
      value: (row) => `${row.changed ? 0 : 1} ${row.verdict}`,
      cell: (row) => (row.changed ? html`<strong>only one moves</strong>` : verdictTexts[row.verdict]),
    },
  ];
}
