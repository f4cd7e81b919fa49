/** The layer heatmap: at which layers each concept moves, with the level summary on top and the images behind each cell. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { heatmapHostSide, type FramePair, type Snapshot, type Target } from '../../protocol/panels';
import { inRankedUnit } from '../../protocol/ranked-unit';
import type { StudyResult } from '../../protocol/results';
import { choice, levelChoice } from '../ui/choice';
import '../ui/heat-grid';
import type { CellChoice, HeatGrid } from '../ui/heat-grid';
import type { HeatRow } from '../ui/heat-rows';
import { keySheet } from '../ui/key-sheet';
import '../ui/menu';
import { Newest } from '../ui/newest';
import { once } from '../ui/once';
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import { csv } from '../ui/text-tables';
import { shared } from '../ui/theme';
import { pairModes, type PairMode } from '../ui/wipe';
import { labelOf } from '../ui/wording';
import {
  analysed,
  effectText,
  fullText,
  hatchTexts,
  heatmapTable,
  heatRows,
  orders,
  summaryRows,
  type Analysed,
  type Order,
} from './cells';
import { drawHeatmap, toPng, toSvg } from './drawing';
import './pairs';

const orderTitles: Record<Order, string> = { level: 'By level', peak: 'By peak layers', delta: 'By Δ' };
/** Sample indices shown behind a cell: the first codes of the probe, the same for every cell. */
const sampleIndices = [0, 1, 2, 3];

@customElement('higan-heatmap')
export class HeatmapPanel extends PanelElement<typeof heatmapHostSide> {
  static override styles = [
    shared,
    panelSheet,
    css`
      /* The images of a cell stand below the maps, in view beside the cell that they belong to. */
      .split {
        display: flex;
        flex-direction: column;
        overflow: auto;
      }
      .maps {
        flex: 1 0 200px;
        min-width: 0;
        display: flex;
        flex-direction: column;
        overflow: auto;
      }
      .maps h2 {
        padding: 10px 12px 0;
      }
      .maps p {
        padding: 2px 12px 4px;
        line-height: 1.4;
      }
      higan-heat-grid:not([whole]) {
        flex: 1 0 180px;
      }
      higan-heat-grid[whole] {
        flex: none;
      }
      .cell {
        flex: 0 0 min(320px, 55%);
        overflow: auto;
        border-top: 1px solid var(--line);
        padding: 10px 12px 12px;
        line-height: 1.45;
      }
      .maps .key {
        padding: 8px 12px;
      }
      .tools higan-menu {
        margin-inline-start: auto;
      }
      @media (min-width: 900px) {
        .split {
          flex-direction: row;
          overflow: hidden;
        }
        .maps {
          flex: 1 1 0;
          overflow: auto;
        }
        .cell {
          border-top: 0;
          border-inline-start: 1px solid var(--line);
          flex: 0 0 clamp(320px, 34%, 620px);
        }
      }
    `,
    keySheet,
  ];
  protected readonly heading = 'Layer heatmap';

  /** The images behind the chosen cell; a word while there are none. */
  @state() private pairs: readonly FramePair[] | 'rendering' | 'failed' = 'rendering';
  private readonly requests = new Newest();
  /** What the images that were asked for last follow from, as `imagesOf` says it. */
  private asked: string | null = null;
  /** What opens below the maps, and toolbars that wrap, take room from them: the chosen cell stays in view. */
  private readonly room = new ResizeObserver(() => {
    if (this.chosen?.column) this.grid?.bringIntoView(this.chosen);
  });
  private watched: Element | null = null;
  @query('higan-heat-grid.concepts') private grid!: HeatGrid;

  constructor() {
    super('heatmap', heatmapHostSide);
  }

  private get order(): Order {
    return this.kept('order', 'level', orders);
  }
  private get mode(): PairMode {
    return this.kept('mode', 'wipe', pairModes);
  }
  private get chosen(): CellChoice | null {
    const row = this.kept('concept', '');
    return row ? { row, column: this.kept('layerSet', '') } : null;
  }

