/**
 * What every panel is made of: the conversation with the host, the snapshot kept up to date, the study's state on top, and
 * navigation that survives a reload. Panels say what they show in `body()`.
 */
import './toolkit';
import './study-bar';
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { RemoteError, type Channel, type Side } from '../../protocol/channel';
import {
  type rankingHostSide,
  targetSchema,
  type PanelKind,
  type PanelSide,
  type Renewal,
  type ReviewChange,
  type Snapshot,
  type Target,
} from '../../protocol/panels';
import { withChange, type ResultsChange } from '../../protocol/results-change';
import { Host, type View } from '../host';
import { levelScopes, type LevelScope } from './choice';
import { pageSheet } from './theme';

/** What all panels' hosts have in common is all of the ranking's. */
type CommonSide = typeof rankingHostSide;

export abstract class PanelElement<S extends Side> extends LitElement {
  private readonly host: Host<S>;
  protected readonly channel: Channel<PanelSide, S>;
  private readonly common: Channel<PanelSide, CommonSide>;

  @state() protected snapshot: Snapshot | null = null;
  /** The last thing that went wrong, for the person to read; `unasked` names what did where nobody had asked for it. */
  @state() private problem: { message: string; unasked?: string } | null = null;
  /** For assistive technology: said politely, not shown. */
  @state() private said = '';
  /** Navigation and layout; change it through `navigate`. */
  @state() protected view: View;

  constructor(panel: PanelKind, side: S) {
    super();
    this.host = new Host(panel, side, (problem) => this.common.emit('problem', { message: problem }));
    this.channel = this.host.channel;
    this.common = this.channel as unknown as Channel<PanelSide, CommonSide>;
    this.view = this.host.restored();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(pageSheet);
    document.adoptedStyleSheets.push(sheet);
    window.addEventListener('error', (event) => this.report(event.error ?? event.message));
    window.addEventListener('unhandledrejection', (event) => this.report(event.reason));
    this.common.on('snapshot', (renewal) => this.renew(renewal));
    this.common.on('results', (change) => this.merge(change));
    this.common.on('progress', (run) => {
      if (this.snapshot) this.snapshot = { ...this.snapshot, run };
    });
    this.common.on('show', (target) => this.show(target));
    void this.start();
  }

  /** Subscribes, then fetches: nothing that happens in between is lost. */
  private async start(): Promise<void> {
    // Where a command pointed wins over where the panel was, but only in the page that it opened.
    const first = targetSchema.safeParse(JSON.parse(this.dataset.target ?? '{}'));
    await this.attempt(async () => {
      this.take(await this.common.call('subscribe', {}));
      if (Object.keys(this.view).length === 0 && first.success) this.show(first.data);
      await this.fetchMore();
    }, 'subscribe');
  }

  /** What a panel fetches beside the snapshot; again when the panel follows another experiment. */
  protected fetchMore(): Promise<void> | void {
    return undefined;
  }

  /** Points the panel to something. */
  protected abstract show(target: Target): void;

  /** Called whenever the study changed, before drawing. */
  protected studyChanged(): void {
    return undefined;
  }

  private take(snapshot: Snapshot): void {
    const before = this.snapshot?.experiment ?? snapshot.experiment;
    this.snapshot = snapshot;
    this.host.belongsTo(snapshot.experiment, this.view);
    this.studyChanged();
    if (snapshot.experiment !== before) void this.attempt(async () => this.fetchMore(), 'fetchMore');
  }

  /** What comes before the first snapshot is in it. */
  private renew({ study, ...rest }: Renewal): void {
    if (this.snapshot) this.take({ ...rest, study: study && withChange(this.snapshot.study, study) });
  }

  private merge(change: ResultsChange): void {
    if (!this.snapshot) return;
    this.snapshot = { ...this.snapshot, study: withChange(this.snapshot.study, change) };
    this.studyChanged();
  }

  /** Changes navigation or layout, and keeps it over a reload. */
  protected navigate(change: View): void {
    this.view = { ...this.view, ...change };
    this.host.keep(this.view);
  }

  /** A text of the kept view, or a default. */
  protected kept<T extends string>(name: string, fallback: T, allowed?: readonly T[]): T {
    const value = this.view[name];
    if (typeof value !== 'string') return fallback;
    return !allowed || (allowed as readonly string[]).includes(value) ? (value as T) : fallback;
  }

  /** A checkbox for something that the view keeps. Where it is `unavailable`, it says why, and what is kept stays. */
  protected keptSwitch(
    name: string,
    title: string | TemplateResult,
    {
      byDefault = false,
      changed = () => undefined,
      unavailable = null,
    }: { byDefault?: boolean; changed?: () => void; unavailable?: string | null } = {},
  ): TemplateResult {
    // The checkbox tells of being set by us too: the listener stands first, so that it knows what is meant.
    return html`<vscode-checkbox
      @change=${(event: Event) => {
        const { checked } = event.target as HTMLInputElement;
        if (unavailable !== null || checked === this.isOn(name, byDefault)) return;
        this.navigate({ [name]: checked });
        changed();
      }}
      .checked=${unavailable === null && this.isOn(name, byDefault)}
      ?disabled=${unavailable !== null}
      title=${unavailable ?? nothing}
      aria-description=${unavailable ?? nothing}
      >${title}</vscode-checkbox
    >`;
  }

