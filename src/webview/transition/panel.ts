/** Transitions: which objects become which along a category boundary, as a diagram and as its table. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import {
  transitionHostSide,
  type PanelImage,
  type Snapshot,
  type Target,
  type TransitionView,
} from '../../protocol/panels';
import type { WorkProgress } from '../../protocol/results';
import { bytesOf } from '../ui/bytes';
import { choice } from '../ui/choice';
import '../ui/image';
import { masked, toImageData } from '../ui/image';
import { Newest } from '../ui/newest';
import { PanelElement } from '../ui/panel-element';
import { panelSheet } from '../ui/panel-sheet';
import { csv } from '../ui/text-tables';
import { styled } from '../ui/styled';
import { shared } from '../ui/theme';
import { percent } from '../ui/wording';
import { bands, flows, labelPlaces, stays, type Flow } from './flows';
import { transitionSheet } from './sheet';
import { walking, walkingSheet, walkStopped } from './walking';

interface Example {
  sample: number;
  before: PanelImage | ImageData;
  after: PanelImage | ImageData;
}

/** Milliseconds without a change of the file before it is followed: typing changes it with every key. */
const pause = 500;

@customElement('higan-transition')
export class TransitionPanel extends PanelElement<typeof transitionHostSide> {
  static override styles = [shared, panelSheet, transitionSheet, walkingSheet];
  protected readonly heading = 'Transition';