  protected override updated(): void {
    const maps = this.renderRoot.querySelector('.maps');
    if (maps === this.watched) return;
    this.room.disconnect();
    if (maps) this.room.observe(maps);
    this.watched = maps;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.room.disconnect();
    this.watched = null;
  }

  /** Other results have other directions and codes, and so other images behind the chosen cell. */
  protected override studyChanged(): void {
    if (this.imagesOf !== this.asked) void this.fetchPairs();
  }

  /** What the images behind the chosen cell follow from; null while no cell is chosen, or nothing is known of it. */
  private get imagesOf(): string | null {
    const { chosen } = this;
    const { study } = this.snapshot ?? {};
    const result = study?.concepts.find(({ concept }) => concept === chosen?.row);
    const set = study?.layerSets.findIndex(({ name }) => name === chosen?.column) ?? -1;
    if (!study || !result?.layers?.[set]) return null;
    return JSON.stringify([chosen, study.provenance.experiment, result.boundary?.hash]);
  }

  protected override show({ concept, layerSet }: Target): void {
    if (!concept) return;
    const sets = this.snapshot?.study?.layerSets ?? [];
    const known = sets.some((set) => set.name === layerSet) ? layerSet! : '';
    this.navigate({ concept, layerSet: known, level: 'all' });
    void this.updateComplete.then(() => this.grid?.goTo({ row: concept, column: known }));
    void this.fetchPairs();
  }

  private choose(choice: CellChoice): void {
    this.navigate({ concept: choice.row, layerSet: choice.column });
    void this.fetchPairs();
  }

  /** Of the chosen cell. The newest request wins: what is still rendering is cancelled. */
  private async fetchPairs(): Promise<void> {
    const signal = this.requests.begin();
    this.asked = this.imagesOf;
    this.pairs = 'rendering';
    if (!this.chosen || this.asked === null) return;
    const { row: concept, column: layerSet } = this.chosen;
    const params = { concept, layerSet, samples: sampleIndices };
    const answer = await this.attempt(
      () => this.channel.call('renderMove', params, { signal }),
      'renderMove',
    );
    if (signal.aborted) return;
    this.pairs = answer?.pairs ?? 'failed';
    if (answer) this.announce(`Images of ${labelOf(concept)} on ${layerSet} are there.`);
  }

  protected override body(snapshot: Snapshot): TemplateResult {
    const { study, run } = snapshot;
    if (!study?.concepts.some((each) => each.layers)) {
      return this.nothingYet(
        snapshot,
        run.state === 'idle'
          ? 'The layers have not been analysed. A run to the stage “layers” fills this heatmap.'
          : 'The heatmap fills in when the run reaches the layers.',
      );
    }
    const concepts = analysed(study, this.level, this.order);
    const columns = study.layerSets.map((set) => set.name);
    const numbers = this.isOn('numbers');
    const rows = heatRows(study, concepts, this.isOn('normalise', true));
    const summary = summaryRows(study.levels, columns);
    return html`
      ${this.tools(study, concepts, rows, summary)}
      <div class="fill split">
        <div class="maps">
          <h2>Levels</h2>
          <p class="dim">
            Mean over each level's analysed concepts of Δ, as a share of each concept's largest; measured on
            this generator.
          </p>
          <higan-heat-grid
            whole
            label="Levels by layers"
            corner="Level"
            .rows=${summary}
            .columns=${columns}
            ?numbers=${numbers}
          ></higan-heat-grid>
          <h2>Concepts</h2>
          <higan-heat-grid
            class="concepts"
            label="Concepts by layers"
            corner="Concept"
            .rows=${rows}
            .columns=${columns}
            .chosen=${this.chosen}
            ?numbers=${numbers}
            @choose=${({ detail }: CustomEvent<CellChoice>) => this.choose(detail)}
          ></higan-heat-grid>
          <p class="key">
            <span><span class="swatch full"></span> ${fullText(this.isOn('normalise', true))}</span>
            <span><span class="swatch still"></span> ${hatchTexts.still}</span>
            <span><span class="swatch few"></span> ${hatchTexts.few}</span>
          </p>
        </div>
        ${this.chosen ? this.cell(study, this.chosen) : nothing}
      </div>
    `;
  }