  /** Whether a switch of the kept view is on. */
  protected isOn(name: string, byDefault = false): boolean {
    return byDefault ? this.view[name] !== false : this.view[name] === true;
  }

  /** The level of abstraction that is looked at. */
  protected get level(): LevelScope {
    return this.kept('level', 'all', levelScopes);
  }

  /** What stands where there is no result to show yet, with the way to one; `text` may say that one is under way. */
  protected nothingYet({ cannotRun, run }: Snapshot, text: string, canHelp = true): TemplateResult {
    return html`<div class="empty">
      <p>${text}</p>
      ${
        run.state !== 'idle' || !canHelp
          ? nothing
          : html`${cannotRun === null ? nothing : html`<p class="warn">${cannotRun}</p>`}
              <vscode-button ?disabled=${cannotRun !== null} @click=${() => this.run()}>Run</vscode-button>`
      }
    </div>`;
  }

  /**
   * Does something that may fail; a failure is shown above the panel. Cancelled work is no failure.
   * @param unasked the name of what the panel does by itself, as drawing what a refused gesture leaves: where it succeeds, only
   *   its own last failure is taken back. What a person asked for takes back any.
   */
  protected async attempt<T>(work: () => Promise<T>, unasked?: string): Promise<T | undefined> {
    try {
      const result = await work();
      if (unasked === undefined || this.problem?.unasked === unasked) this.problem = null;
      return result;
    } catch (error) {
      if (error instanceof RemoteError && error.kind === 'interrupted') return undefined;
      this.problem = { message: error instanceof Error ? error.message : String(error), unasked };
      if (!(error instanceof RemoteError)) this.report(error);
      return undefined;
    }
  }

  private report(error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.common.emit('problem', {
      message: error instanceof Error ? error.message : String(error),
      ...(stack ? { stack } : {}),
    });
  }

  /** Says something to assistive technology. */
  protected announce(text: string): void {
    this.said = text;
  }

  protected open(panel: PanelKind, target: Target): void {
    void this.attempt(() => this.common.call('open', { panel, target }));
  }

  protected showSource(target: Target): void {
    void this.attempt(() => this.common.call('showSource', target));
  }

  /** What calls that change something name: the experiment that the person sees, whatever the host shows by then. */
  private get named(): { experiment: string } {
    return { experiment: this.snapshot?.experiment ?? '' };
  }

  /** True once it stands in the file of that experiment. */
  protected async setReview(experiment: string, concept: string, entry: ReviewChange): Promise<boolean> {
    const answer = await this.attempt(() => this.common.call('setReview', { experiment, concept, entry }));
    return answer !== undefined;
  }

  protected async copy(text: string, what: string): Promise<void> {
    await this.attempt(async () => {
      await this.common.call('copy', { text });
      this.announce(`${what} copied.`);
    });
  }

  protected async save(name: string, content: string | ArrayBuffer): Promise<void> {
    await this.attempt(async () => {
      const { saved } = await this.common.call('save', { name, content });
      if (saved) this.announce(`${name} saved.`);
    });
  }

  protected run(): void {
    void this.attempt(() => this.common.call('run', this.named));
  }

  protected abstract body(snapshot: Snapshot): TemplateResult;
  /** The panel's heading, for assistive technology. */
  protected abstract readonly heading: string;

  override render(): TemplateResult {
    const snapshot = this.snapshot;
    return html`
      <main aria-busy=${snapshot ? 'false' : 'true'}>
        <h1 class="visually-hidden">${this.heading}${snapshot ? ` of ${snapshot.title}` : ''}</h1>
        ${
          this.problem === null
            ? nothing
            : html`<div class="problem" role="alert">
                <span>${this.problem.message}</span>
                <vscode-button appearance="secondary" @click=${() => (this.problem = null)}>
                  Dismiss
                </vscode-button>
              </div>`
        }
        ${
          snapshot
            ? html`<higan-study-bar
                  .snapshot=${snapshot}
                  @run=${() => this.run()}
                  @cancel=${() => void this.attempt(() => this.common.call('cancelRun', this.named))}
                  @source=${() => this.showSource({})}
                ></higan-study-bar>
                ${this.body(snapshot)}`
            : html`<p class="waiting dim">Reading the results…</p>`
        }
        <div class="visually-hidden" role="status" aria-live="polite">${this.said}</div>
      </main>
    `;
  }
}
