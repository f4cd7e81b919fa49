/** Host of the entanglement panel. */
import type { z } from 'zod';
import type { EntanglementView, entanglementHostSide } from '../../protocol/panels';
import type { Entanglement } from '../../protocol/results';
import { StudyPanel, type CommonHandlers } from './panel';

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
function strongest(
  { layers, rows, concepts, effects, sideEffects }: Entanglement,
  limit: number,
): Entanglement {
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
    sideEffects: chosen.map((row) => sideEffects[row].filter(({ concept }) => names.includes(concept))),
  };
}
