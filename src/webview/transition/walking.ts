/** What stands in place of a transition that is not there yet: how far the walk is, or that it was stopped. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { WorkProgress } from '../../protocol/results';
import { duration } from '../ui/wording';

export const walkingSheet = css`
  .waiting progress {
    display: block;
    appearance: none;
    width: min(100%, 360px);
    height: 5px;
    margin: 10px 0 6px;
    border: 1px solid var(--line);
  }
  .waiting progress::-webkit-progress-bar {
    background: var(--vscode-editorWidget-background, transparent);
  }
  .waiting progress::-webkit-progress-value {
    background: var(--vscode-progressBar-background, var(--accent));
  }
  .waiting vscode-button {
    margin-top: 12px;
  }
`;

/** @param progress null: nothing has been counted yet, because models are opened or the store is read */
export function walking(progress: WorkProgress | null, cancel: () => void): TemplateResult {
  return html`<div class="waiting">
    <p role="status">Following the pixels of the samples…</p>
    ${
      progress === null
        ? nothing
        : html`<progress
              aria-label=${progress.doing}
              max=${Math.max(1, progress.total)}
              .value=${progress.done}
            ></progress>
            <p class="dim">${walkingLine(progress)}</p>`
    }
    <vscode-button appearance="secondary" @click=${cancel}>Cancel</vscode-button>
  </div>`;
}

/** `following the pixels: 300 of 1,500 images · 74 a second · 16 s left` */
export function walkingLine({ doing, done, total, unit, rate, left }: WorkProgress): string {
  const count = (value: number): string => value.toLocaleString('en');
  return [
    `${doing}: ${count(done)} of ${count(total)} ${unit}`,
    ...(rate > 0 ? [`${rate < 10 ? rate.toFixed(1) : count(Math.round(rate))} a second`] : []),
    ...(left === null || done >= total ? [] : [`${duration(left)} left`]),
  ].join(' · ');
}

export const walkStopped = (goOn: () => void): TemplateResult =>
  html`<div class="empty">
    <p>This transition was not followed to its end. What was computed is kept: it goes on from there.</p>
    <vscode-button @click=${goOn}>Go On</vscode-button>
  </div>`;
