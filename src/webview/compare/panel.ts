/** Two studies, or one study at two revisions: which concepts move in the one and not in the other. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import {
  compareHostSide,
  sideChoiceSchema,
  type ComparedSides,
  type ComparedStudy,
  type Comparison,
  type SideChoice,
  type SideName,
  type Target,
} from '../../protocol/panels';
import { rankedUnit } from '../../protocol/ranked-unit';
import type { PairedStudies } from '../../protocol/results';
import { intervalSheet } from '../ui/interval-bar';
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import { TableStore } from '../ui/table/store';
import { HiganTable, type Column } from '../ui/table/table';
import { tableSheet } from '../ui/table/table-sheet';
import { csv } from '../ui/text-tables';
import { shared } from '../ui/theme';
import { columnsOf, verdictTexts } from './columns';
import { comparisonTable } from './export';
import { comparisonNote, compareRows, differs, findingOf, type CompareRow } from './rows';

class CompareTable extends HiganTable<CompareRow> {
  static override styles = [shared, tableSheet, intervalSheet];
}
customElements.define('higan-compare-table', CompareTable);

/** The panel's own experiment, as it is now. */
const own: SideChoice = { experiment: null, revision: null };

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
      .sides {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 8px;
        margin: 0;
        padding: 8px 12px 0;
      }
      .sides dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .empty .sides {
        padding: 0;
      }
    `,
  ];
  protected readonly heading = 'Comparison';

  @state() private comparison: Comparison | null = null;
  /** Null while it is read, and where there is nothing to pair. */
  @state() private paired: PairedStudies | null = null;
  private columns: Column<CompareRow>[] = [];
  /** The fetch under way: a newer one supersedes it. */
  private fetching = new AbortController();
  private readonly table = new TableStore<CompareRow>({
    key: (row) => row.key,
    text: (row) => `${row.key} ${findingOf(row.left)} ${findingOf(row.right)} ${verdictTexts[row.verdict]}`,
  });

  constructor() {
    super('compare', compareHostSide);
    this.channel.on('compared', () => void this.fetchMore());
    this.channel.on('chosen', ({ side, choice }) => void this.choseSide(side, choice));
    this.table.subscribe(() => this.requestUpdate());
  }

  /** What is compared, as the view keeps it. */
  private get sides(): ComparedSides {
    const side = (name: SideName): SideChoice | null =>
      sideChoiceSchema.safeParse(this.view[name]).data ?? null;
    return { left: side('left') ?? own, right: side('right') };
  }

  protected override async fetchMore(): Promise<void> {
    this.fetching.abort();
    const { signal } = (this.fetching = new AbortController());
    const { sides } = this;
    await this.attempt(async () => {
      const comparison = await this.channel.call('comparison', sides, { signal });
      if (signal.aborted) return;
      this.paired = null;
      this.receive(comparison);
      if (!comparison.left.study || !comparison.right?.study) return;
      const paired = await this.channel.call('paired', sides, { signal });
      if (signal.aborted) return;
      this.paired = paired;
      this.receive(comparison);
    }, 'comparison');
  }

  protected override show({ concept }: Target): void {
    if (concept && this.table.position(concept) >= 0) this.table.activate(concept);
  }

  private receive(comparison: Comparison): void {
    this.comparison = comparison;
    const { left, right } = comparison;
    if (!left.study || !right?.study) return;
    const rows = compareRows(left.study, right.study, this.paired);
    this.columns = columnsOf({ ...left, study: left.study }, { ...right, study: right.study }, rows);
    this.table.setCondition((row) => !this.isOn('changed') || differs(row));
    this.table.setRows(rows, this.columns);
    if (!this.table.sort) this.table.setSort({ column: 'difference', direction: 'descending' });
  }

  private async choose(side: SideName): Promise<void> {
    const choice = await this.attempt(() => this.channel.call('chooseSide', { side, ...this.sides }));
    if (choice) await this.choseSide(side, choice);
  }

  private async choseSide(side: SideName, choice: SideChoice): Promise<void> {
    this.navigate({ [side]: choice });
    await this.fetchMore();
  }

  protected override body(): TemplateResult {
    if (!this.comparison) return html`<p class="waiting dim">Reading the results…</p>`;
    const { left, right } = this.comparison;
    if (!left.study || !right?.study) return this.missing(left, right);
    return html`
      ${this.names(left, right)}
      <div class="tools" role="group" aria-label="Comparison">
        <button class="plain" @click=${() => void this.choose('right')}>Compare with…</button>
        <button class="plain" @click=${() => void this.choose('left')}>Revision of A…</button>
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
        <p class="note dim" role="status">${comparisonNote(left.study, right.study, this.paired)}</p>
      </div>
    `;
  }

  /** Which two, which revisions they are, and what their numbers count in. */
  private names(left: ComparedStudy, right: ComparedStudy | null): TemplateResult {
    const side = (letter: string, compared: ComparedStudy | null): TemplateResult | typeof nothing =>
      compared
        ? html`<dt>${letter}</dt>
            <dd>
              <strong>${compared.title}</strong>
              ${compared.revision === null ? nothing : html`<span class="dim">${compared.revision}</span>`}
              ${
                compared.study
                  ? html`<span class="dim unit">· Δ in ${rankedUnit(compared.study)}</span>`
                  : nothing
              }
            </dd>`
        : nothing;
    return html`<dl class="sides">${side('A', left)} ${side('B', right)}</dl>`;
  }

  /** What stands where there is nothing to compare yet, with the way to it. */
  private missing(left: ComparedStudy, right: ComparedStudy | null): TemplateResult {
    const { sides } = this;
    const lacking = [
      { compared: left, choice: sides.left },
      { compared: right, choice: sides.right },
    ].filter(({ compared }) => compared && !compared.study);
    return html`<div class="empty">
      ${right || left.revision !== null ? this.names(left, right) : nothing}
      ${lacking.map(({ compared }) => html`<p>${compared?.reason}</p>`)}
      ${right ? nothing : html`<p>Choose another experiment, or a revision of this one in git.</p>`}
      ${lacking.map(({ compared, choice }) =>
        compared && choice && compared.run !== 'no'
          ? html`<vscode-button
              ?disabled=${compared.run === 'running'}
              @click=${() => void this.attempt(() => this.channel.call('runSide', choice))}
              >Run ${compared.title}</vscode-button
            >`
          : nothing,
      )}
      <vscode-button appearance=${right ? 'secondary' : 'primary'} @click=${() => void this.choose('right')}
        >Compare with…</vscode-button
      >
      ${
        sides.left.revision
          ? html`<vscode-button appearance="secondary" @click=${() => void this.choose('left')}
              >Revision of A…</vscode-button
            >`
          : nothing
      }
    </div>`;
  }

  private saveCsv(): void {
    const { left, right } = this.comparison ?? {};
    if (!left?.study || !right?.study) return;
    const { head, rows } = comparisonTable(left.study, right.study, this.table.rows);
    void this.save('comparison.csv', csv(head, rows));
  }
}
