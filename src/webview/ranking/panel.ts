/** The boundary ranking: which concepts the generator really varies, filling in while the study runs. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { rankingHostSide, type PanelKind, type Snapshot, type Target } from '../../protocol/panels';
import { inRankedUnit, ranksRaw } from '../../protocol/ranked-unit';
import type { StudyResult } from '../../protocol/results';
import { choice, levelChoice, type LevelScope } from '../ui/choice';
import { commonScale, intervalKey, intervalSheet } from '../ui/interval-bar';
import { keySheet } from '../ui/key-sheet';
import '../ui/menu';
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import { ReviewDrafts } from '../ui/review-draft';
import { sparklineSheet } from '../ui/sparkline';
import { TableStore, type Sort } from '../ui/table/store';
import { HiganTable, type Column } from '../ui/table/table';
import { tableSheet } from '../ui/table/table-sheet';
import { csv, markdown } from '../ui/text-tables';
import { shared } from '../ui/theme';
import { findingText, type Finding } from '../ui/wording';
import { findingFrom, rankingColumns } from './columns';
import './detail';
import { rankingTable } from './export';
import { criteria, marks, rankingRows, type Criterion, type RankingRow } from './rows';

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
      :host {
        container-type: inline-size;
      }
      .finding.moves {
        font-weight: 600;
      }
      .mark.finding {
        display: inline-block;
        width: 1.4em;
      }
      @container (min-width: ${findingFrom}px) {
        .mark {
          display: none !important;
        }
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
        flex: 1 0 max(260px, 55%);
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
        display: flex;
        gap: 12px;
        padding: 4px 12px;
        border-top: 1px solid var(--edge);
      }
      .counted .spread {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .key {
        padding-top: 0;
      }
      .filter {
        flex: 1 1 72px;
        min-width: 0;
        max-width: 320px;
      }
      .tools higan-menu {
        margin-inline-start: auto;
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
          flex: 0 0 clamp(330px, 25%, 920px);
        }
      }
    `,
    intervalSheet,
    keySheet,
  ];
  protected readonly heading = 'Boundary ranking';

  private columns: Column<RankingRow>[] = [];
  private readonly table = new TableStore<RankingRow>({
    key: (row) => row.key,
    text: (row) => `${row.key} ${row.findingText} ${row.review?.verdict ?? ''} ${row.review?.note ?? ''}`,
  });
  private readonly drafts = new ReviewDrafts((...change) => this.setReview(...change));
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
    if (this.snapshot) this.drafts.take(this.snapshot);
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
    const { study } = this.snapshot ?? {};
    if (!study) return;
    const isHidden = this.table.position(concept) < 0;
    if (isHidden && study.concepts.some((each) => each.concept === concept)) this.showAll();
    this.table.activate(concept);
    void this.updateComplete.then(() => this.tableElement?.reveal(concept));
  }

  /** Puts away whatever hides a concept. */
  private showAll(): void {
    this.navigate({ level: 'all', filter: '', moving: false });
    this.table.setFilter('');
    this.studyChanged();
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
                .draft=${this.drafts.of(row.key)}
                @panel=${({ detail }: CustomEvent<{ panel: PanelKind; target: Target }>) =>
                  this.open(detail.panel, detail.target)}
                @source=${({ detail }: CustomEvent<Target>) => this.showSource(detail)}
              ></higan-concept-detail>`
            : nothing
        }
      </div>
    `;
  }

  private tools(): TemplateResult {
    return html`<div class="tools tight" role="group" aria-label="Ranking">
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
      ${this.keptSwitch('moving', 'Only moving', { changed: () => this.studyChanged() })}
      <higan-menu
        label="Export"
        .items=${[
          { title: 'Copy as Markdown', choose: () => void this.copyAs('Markdown') },
          { title: 'Copy as CSV', choose: () => void this.copyAs('CSV') },
          { title: 'Save as CSV…', choose: () => void this.saveCsv() },
        ]}
      ></higan-menu>
    </div>`;
  }

  private counted(study: StudyResult): TemplateResult {
    const { rows, total, selected } = this.table;
    const chosen = this.table.selectedRows.length;
    // In a narrow panel rows are worth more than their key.
    const open = this.isOn('key', window.innerWidth >= 560);
    return html`<div class="counted dim">
        <span class="spread">
          ${rows.length.toLocaleString('en')}${rows.length === total ? '' : ` of ${total.toLocaleString('en')}`}
          concepts${selected.size > 1 ? `, ${chosen} selected` : ''} · intervals at
          ${Math.round(study.confidence * 100)}
          %${this.level === 'all' ? ` · ranked together by Δ in ${ranksRaw(study) ? 'units of the score' : 'standard deviations of each score'}` : ''}
        </span>
        <button
          class="plain"
          aria-expanded=${open ? 'true' : 'false'}
          @click=${() => this.navigate({ key: !open })}
        >
          Key
        </button>
      </div>
      ${open ? this.key() : nothing}`;
  }

  private key(): TemplateResult {
    const findings: Finding[] = ['moves', 'still', 'few', 'none'];
    return html`<p class="key">
      ${findings.map((each) => html`<span>${marks[each]} ${findingText(each)}</span>`)} ${intervalKey()}
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
