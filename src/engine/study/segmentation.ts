/** Labels of every pixel of generated images: generator and segmentation network as one graph. */
import { badInput } from '../failure';
import { composeSegmentation } from '../graph';
import type { Session, Sessions } from '../session';
import type { ApparatusSettings } from './apparatus';
import { generatorInput, predictorInputs } from './model-inputs';

export interface LabelMaps {
  /** [n, height, width], numbers of labels. */
  data: Uint8Array;
  height: number;
  width: number;
}

export class Segmentation {
  private constructor(
    readonly labels: readonly string[],
    /** SHA-256 of the graph. */
    readonly hash: string,
    private readonly input: string,
    private readonly session: Session,
  ) {}

  /**
   * Uses the experiment's first predictor that has a segmentation head.
   * @throws Failure where none has, or its files do not fit the generator
   */
  static async open(settings: ApparatusSettings, sessions: Sessions): Promise<Segmentation> {
    const predictor = (await predictorInputs(settings.predictors)).find(({ manifest }) =>
      manifest.heads.some(({ level }) => level === 'segmentation'),
    );
    if (!predictor) {
      throw badInput(
        "No predictor of this experiment has a segmentation head, which transitions need; add one to 'predictors' (`higan models` lists what is found).",
      );
    }
    const generator = await generatorInput(settings.generator);
    const graph = composeSegmentation({ generator, predictor, space: settings.space });
    if (graph.labels.length > 256) throw badInput(`${predictor.name}: more than 256 labels are not read.`);
    return new Segmentation(
      graph.labels,
      graph.hash,
      graph.input.name,
      await sessions.open(graph.bytes, 'segmentation'),
    );
  }

  /** @param feed rows of a code space's feed, [n, ...dims] */
  async maps(feed: Float32Array, n: number, dims: readonly number[]): Promise<LabelMaps> {
    const { labels } = await this.session.run({ [this.input]: { data: feed, dims: [n, ...dims] } });
    const [, height, width] = labels.dims;
    return { data: Uint8Array.from(labels.data), height, width };
  }
}
