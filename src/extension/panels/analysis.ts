/** Hosts of the entanglement and transition panels. */
import type { z } from 'zod';
import type {
  EntanglementView,
  entanglementHostSide,
  PanelImage,
  transitionHostSide,
  TransitionView,
} from '../../protocol/panels';
import type { Entanglement } from '../../protocol/results';
import { StudyPanel, type CommonHandlers } from './panel';

type TransitionPixels = z.infer<(typeof transitionHostSide)['calls']['transitionPixels']['result']>;
type EntanglementParams = z.infer<(typeof entanglementHostSide)['calls']['entanglement']['params']>;

export class EntanglementPanel extends StudyPanel {
  protected override handlers(): CommonHandlers {
    const own = {
      entanglement: async (
        { layers, limit }: EntanglementParams,
        { signal }: { signal: AbortSignal },
      ): Promise<EntanglementView> => {
        const { result } = await this.parts.studies.get(this.experiment);
        const available = ['all', ...(result?.layerSets ?? []).map(({ name }) => name)];
        if (!result?.stages.includes('rank'))
          return {
            available,
            entanglement: null,
            reason: 'Run the experiment first: it comes with the ranking.',
          };
        try {
          const { request } = await this.parts.studies.request(this.experiment);
          const matrix = await this.parts.inference.call('entanglement', { ...request, layers }, signal);
          return { available, entanglement: strongest(matrix, limit), reason: null };
        } catch (error) {
          if (signal.aborted) throw error;
          return {
            available,
            entanglement: null,
            reason: error instanceof Error ? error.message : String(error),
          };
        }
      },
    };
    return { ...super.handlers(), ...own };
  }
}

/** The part of the matrix about the concepts that move their own score most. */
function strongest({ layers, rows, concepts, effects }: Entanglement, limit: number): Entanglement {
  const own = (row: number): number => effects[row][concepts.indexOf(rows[row])]?.delta ?? 0;
  const chosen = rows
    .map((_, row) => row)
    .sort((a, b) => own(b) - own(a))
    .slice(0, limit);
  const names = chosen.map((row) => rows[row]);
  const columns = names.map((name) => concepts.indexOf(name)).filter((column) => column >= 0);
  return {
    layers,
    rows: names,
    concepts: columns.map((column) => concepts[column]),
    effects: chosen.map((row) => columns.map((column) => effects[row][column])),
  };
}

/** One hop of a transition: what the panel shows at a time. */
interface Hop {
  transition: number;
  hop: number;
  title: string;
}

/** How many samples are shown for a flow. */
const examplesShown = 4;

export class TransitionPanel extends StudyPanel {
  protected override handlers(): CommonHandlers {
    const own = {
      transition: ({ index }: { index: number }, { signal }: { signal: AbortSignal }) =>
        this.transition(index, signal),
      transitionPixels: async (
        { index, from, to }: { index: number; from: string; to: string },
        { signal }: { signal: AbortSignal },
      ): Promise<TransitionPixels> => {
        const chosen = (await this.hops()).at(index);
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

  private async transition(index: number, signal: AbortSignal): Promise<TransitionView> {
    const hops = await this.hops();
    const chosen = hops.at(index) ?? hops.at(0);
    const titles = hops.map(({ title }) => title);
    const nothing = (reason: string): TransitionView => ({
      ...{ titles, index, samples: 0, note: null, labels: [], flow: null, reason },
    });
    if (!chosen)
      return nothing('The file names no transition: add `transitions:` with a path of categories.');
    const { result } = await this.parts.studies.get(this.experiment);
    if (!result?.stages.includes('boundary'))
      return nothing('Run the experiment first: transitions walk along its boundaries.');
    try {
      const { request } = await this.parts.studies.request(this.experiment);
      const found = await this.parts.inference.call(
        'transition',
        { ...request, index: chosen.transition },
        signal,
      );
      const { flow, reached, to } = found.hops[chosen.hop];
      const note =
        `${found.samples.length} of ${found.looked} codes looked at start as ${short(found.path[0])}` +
        `${found.samples.length < found.wanted ? ` (${found.wanted} were asked for)` : ''}; ` +
        `${Math.round(100 * reached)} % end as ${short(to)}`;
      return {
        ...{ titles, index: hops.indexOf(chosen), samples: found.samples.length, note },
        ...{ labels: found.labels, flow, reason: null },
      };
    } catch (error) {
      if (signal.aborted) throw error;
      return nothing(error instanceof Error ? error.message : String(error));
    }
  }

  private async hops(): Promise<Hop[]> {
    const { parsed } = await this.parts.experiments.judge(await this.document());
    const transitions = (parsed.value ?? parsed.draft)?.transitions ?? [];
    return transitions.flatMap(({ path }, transition) =>
      path.slice(1).map((to, hop) => {
        const before = path.slice(0, hop).map(short);
        const after = before.length > 0 ? ` (after ${before.join(', ')})` : '';
        return { transition, hop, title: `${short(path[hop])} → ${short(to)}${after}` };
      }),
    );
  }
}

const short = (concept: string): string => concept.replace(/^category\//, '');
