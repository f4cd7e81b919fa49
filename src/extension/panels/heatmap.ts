/** The heatmap's host: the images behind a cell, and making a preview of one. */
import type { FramePair, PanelImage } from '../../protocol/panels';
import type { PreviewCellMessage } from '../../protocol/inference';
import { addPreviewOf } from '../commands/previews';
import { noDirection } from '../moves';
import { StudyPanel, type CommonHandlers } from './panel';

/** Raw bytes as the inference process sends them: up to 128 × 128 they cost less than encoding. */
export const imageOf = ({ image, resolution }: PreviewCellMessage): PanelImage => ({
  format: 'rgb',
  width: resolution,
  height: resolution,
  data: new Uint8Array(image),
});

export class HeatmapPanel extends StudyPanel {
  protected override handlers(): CommonHandlers {
    const own = {
      renderMove: async (
        { concept, layerSet, samples }: { concept: string; layerSet: string; samples: number[] },
        { signal }: { signal: AbortSignal },
      ): Promise<{ pairs: FramePair[]; step: number }> => {
        const { result } = await this.parts.studies.get(this.experiment);
        const step = result?.step ?? 2;
        const cells: PreviewCellMessage[] = [];
        const preview = { samples, edits: [{ concept, step, layers: layersText(layerSet) }] };
        const { concepts, missing } = await this.parts.moves.render(
          this.experiment,
          'higan heatmap cell',
          preview,
          { steps: [0, 1], focus: samples[0], signal },
          (cell) => cells.push(cell),
        );
        if (missing.includes(concept)) throw new Error(noDirection(concept));
        return { pairs: pairsOf(cells, concepts.indexOf(concept)), step };
      },
      addPreview: async ({
        concept,
        layerSet,
        samples,
      }: {
        concept: string;
        layerSet: string;
        samples: number[];
      }): Promise<{ preview: string }> => {
        const wanted = { concepts: [concept], layers: layersText(layerSet), samples };
        const preview = await addPreviewOf(this.parts, this.experiment, wanted);
        await this.parts.open('preview', this.experiment, { preview });
        return { preview };
      },
    };
    return { ...super.handlers(), ...own };
  }
}

/** A layer set's name is a layer range: single layers are numbers in the file. */
const layersText = (name: string): string | number => (/^\d+$/.test(name) ? Number(name) : name);

function pairsOf(cells: PreviewCellMessage[], column: number): FramePair[] {
  const samples = [...new Set(cells.map(({ sample }) => sample))];
  return samples.flatMap((sample) => {
    const at = (step: number): PreviewCellMessage | undefined =>
      cells.find((cell) => cell.sample === sample && cell.step === step && cell.variant === 0);
    const [before, after] = [at(0), at(1)];
    if (!before || !after) return [];
    return [
      {
        sample,
        before: imageOf(before),
        after: imageOf(after),
        scoreBefore: before.scores[column] ?? null,
        scoreAfter: after.scores[column] ?? null,
      },
    ];
  });
}
