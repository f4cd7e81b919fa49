/** Δ by layer set as small bars, bottom layers left. Sets where the concept does not move are outlined, not filled. */
import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { Effect, LayerSet } from '../../protocol/results';

const height = 18;

export function sparkline(
  effects: readonly Effect[] | null,
  sets: readonly LayerSet[],
): TemplateResult | typeof nothing {
  if (!effects || effects.length === 0) return nothing;
  const step = Math.max(6, Math.min(14, 84 / effects.length));
  const largest = Math.max(...effects.map((effect) => effect.delta), Number.MIN_VALUE);
  return html`<svg
    class="sparkline"
    width=${Math.round(step * effects.length)}
    height=${height}
    role="img"
    aria-label=${peakText(effects, sets)}
  >
    ${effects.map((effect, index) => {
      const tall = Math.max(1.5, (height - 2) * Math.max(0, effect.delta / largest));
      return svg`<rect class=${effect.moves ? 'moves' : 'still'} x=${index * step + 1} y=${height - 1 - tall}
        width=${step - 2} height=${tall}></rect>`;
    })}
  </svg>`;
}

/** `moves most at upper` or `moves at no single layer set`. */
export function peakText(effects: readonly Effect[], sets: readonly LayerSet[]): string {
  const peak = peakOf(effects);
  return peak < 0 ? 'moves on none of the layer sets alone' : `moves most on ${sets[peak]?.name ?? peak}`;
}

/** Index of the layer set with the largest Δ among those on which the concept moves; −1 for none. */
export function peakOf(effects: readonly Effect[]): number {
  let best = -1;
  effects.forEach((effect, index) => {
    if (effect.moves && (best < 0 || effect.delta > effects[best].delta)) best = index;
  });
  return best;
}

export const sparklineSheet = css`
  svg.sparkline {
    display: block;
  }
  .sparkline .moves {
    fill: var(--accent);
  }
  .sparkline .still {
    fill: none;
    stroke: var(--still);
    stroke-width: 1;
  }
`;