  @state() private shown: TransitionView | null = null;
  /** How far the walk is that was asked for last; null while nothing is known of it, or it is there. */
  @state() private walked: WorkProgress | null = null;
  /** The walk that was asked for last ended without an answer. */
  @state() private stopped = false;
  @state() private chosen: Flow | null = null;
  @state() private examples: readonly Example[] = [];
  /** A transition was asked for. */
  private asked = false;
  private readonly walks = new Newest();
  private readonly requests = new Newest();
  /** What was known when a transition was last asked for, as `known` says it. */
  private seen = '';
  /** The name of the hop that is shown, or asked for; empty where the file names none there. */
  private hopName = '';
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super('transition', transitionHostSide);
    this.channel.on('walked', (progress) => (this.walked = progress));
  }

  protected override fetchMore(): Promise<void> {
    return this.fetch(this.index);
  }

  /** Transitions are pointed to by their hop, not by concept. */
  protected override show({ hop }: Target): void {
    if (hop === undefined) return;
    this.navigate({ index: hop });
    // The first fetch asks for it by itself.
    if (this.asked) void this.fetch(hop);
  }

  /** What a walk depends on: the study, what the file names, and whether it can be walked now. */
  private get known(): string {
    const { run, study, hops, cannotRun } = this.snapshot ?? {};
    const of = [study?.provenance.experiment, study?.stages.length, hops];
    return JSON.stringify([...of, run?.state === 'idle', cannotRun]);
  }

  protected override studyChanged(): void {
    clearTimeout(this.waiting);
    const { run, cannotRun } = this.snapshot ?? {};
    // A study that runs holds the store: what it brings can be walked along when it has ended. What is shown stays while
    // the file has errors.
    if (!this.asked || run?.state !== 'idle' || cannotRun !== null || this.known === this.seen) return;
    this.waiting = setTimeout(() => void this.fetch(this.placeNow), pause);
  }

  /** Where the file names now what is looked at; where it does not any more, what stands in its place. */
  private get placeNow(): number {
    const place = this.snapshot?.hops.indexOf(this.hopName) ?? -1;
    return place < 0 ? this.index : place;
  }

  private async fetch(index: number): Promise<void> {
    clearTimeout(this.waiting);
    this.asked = true;
    this.seen = this.known;
    this.hopName = this.snapshot?.hops[index] ?? '';
    this.navigate({ index });
    this.chosen = null;
    this.examples = [];
    this.stopped = false;
    this.walked = null;
    const signal = this.walks.begin();
    const shown = await this.attempt(
      () => this.channel.call('transition', { index }, { signal }),
      'transition',
    );
    if (signal.aborted) return;
    if (shown) this.shown = shown;
    this.end(!shown);
  }

  /** Ends the walk that is under way; what was shown before is shown again. */
  private cancel(): void {
    this.walks.begin();
    this.end(true);
  }

  private end(stopped: boolean): void {
    this.stopped = stopped;
    this.walked = null;
    if (!this.shown) return;
    this.navigate({ index: this.shown.index });
    this.hopName = this.shown.name ?? '';
  }

  /** The number of the hop that was looked at last. */
  private get index(): number {
    return typeof this.view.index === 'number' ? this.view.index : 0;
  }

  private async look(flow: Flow): Promise<void> {
    this.chosen = flow;
    this.examples = [];
    const signal = this.requests.begin();
    const params = { name: this.shown?.name ?? '', from: flow.from, to: flow.to };
    const answer = await this.attempt(() => this.channel.call('transitionPixels', params, { signal }));
    if (!answer || signal.aborted) return;
    this.examples = await Promise.all(
      answer.examples.map(async ({ sample, before, after, mask }) => {
        const inside = bytesOf(mask);
        return {
          sample,
          before: masked(await toImageData(before), inside),
          after: masked(await toImageData(after), inside),
        };
      }),
    );
  }

  protected override body(snapshot: Snapshot): TemplateResult {
    const { shown } = this;
    if (this.walked || (!shown && !this.stopped)) return walking(this.walked, () => this.cancel());
    if (!shown) return walkStopped(() => void this.fetch(this.index));
    if (!shown.flow) {
      const { reason, titles } = shown;
      return this.nothingYet(snapshot, reason ?? 'This experiment has no transitions.', titles.length > 0);
    }
    const all = flows(shown);
    return html`
      <div class="tools" role="group" aria-label="Transition">
        ${choice({
          label: 'Transition',
          options: shown.titles.map((title, index) => [String(index), title]),
          // The one that was asked for: the select says so from the pick on.
          chosen: String(this.index),
          choose: (index) => void this.fetch(Number(index)),
        })}
        <span class="dim">${shown.note}</span>
        <button class="plain" @click=${() => this.saveCsv(shown)}>CSV…</button>
      </div>
      <div class="fill scroll parts">
        <section>
          <h2>What becomes what</h2>
          <p class="ends dim"><span>before</span><span>after</span></p>
          ${this.diagram(all.slice(0, 14), shown.labels)}
        </section>
        <section>
          <h2>Changed pixels</h2>
          ${this.table(all)} ${this.pixels()}
        </section>
        <section>
          <h2>What stays</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">label</th>
                <th scope="col">pixels that keep it</th>
              </tr>
            </thead>
            <tbody>
              ${stays(shown).map(
                ({ label, kept }) =>
                  html`<tr>
                    <td>${label}</td>
                    <td>${percent(kept)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </section>
      </div>
    `;
  }

  /** The table beside it says the same, and is what keys and assistive technology use. */
  private diagram(chosen: readonly Flow[], labels: readonly string[]): TemplateResult {
    const y = (share: number): number => 4 + share * 312;
    const drawn = bands(chosen, labels);
    const names = (side: 'left' | 'right'): TemplateResult[] =>
      labelPlaces(drawn, side).map(
        ({ label, middle }) =>
          html`<span class=${side} ${styled({ '--at': `${y(middle)}px` })}>${label}</span>`,
      );
    return html`<div class="diagram" aria-hidden="true">
      <svg viewBox="0 0 400 320" preserveAspectRatio="none">
        ${drawn.map((band) => {
          const { from, to, share, left, right, height } = band;
          const path = `M0 ${y(left)} C200 ${y(left)} 200 ${y(right)} 400 ${y(right)} L400 ${y(right + height)} C200 ${y(
            right + height,
          )} 200 ${y(left + height)} 0 ${y(left + height)} Z`;
          const active = this.chosen?.from === from && this.chosen.to === to;
          return svg`<path class="band ${active ? 'chosen' : ''}" d=${path}
            @click=${() => void this.look({ from, to, share })}><title>${from} → ${to}</title></path>`;
        })}
      </svg>
      ${names('left')} ${names('right')}
    </div>`;
  }

  private table(all: readonly Flow[]): TemplateResult {
    return html`<table>
      <thead>
        <tr>
          <th scope="col">from → to</th>
          <th scope="col">share of pixels</th>
        </tr>
      </thead>
      <tbody>
        ${all.slice(0, 14).map(
          (flow) =>
            html`<tr>
              <td>
                <button class="plain" @click=${() => void this.look(flow)}>${flow.from} → ${flow.to}</button>
              </td>
              <td>${percent(flow.share, 2)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private pixels(): TemplateResult | typeof nothing {
    if (!this.chosen) return nothing;
    return html`<h3>${this.chosen.from} → ${this.chosen.to}</h3>
      <div class="examples">
        ${this.examples.map(
          ({ sample, before, after }) =>
            html`<figure>
              <div class="pair">
                <higan-image .image=${before} label="Sample ${sample}, before"></higan-image>
                <higan-image .image=${after} label="Sample ${sample}, after"></higan-image>
              </div>
              <figcaption class="dim">#${sample} · before and after</figcaption>
            </figure>`,
        )}
      </div>`;
  }

  private saveCsv(shown: TransitionView): void {
    const rows = flows(shown, 0).map(({ from, to, share }) => [from, to, share]);
    void this.save('transition.csv', csv(['from', 'to', 'share'], rows));
  }
}