  private tools(
    study: StudyResult,
    concepts: readonly Analysed[],
    rows: readonly HeatRow[],
    summary: readonly HeatRow[],
  ): TemplateResult {
    const drawing = (): ReturnType<typeof drawHeatmap> =>
      drawHeatmap(
        study.layerSets.map((set) => set.name),
        [
          { title: 'Levels', rows: summary },
          { title: 'Concepts', rows },
        ],
        [
          { text: fullText(this.isOn('normalise', true)), share: 1, hatch: null },
          { text: hatchTexts.still, share: 0, hatch: 'still' },
          { text: hatchTexts.few, share: 0, hatch: 'few' },
        ],
      );
    const text = (): string => {
      const { head, rows: cells } = heatmapTable(study, concepts);
      return csv(head, cells);
    };
    return html`<div class="tools tight" role="group" aria-label="Heatmap">
      ${levelChoice(this.level, (level) => this.navigate({ level }))}
      ${choice({
        label: 'Order',
        options: orders.map((order) => [order, orderTitles[order]]),
        chosen: this.order,
        choose: (order) => this.navigate({ order }),
      })}
      ${this.keptSwitch('normalise', html`Normalise<span class="word"> per concept</span>`, {
        byDefault: true,
      })}
      ${this.keptSwitch('numbers', 'Numbers')}
      <higan-menu
        label="Export"
        .items=${[
          {
            title: 'Save as PNG…',
            choose: async () => this.save('layers.png', await toPng(drawing())),
          },
          { title: 'Save as SVG…', choose: () => void this.save('layers.svg', toSvg(drawing())) },
          { title: 'Save as CSV…', choose: () => void this.save('layers.csv', text()) },
        ]}
      ></higan-menu>
    </div>`;
  }

  private cell(study: StudyResult, { row, column }: CellChoice): TemplateResult {
    const result = inRankedUnit(study).concepts.find((each) => each.concept === row);
    const index = study.layerSets.findIndex((set) => set.name === column);
    const effect = result?.layers?.[index];
    return html`<section class="cell" tabindex="0" aria-label="${labelOf(row)} on ${column}">
      <div class="row">
        <h2 class="spread">${labelOf(row)}${column ? ` on ${column}` : ''}</h2>
        <button class="plain" @click=${() => this.navigate({ concept: '', layerSet: '' })}>Close</button>
      </div>
      ${
        effect
          ? html`<p>Layers ${study.layerSets[index].layers.join(', ')}: ${effectText(effect)}.</p>`
          : html`<p class="dim">
              ${result?.layers ? 'Choose a cell.' : 'The layer analysis did not cover it.'}
            </p>`
      }
      ${
        effect
          ? html`<p class="row">
                <button class="plain" @click=${once(() => void this.addPreview(row, column))}>
                  Add as preview
                </button>
                <button class="plain" @click=${() => this.open('ranking', { concept: row })}>
                  Show in ranking
                </button>
              </p>
              ${this.images()}`
          : nothing
      }
    </section>`;
  }

  private images(): TemplateResult | typeof nothing {
    if (this.pairs === 'failed') return nothing;
    if (this.pairs === 'rendering') {
      return html`<p class="dim" aria-busy="true">Rendering before and after…</p>`;
    }
    return html`<higan-pairs
      .pairs=${this.pairs}
      mode=${this.mode}
      @mode=${({ detail }: CustomEvent<PairMode>) => this.navigate({ mode: detail })}
    ></higan-pairs>`;
  }

  private async addPreview(concept: string, layerSet: string): Promise<void> {
    const added = await this.attempt(() =>
      this.channel.call('addPreview', { concept, layerSet, samples: sampleIndices }),
    );
    if (added) this.announce(`The preview ${added.preview} stands in the experiment file.`);
  }
}
