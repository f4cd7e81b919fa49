/** The concepts that models can score, in one order for the whole product. */
import { colorLabels, levels, type ConceptName, type Level } from '../../protocol/concept';
import type { Model } from './model';
import type { HeadManifest } from './schema';

/** How wrong a predictor is about one concept on held-out images, as its manifest says. */
export interface ConceptError {
  mae?: number;
  r2?: number;
  accuracy?: number;
  /** Accuracy of always guessing the commonest answer. */
  base?: number;
}

export interface ConceptInfo {
  /** `attribute/indoor lighting` */
  concept: ConceptName;
  level: Level;
  label: string;
  /** The model, its predictor and the predictor's head that score it; null and −1 for the computed colours. */
  model: Model | null;
  predictor: number;
  head: HeadManifest | null;
  /** Column of the label in the head's output, or of the colour concepts. */
  index: number;
  error: ConceptError | null;
}

/**
 * Every concept that `models` score, by level (layout, category, attribute, color), then in the order of models,
 * heads and labels; the built-in colours last. Segmentation heads score no concept.
 */
export function conceptsOf(models: readonly Model[], options: { color: boolean }): ConceptInfo[] {
  const scored = models.flatMap((model) =>
    (model.manifest.predictors ?? []).flatMap((predictor, p) =>
      predictor.heads.flatMap((head) =>
        head.level === 'segmentation'
          ? []
          : head.labels.map((label, i) => infoOf(model, p, head, head.level as Level, label, i)),
      ),
    ),
  );
  const colors = colorLabels.map((label, index): ConceptInfo => ({
    concept: `color/${label}`,
    level: 'color',
    label,
    model: null,
    predictor: -1,
    head: null,
    index,
    error: null,
  }));
  const all = options.color ? [...scored, ...colors] : scored;
  return levels.flatMap((level) => all.filter((info) => info.level === level));
}

function infoOf(
  model: Model,
  predictor: number,
  head: HeadManifest,
  level: Level,
  label: string,
  index: number,
): ConceptInfo {
  const { error } = head;
  return {
    concept: `${level}/${label}`,
    level,
    label,
    model,
    predictor,
    head,
    index,
    error: error
      ? {
          mae: error.mae?.[index],
          r2: error.r2?.[index],
          accuracy: error.accuracy?.[index],
          base: error.base?.[index],
        }
      : null,
  };
}
