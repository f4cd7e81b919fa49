/** The transition's host: computes walks that the store does not have, with progress and Cancel here and in the editor's own. */
import type { z } from 'zod';
import { CancelledError, type Channel } from '../../protocol/channel';
import type { PanelImage, PanelSide, transitionHostSide, TransitionView } from '../../protocol/panels';
import type { Transition } from '../../protocol/results';
import { cancellable, workLine, type Report } from '../progress';
import type { InferenceRequest } from '../studies';
import { hopsIn, short, type Hop } from './hops';
import { StudyPanel, type CommonHandlers } from './panel';

type TransitionPixels = z.infer<(typeof transitionHostSide)['calls']['transitionPixels']['result']>;

/** How many samples are shown for a flow. */
const examplesShown = 4;

export class TransitionPanel extends StudyPanel {
  /** The walk that the page waits for. */
  private walk = new AbortController();

  protected override handlers(): CommonHandlers {
    const own = {
      transition: ({ index }: { index: number }, { signal }: { signal: AbortSignal }) =>
        this.transition(index, signal),
      transitionPixels: async (
        { name, from, to }: { name: string; from: string; to: string },
        { signal }: { signal: AbortSignal },
      ): Promise<TransitionPixels> => {
        const chosen = (await this.hops()).find((hop) => hop.name === name);
        if (!chosen) throw new Error('The file does not name this transition any more.');
        const { request } = await this.parts.studies.request(this.experiment);
        const found = await this.parts.inference.call(
          'transitionExamples',
          { ...request, index: chosen.transition, hop: chosen.hop, from, to, count: examplesShown },
          signal,
        );
        const image = (data: Uint8Array, resolution: number): PanelImage => ({
          ...{ format: 'rgb', width: resolution, height: resolution, data },
        });
        return {
          examples: found.map(({ sample, resolution, before, after, mask }) => ({
            ...{ sample, before: image(before, resolution), after: image(after, resolution), mask },
          })),
        };
      },
    };
    return { ...super.handlers(), ...own };
  }

  private async transition(index: number, given: AbortSignal): Promise<TransitionView> {
    // A page that is loaded again asks again: the walk before goes on in this one, from the chunks that it wrote.
    this.walk.abort();
    const walk = new AbortController();
    this.walk = walk;
    given.addEventListener('abort', () => walk.abort());
    const hops = await this.hops();
    const chosen = hops.at(index) ?? hops.at(0);
    const titles = hops.map(({ title }) => title);
    const nothing = (reason: string): TransitionView => ({
      ...{ titles, index, name: chosen?.name ?? null, samples: 0 },
      ...{ note: null, labels: [], flow: null, reason },
    });
    if (!chosen)
      return nothing('The file names no transition: add `transitions:` with a path of categories.');
    const { result } = await this.parts.studies.get(this.experiment);
    if (!result?.stages.includes('boundary'))
      return nothing('Run the experiment first: transitions walk along its boundaries.');
    try {
      const { request } = await this.parts.studies.request(this.experiment);
      const found = await this.walked({ ...request, index: chosen.transition }, chosen.title, walk);
      const { flow, reached, to } = found.hops[chosen.hop];
      const note =
        `${found.samples.length} of ${found.looked} codes looked at start as ${short(found.path[0])}` +
        `${found.samples.length < found.wanted ? ` (${found.wanted} were asked for)` : ''}; ` +
        `${Math.round(100 * reached)} % end as ${short(to)}`;
      return {
        ...{ titles, index: hops.indexOf(chosen), name: chosen.name, samples: found.samples.length },
        ...{ note, labels: found.labels, flow, reason: null },
      };
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      return nothing(error instanceof Error ? error.message : String(error));
    }
  }

  /** The walk, from the store or computed; with a notification once something is, since the panel may be hidden meanwhile. */
  private walked(
    request: InferenceRequest & { index: number },
    title: string,
    walk: AbortController,
  ): Promise<Transition> {
    let report: Report | null = null;
    const found = this.parts.inference.work(
      'transition',
      request,
      (told) => {
        this.side().emit('walked', told);
        if (report) return report(workLine(told));
        report = () => undefined;
        void cancellable(`Transition ${title}`, async (stop, tell) => {
          stop.addEventListener('abort', () => walk.abort());
          report = tell;
          await found.catch(() => undefined);
        });
      },
      walk.signal,
    );
    return found;
  }

  private side(): Channel<typeof transitionHostSide, PanelSide> {
    return this.channel as unknown as Channel<typeof transitionHostSide, PanelSide>;
  }

  private async hops(): Promise<Hop[]> {
    const { parsed } = await this.parts.experiments.judge(await this.document());
    return hopsIn(parsed.value ?? parsed.draft);
  }
}
