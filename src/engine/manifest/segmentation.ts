/** Which predictor segments an experiment's images. */
import type { Model } from './model';
import type { HeadManifest, PredictorManifest } from './schema';

/** Labels are kept as bytes. */
const mostLabels = 256;

/** The head that segments images; undefined where the predictor has none. */
export const segmentationHead = ({ heads }: PredictorManifest): HeadManifest | undefined =>
  heads.find(({ level }) => level === 'segmentation');

/**
 * What the pixels of an experiment's images can be labelled as: the labels of the first predictor, model by model, that
 * has a segmentation head. Without one, or with more labels than a byte tells apart, there are none, and `reason` says
 * why, in a sentence with the remedy.
 */
export function segmentationOf(models: readonly Model[]): {
  labels: readonly string[];
  reason: string | null;
} {
  for (const model of models) {
    for (const predictor of model.manifest.predictors ?? []) {
      const head = segmentationHead(predictor);
      if (!head) continue;
      if (head.labels.length <= mostLabels) return { labels: head.labels, reason: null };
      const reason = `${model.name}/${predictor.file}: more than ${mostLabels} labels are not read.`;
      return { labels: [], reason };
    }
  }
  return {
    labels: [],
    reason:
      "No predictor of this experiment has a segmentation head; add one that has to 'predictors' (`higan models` lists what is found).",
  };
}
