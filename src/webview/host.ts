/** The panel's way to the extension host, and the only user of `acquireVsCodeApi`. */
import { Channel, type Port, type Side } from '../protocol/channel';
import { panelSide, panelStateSchema, type PanelKind, type PanelSide } from '../protocol/panels';

interface VsCodeApi {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** Navigation and layout of a panel, as it survives a reload; data never does. */
export type View = Record<string, unknown>;

export class Host<S extends Side> {
  readonly channel: Channel<PanelSide, S>;
  private readonly api = acquireVsCodeApi();
  private experiment: string | null = null;

  constructor(
    private readonly panel: PanelKind,
    side: S,
    onInvalid: (problem: string) => void,
  ) {
    const api = this.api;
    const port: Port = {
      post: (message, transfer) => api.postMessage(message, transfer),
      listen: (handler) => {
        const listener = (event: MessageEvent): void => handler(event.data);
        window.addEventListener('message', listener);
        return () => window.removeEventListener('message', listener);
      },
    };
    this.channel = new Channel<PanelSide, S>(port, panelSide, side, {}, onInvalid);
  }

  /** What `keep` kept, before a reload or a window restart; empty when nothing fits. */
  restored(): View {
    const state = panelStateSchema.safeParse(this.api.getState());
    return state.success && state.data.panel === this.panel ? state.data.view : {};
  }

  /** Says which experiment the panel belongs to, so that a serializer can find it again. */
  belongsTo(experiment: string, view: View): void {
    this.experiment = experiment;
    this.keep(view);
  }

  keep(view: View): void {
    if (this.experiment === null) return;
    this.api.setState({ panel: this.panel, experiment: this.experiment, view });
  }
}
