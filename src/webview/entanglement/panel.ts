/** The entanglement matrix: what a move along one concept does to the scores of all the others. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import {
  entanglementHostSide,
  type EntanglementView,
  type Snapshot,
  type Target,
} from '../../protocol/panels';
import type { Entanglement } from '../../protocol/results';
import { choice } from '../ui/choice';
import '../ui/heat-grid';
import type { CellChoice, HeatGrid } from '../ui/heat-grid';
import { keySheet } from '../ui/key-sheet';
import { Newest } from '../ui/newest';
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import { csv } from '../ui/text-tables';
import { shared } from '../ui/theme';
import { labelOf, number } from '../ui/wording';
import { cellText, entanglementRows, entanglementTable, largestChange } from './cells';

const limits = [12, 24, 48, 96];

@customElement('higan-entanglement')
export class EntanglementPanel extends PanelElement<typeof entanglementHostSide> {
  static override styles = [
    shared,
    panelSheet,
    css`
      .map {
        display: flex;
        flex-direction: column;
      }
      higan-heat-grid {
        flex: 1;
        margin-top: 8px;
      }
      .said {
        padding: 0 12px 10px;
        min-height: 3.4em;
        line-height: 1.4;
      }
    `,
    keySheet,
  ];
  protected readonly heading = 'Entanglement';

  @state() private matrix: EntanglementView | null = null;
  private readonly requests = new Newest();
  /** The matrix was asked for. */
  private asked = false;
  /** The chosen cell comes into view with the next matrix: the panel was opened, or pointed to a concept. */
  private reveals = true;
  @query('higan-heat-grid') private grid!: HeatGrid;
  private finished = '';

  constructor() {
    super('entanglement', entanglementHostSide);
  }

  private get layers(): string {
    return this.kept('layers', 'all');
  }
  private get limit(): number {
    return limits.includes(this.view.limit as number) ? (this.view.limit as number) : 24;
  }

  /** The concept that the panel was pointed to: it is in the matrix however weak it is. */
  private get pointed(): string | null {
    return this.kept('concept', '') || null;
  }
  private get chosen(): CellChoice | null {
    const row = this.kept('row', '');
    return row ? { row, column: this.kept('column', '') } : null;
  }

  protected override fetchMore(): Promise<void> {
    return this.fetch();
  }

  /** A finished study has another matrix. */
  protected override studyChanged(): void {
    const finished = `${this.snapshot?.study?.provenance.finished} ${this.snapshot?.study?.stages.length}`;
    const again = this.finished !== '' && finished !== this.finished;
    this.finished = finished;
    if (again) void this.fetch();
  }

  protected override show({ concept }: Target): void {
    if (!concept) return;
    this.navigate({ concept, row: concept, column: concept });
    this.reveals = true;
    // The first fetch asks for it by itself.
    if (this.asked) void this.fetch();
  }

  private async fetch(): Promise<void> {
    this.asked = true;
    const signal = this.requests.begin();
    const params = { layers: this.layers, limit: this.limit, concept: this.pointed };
    const matrix = await this.attempt(
      () => this.channel.call('entanglement', params, { signal }),
      'entanglement',
    );
    if (!matrix || signal.aborted) return;
    this.matrix = matrix;
    if (!this.reveals || !matrix.entanglement) return;
    this.reveals = false;
    await this.updateComplete;
    await this.grid?.updateComplete;
    if (this.chosen) this.grid?.goTo(this.chosen);
  }

  private change(view: Record<string, unknown>): void {
    this.navigate(view);
    void this.fetch();
  }

  protected override body(snapshot: Snapshot): TemplateResult {
    if (!this.matrix) return html`<p class="waiting dim">Reading the matrix…</p>`;
    const { entanglement, available, reason } = this.matrix;
    return html`${this.tools(available, entanglement)}
    ${
      entanglement && entanglement.rows.length > 0
        ? this.map(entanglement)
        : this.nothingYet(snapshot, reason ?? 'No concept has been moved yet.')
    }`;
  }

  private map(entanglement: Entanglement): TemplateResult {
    return html`<div class="fill map">
      <higan-heat-grid
        upright
        label="Moved concepts by scored concepts"
        corner="Moved"
        .rows=${entanglementRows(entanglement)}
        .columns=${entanglement.concepts}
        .titleOf=${labelOf}
        .chosen=${this.chosen}
        ?numbers=${this.isOn('numbers')}
        @choose=${({ detail: { row, column } }: CustomEvent<CellChoice>) => this.navigate({ row, column })}
      ></higan-heat-grid>
      <p class="key">
        <span
          >lowers <span class="swatch ramp"></span> raises, by up to ${number(largestChange(entanglement))}
          σ</span
        >
        <span><span class="swatch still"></span> no change beyond chance</span>
        <span><span class="swatch few"></span> changes too few samples to judge</span>
      </p>
      <p class="said" role="status">${this.sentence(entanglement)}</p>
    </div>`;
  }

  private sentence(entanglement: Entanglement): TemplateResult | string {
    const { rows, concepts } = entanglement;
    const i = rows.indexOf(this.chosen?.row ?? '');
    const j = concepts.indexOf(this.chosen?.column ?? '');
    if (i < 0 || j < 0) {
      return html`<span class="dim"
        >Rows are moved, columns are scored. Choose a cell to read it in words.</span
      >`;
    }
    return html`${cellText(entanglement, i, j)}.
      <button class="plain" @click=${() => this.open('ranking', { concept: rows[i] })}>
        Show in ranking
      </button>`;
  }

  private tools(available: readonly string[], entanglement: Entanglement | null): TemplateResult {
    return html`<div class="tools" role="group" aria-label="Entanglement">
      ${choice({
        label: 'Moved on',
        options: (available.length > 0 ? available : ['all']).map((name) => [
          name,
          name === 'all' ? 'all layers' : name,
        ]),
        chosen: this.layers,
        choose: (layers) => this.change({ layers }),
      })}
      ${choice({
        label: 'At most',
        options: limits.map((each) => [String(each), String(each)]),
        chosen: String(this.limit),
        choose: (limit) => this.change({ limit: Number(limit) }),
        unit: 'concepts',
      })}
      ${this.keptSwitch('numbers', 'Numbers')}
      ${
        entanglement
          ? html`<button
              class="plain"
              @click=${() => {
                const { head, rows } = entanglementTable(entanglement);
                void this.save('entanglement.csv', csv(head, rows));
              }}
            >
              CSV…
            </button>`
          : nothing
      }
    </div>`;
  }
}
