/** The boundary ranking: which concepts the generator really varies, filling in while the study runs. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { rankingHostSide, type PanelKind, type Snapshot, type Target } from '../../protocol/panels';
import { inRankedUnit, ranksRaw } from '../../protocol/ranked-unit';
import type { StudyResult } from '../../protocol/results';
import { choice, levelChoice, type LevelScope } from '../ui/choice';
import { commonScale, intervalSheet } from '../ui/interval-bar';
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import type { ReviewChange } from '../ui/review-form';
import { sparklineSheet } from '../ui/sparkline';
import { TableStore, type Sort } from '../ui/table/store';
import { HiganTable, type Column } from '../ui/table/table';
import { tableSheet } from '../ui/table/table-sheet';
import { csv, markdown } from '../ui/text-tables';
import { shared } from '../ui/theme';
import { rankingColumns } from './columns';
import './detail';
import { rankingTable } from './export';
import { criteria, rankingRows, type Criterion, type RankingRow } from './rows';

const criterionTitles: Record<Criterion, string> = {
  rescore: 'Re-scoring (Δ)',
  accuracy: 'Boundary accuracy',
  positives: 'Share of positives',
};

/** The table draws the ranking's cells inside itself, so it needs their sheet too. */
class RankingTable extends HiganTable<RankingRow> {
  static override styles = [
    shared,
    tableSheet,
    intervalSheet,
    sparklineSheet,
    css`
      .finding.moves {
        font-weight: 600;
      }
      .finding.still,
      .finding.few,
      .finding.none,
      .finding.pending {
        color: var(--dim);
      }
      .up {
        color: var(--vscode-charts-green, var(--vscode-foreground));
      }
      .down {
        color: var(--vscode-charts-red, var(--vscode-foreground));
      }
    `,
  ];
}
customElements.define('higan-ranking-table', RankingTable);

@customElement('higan-ranking')
export class RankingPanel extends PanelElement<typeof rankingHostSide> {
  static override styles = [
    shared,
    panelSheet,
    css`
      .split {
        display: flex;
        flex-direction: column;
        overflow: auto;
      }
      .split > .table {
        flex: 1 0 240px;
        display: flex;
        flex-direction: column;
        min-width: 0;
      }
      higan-ranking-table {
        flex: 1;
      }
      higan-concept-detail {
        border-top: 1px solid var(--line);
      }
      .counted {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        padding: 4px 12px;
        border-top: 1px solid var(--edge);
      }
      .filter {
        flex: 1 1 140px;
        min-width: 0;
        max-width: 320px;
      }
      @media (min-width: 900px) {
        .split {
          flex-direction: row;
          overflow: hidden;
        }
        higan-concept-detail {
          overflow: auto;
          border-top: 0;
          border-inline-start: 1px solid var(--line);
          flex: 0 0 clamp(300px, 26%, 480px);
        }
      }
    `,
  ];
  protected readonly heading = 'Boundary ranking';

  private columns: Column<RankingRow>[] = [];
  private readonly table = new TableStore<RankingRow>({
    key: (row) => row.key,
    text: (row) => `${row.key} ${row.findingText} ${row.review?.verdict ?? ''} ${row.review?.note ?? ''}`,
  });
  @query('higan-ranking-table') private tableElement!: RankingTable;

  constructor() {
    super('ranking', rankingHostSide);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.table.setFilter(this.kept('filter', ''));
    this.table.subscribe(() => this.requestUpdate());
  }

  private get criterion(): Criterion {
    return this.kept('by', 'rescore', criteria);
  }

  protected override studyChanged(): void {
    const study = this.snapshot?.study;
    if (!this.snapshot || !study) return;
    const scale = commonScale(inRankedUnit(study).concepts.map((each) => each.effect));
    this.columns = rankingColumns(study, this.criterion, this.level, scale);
    const rows = rankingRows(study, this.snapshot, this.criterion, this.level);
    this.table.setCondition((row) => !this.isOn('moving') || row.finding === 'moves');
    this.table.setRows(rows, this.columns);
    if (!this.table.sort) this.table.setSort(this.keptSort());
    const concept = this.kept('concept', '');
    if (concept && this.table.active === null && rows.some((row) => row.key === concept)) {
      this.table.activate(concept);
    }
  }

  private keptSort(): Sort {
    const { column, direction } = (this.view.sort ?? {}) as Partial<Sort>;
    const known = this.columns.some((each) => each.id === column);
    return known && (direction === 'ascending' || direction === 'descending')
      ? { column: column!, direction }
      : { column: 'place', direction: 'ascending' };
  }

