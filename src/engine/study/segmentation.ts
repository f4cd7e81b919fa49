/** Labels of every pixel of generated images: generator and segmentation network as one graph. */
import { badInput } from '../failure';
import { composeSegmentation } from '../graph';
import { segmentationHead, segmentationOf } from '../manifest';
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
   * @throws Failure where none has (`segmentationOf` says why), or its files do not fit the generator
   */
  static async open(settings: ApparatusSettings, sessions: Sessions): Promise<Segmentation> {
    const { reason } = segmentationOf(settings.predictors);
    if (reason !== null) throw badInput(reason);
    const predictor = (await predictorInputs(settings.predictors)).find(({ manifest }) =>
      segmentationHead(manifest),
    )!;
    const generator = await generatorInput(settings.generator);
    const graph = composeSegmentation({ generator, predictor, space: settings.space });
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
