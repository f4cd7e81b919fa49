/** Host of the entanglement panel. */
import type { z } from 'zod';
import type { EntanglementView, entanglementHostSide } from '../../protocol/panels';
import { matrixPart } from './matrix-part';
import { StudyPanel, type CommonHandlers } from './panel';

type EntanglementParams = z.infer<(typeof entanglementHostSide)['calls']['entanglement']['params']>;

export class EntanglementPanel extends StudyPanel {
  protected override handlers(): CommonHandlers {
    const own = {
      entanglement: async (
        { layers, limit, concept }: EntanglementParams,
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
          return { available, entanglement: matrixPart(matrix, limit, concept), reason: null };
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