  protected override show({ concept }: Target): void {
    if (!concept) return;
    this.navigate({ concept });
    if (!this.snapshot?.study) return;
    this.table.activate(concept);
    void this.updateComplete.then(() => this.tableElement?.reveal(concept));
  }

  private lookAt(level: LevelScope): void {
    this.navigate({ level });
    this.studyChanged();
  }

  private rankBy(by: Criterion): void {
    // Another criterion is looked at in its own order.
    this.navigate({ by, sort: undefined });
    this.table.setSort(null);
    this.studyChanged();
  }

  protected override body(snapshot: Snapshot): TemplateResult {
    const { study } = snapshot;
    if (!study) {
      return this.nothingYet(
        snapshot,
        snapshot.run.state === 'idle'
          ? 'This experiment has not been run yet. A run finds out which concepts the generator really varies.'
          : 'The ranking fills in as soon as the first boundaries are re-scored.',
      );
    }
    const row = this.table.activeRow;
    return html`
      ${this.tools()}
      <div class="fill split">
        <div class="table">
          <higan-ranking-table
            label="Concepts by ${criterionTitles[this.criterion]}"
            empty="No concept fits the filter."
            .store=${this.table}
            .columns=${this.columns}
            @activate=${(event: CustomEvent<string>) => this.navigate({ concept: event.detail })}
            @open=${(event: CustomEvent<string>) => this.open('heatmap', { concept: event.detail })}
            @sort=${(event: CustomEvent<Sort>) => this.navigate({ sort: event.detail })}
          ></higan-ranking-table>
          ${this.counted(study)}
        </div>
        ${
          row
            ? html`<higan-concept-detail
                role="region"
                aria-label="Details of ${row.label}"
                tabindex="0"
                .row=${row}
                .study=${study}
                @panel=${({ detail }: CustomEvent<{ panel: PanelKind; target: Target }>) =>
                  this.open(detail.panel, detail.target)}
                @source=${({ detail }: CustomEvent<Target>) => this.showSource(detail)}
                @review=${({ detail }: CustomEvent<ReviewChange>) =>
                  this.setReview(detail.concept, detail.entry)}
              ></higan-concept-detail>`
            : nothing
        }
      </div>
    `;
  }

  private tools(): TemplateResult {
    return html`<div class="tools" role="group" aria-label="Ranking">
      ${choice({
        label: 'Rank by',
        options: criteria.map((each) => [each, criterionTitles[each]]),
        chosen: this.criterion,
        choose: (by) => this.rankBy(by),
      })}
      ${levelChoice(this.level, (level) => this.lookAt(level))}
      <input
        class="text filter"
        type="search"
        placeholder="Filter"
        aria-label="Filter concepts"
        .value=${this.kept('filter', '')}
        @input=${(event: Event) => {
          const filter = (event.target as HTMLInputElement).value;
          this.navigate({ filter });
          this.table.setFilter(filter);
        }}
      />
      ${this.keptSwitch('moving', 'Only what moves', { changed: () => this.studyChanged() })}
      <span class="row">
        <button class="plain" @click=${() => void this.copyAs('Markdown')}>Copy as Markdown</button>
        <button class="plain" @click=${() => void this.copyAs('CSV')}>Copy as CSV</button>
        <button class="plain" @click=${() => void this.saveCsv()}>Save…</button>
      </span>
    </div>`;
  }

  private counted(study: StudyResult): TemplateResult {
    const { rows, total, selected } = this.table;
    const chosen = this.table.selectedRows.length;
    return html`<p class="counted dim">
      ${rows.length.toLocaleString('en')}${rows.length === total ? '' : ` of ${total.toLocaleString('en')}`}
      concepts${selected.size > 1 ? `, ${chosen} selected` : ''}${
        this.level === 'all'
          ? `, ranked together by Δ in ${ranksRaw(study) ? 'units of the score' : 'standard deviations of each score'}`
          : ''
      }
      · intervals at ${Math.round(study.confidence * 100)} %
    </p>`;
  }

  /** What the selection is, where more than one row is selected; else all rows shown. */
  private chosenRows(): readonly RankingRow[] {
    const selected = this.table.selectedRows;
    return selected.length > 1 ? selected : this.table.rows;
  }

  private async copyAs(form: 'Markdown' | 'CSV'): Promise<void> {
    const { head, rows } = rankingTable(this.chosenRows());
    await this.copy(
      form === 'CSV' ? csv(head, rows) : markdown(head, rows),
      `${rows.length} rows as ${form}`,
    );
  }

  private async saveCsv(): Promise<void> {
    const { head, rows } = rankingTable(this.chosenRows());
    await this.save('ranking.csv', csv(head, rows));
  }
}
