/** Δ with its interval and the null: a dot on a bar, and a line below which random directions reach. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { css } from 'lit';
import type { Effect } from '../../protocol/results';

const height = 18;

/** Position on the bar of a value, in percent of its width; `scale` is the value at the right end. */
const place = (value: number, scale: number): number =>
  3 + 94 * Math.min(1, Math.max(0, scale > 0 ? value / scale : 0));

/** Decorative for assistive technology: the numbers stand beside it. */
export function intervalBar(effect: Effect | null, scale: number): TemplateResult | typeof nothing {
  if (!effect) return nothing;
  const { delta, deltaInterval, null: floor, moves } = effect;
  const middle = height / 2;
  return html`<svg class="interval ${moves ? 'moves' : 'still'}" aria-hidden="true">
    <line class="axis" x1="3%" x2="97%" y1=${middle} y2=${middle}></line>
    ${
      floor === null
        ? nothing
        : svg`<rect class="null" x="3%" y="2" width="${place(floor, scale) - 3}%" height=${height - 4}></rect>
          <line class="nullEnd" x1="${place(floor, scale)}%" x2="${place(floor, scale)}%" y1="1" y2=${height - 1}></line>`
    }
    ${
      deltaInterval
        ? svg`<line class="bar" x1="${place(deltaInterval.low, scale)}%" x2="${place(deltaInterval.high, scale)}%"
          y1=${middle} y2=${middle}></line>`
        : nothing
    }
    ${
      deltaInterval && deltaInterval.high > scale
        ? svg`<svg class="beyond" x="97%" y=${middle - 5} width="6" height="10"><path d="M0 0 L6 5 L0 10 Z"></path></svg>`
        : nothing
    }
    <circle class="dot" cx="${place(delta, scale)}%" cy=${middle} r="2.8"></circle>
  </svg>`;
}

/**
 * The right end of a column of bars: every Δ has its place, and nine tenths of the intervals. Heavy-tailed scores have
 * intervals and nulls that reach a thousand times further; they are cut at the end instead of flattening all the others.
 */
export function commonScale(effects: readonly (Effect | null)[]): number {
  const given = effects.filter((effect) => effect !== null);
  const largest = Math.max(0, ...given.map((effect) => effect.delta));
  const highs = given.flatMap((effect) => effect.deltaInterval?.high ?? []).sort((a, b) => a - b);
  const most = highs[Math.floor(0.9 * (highs.length - 1))] ?? 0;
  return 1.05 * Math.max(largest, Math.min(most, 4 * largest)) || 1;
}

/** What the parts of a bar mean, for the key below a table of them. */
export const intervalKey = (): TemplateResult => {
  const middle = height / 2;
  const sample = (width: number, kind: string, drawn: unknown): TemplateResult =>
    html`<svg class="interval ${kind}" width=${width} height=${height} aria-hidden="true">${drawn}</svg>`;
  const bar = svg`<line class="bar" x1="2" x2="30" y1=${middle} y2=${middle}></line>`;
  const dot = svg`<circle class="dot" cx="16" cy=${middle} r="2.8"></circle>`;
  const floor = svg`<rect class="null" x="0" y="2" width="22" height=${height - 4}></rect>
    <line class="nullEnd" x1="22" x2="22" y1="1" y2=${height - 1}></line>`;
  const beyond = svg`<line class="bar" x1="0" x2="16" y1=${middle} y2=${middle}></line>
    <path class="beyond" d="M16 ${middle - 5} l6 5 l-6 5 Z"></path>`;
  return html`<span>${sample(32, 'moves', [bar, dot])} Δ and its interval</span>
    <span>${sample(24, 'moves', floor)} random directions</span>
    <span>${sample(24, 'moves', beyond)} goes on</span>`;
};

export const intervalSheet = css`
  svg.interval {
    display: block;
    height: 18px;
  }
  svg.interval:not([width]) {
    width: 100%;
  }
  .interval .axis {
    stroke: var(--dim);
    stroke-opacity: 0.35;
  }
  .interval .null {
    fill: var(--dim);
    fill-opacity: 0.18;
  }
  .interval .nullEnd {
    stroke: var(--dim);
    stroke-width: 1.5;
    stroke-dasharray: 2 2;
  }
  .interval .bar {
    stroke: var(--accent);
    stroke-width: 7;
    stroke-opacity: 0.5;
  }
  .interval .beyond {
    fill: var(--accent);
  }
  .interval.still .beyond {
    fill: var(--still);
  }
  .interval .dot {
    fill: var(--accent);
  }
  .interval.still .bar {
    stroke: var(--still);
  }
  .interval.still .dot {
    fill: var(--vscode-editor-background);
    stroke: var(--still);
    stroke-width: 1.5;
  }
`;
