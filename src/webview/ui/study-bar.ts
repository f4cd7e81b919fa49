/** What every panel says on top: which file, whether the result is of its present text, how far a run is. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Progress } from '../../protocol/results';
import type { Snapshot } from '../../protocol/panels';
import { styled } from './styled';
import { shared } from './theme';
import { duration } from './wording';

const stageNames: Record<Progress['stage'], string> = {
  probe: 'Probing',
  boundary: 'Fitting boundaries',
  rescore: 'Re-scoring',
  rank: 'Ranking',
  layers: 'Analysing layers',
};

@customElement('higan-study-bar')
export class StudyBar extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        border-bottom: 1px solid var(--edge);
      }
      .row {
        padding: 6px 12px;
      }
      .title {
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .said {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .row:not(.notice) {
        flex-wrap: nowrap;
      }
      .title {
        flex: 0 1 auto;
      }
      .notice {
        padding: 6px 12px;
        border-inline-start: 3px solid var(--warn);
        background: var(--vscode-editorWidget-background, transparent);
      }
      .track {
        position: relative;
        height: 3px;
        background: var(--vscode-editorWidget-background, transparent);
        overflow: hidden;
      }
      .track::after {
        content: '';
        position: absolute;
        inset: 0;
        transform-origin: left;
        transform: scaleX(var(--done, 0));
        background: var(--vscode-progressBar-background, var(--accent));
        transition: transform 200ms linear;
      }
    `,
  ];

  @property({ attribute: false }) snapshot!: Snapshot;

  override render(): TemplateResult {
    const { title, study, run, currency } = this.snapshot;
    const running = run.state !== 'idle';
    const said = running ? this.running() : study ? summary(study) : 'No result yet';
    return html`
      <div class="row">
        <button class="plain title" title="Show the experiment file" @click=${() => this.tell('source')}>
          ${title}
        </button>
        <span class="dim spread said" title=${said}>${said}</span>
        ${
          running
            ? html`<vscode-button
                appearance="secondary"
                ?disabled=${run.state === 'cancelling'}
                @click=${() => this.tell('cancel')}
                >${run.state === 'cancelling' ? 'Stopping…' : 'Cancel'}</vscode-button
              >`
            : nothing
        }
      </div>
      ${run.progress && running ? this.track(run.progress) : nothing}
      ${
        run.problem !== null && !running
          ? this.notice(`The last run stopped: ${run.problem}`, study?.partial !== null ? 'Continue' : 'Run')
          : currency === 'outdated' && study && !running
            ? this.notice('Computed for an earlier version of this file.', 'Re-run')
            : study?.partial !== null && study && !running
              ? this.notice(
                  'This result is not complete; what is there counts for fewer samples.',
                  'Continue',
                )
              : nothing
      }
    `;
  }

  private notice(text: string, action: string): TemplateResult {
    const { cannotRun } = this.snapshot;
    return html`<div class="notice row" role="status">
      <span class="spread">${text}${cannotRun === null ? '' : ` ${cannotRun}`}</span>
      <vscode-button ?disabled=${cannotRun !== null} @click=${() => this.tell('run')}
        >${action}</vscode-button
      >
    </div>`;
  }

  private running(): string {
    const { progress } = this.snapshot.run;
    if (!progress) return 'Starting…';
    const rate = progress.rate > 0 ? ` · ${Math.round(progress.rate)} ${progress.unit} a second` : '';
    const left = progress.left === null ? '' : ` · ${duration(progress.left)} left`;
    return `${stageNames[progress.stage]}: ${count(progress.done)} of ${count(progress.total)}${rate}${left}`;
  }

  private track(progress: Progress): TemplateResult {
    const share = progress.total > 0 ? progress.done / progress.total : 0;
    return html`<div
      class="track"
      role="progressbar"
      aria-label=${stageNames[progress.stage]}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${Math.round(share * 100)}
      ${styled({ '--done': share })}
    ></div>`;
  }

  private tell(name: 'run' | 'cancel' | 'source'): void {
    this.dispatchEvent(new CustomEvent(name));
  }
}

const count = (value: number): string => value.toLocaleString('en');

function summary(study: NonNullable<Snapshot['study']>): string {
  const moving = study.concepts.filter((each) => each.effect?.moves).length;
  return `${moving} of ${count(study.concepts.length)} concepts move · ${count(study.probed)} samples probed, ${count(study.rescored)} re-scored · space ${study.space}`;
}
