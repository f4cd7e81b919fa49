/** What a scoring graph is: its bytes, what goes in, what each column of its output means. */
import type { ConceptName, Level } from '../../protocol/concept';
import type { GeneratorManifest, HeadManifest, PredictorManifest } from '../manifest/schema';

/** A generator's synthesis network; `name` stands in errors. */
export interface GeneratorInput {
  manifest: GeneratorManifest;
  synthesis: Uint8Array;
  name: string;
}

export interface PredictorInput {
  manifest: PredictorManifest;
  bytes: Uint8Array;
  name: string;
}

/** One column of `scores`. */
export interface ScoreColumn {
  concept: ConceptName;
  level: Level;
  /** The head that scores it; null for the built-in colour scores. */
  head: HeadManifest | null;
  /** Index of the label within the head (of the colour scores: within `colorLabels`). */
  label: number;
  /** The predictor's name; `color` for the built-in scores. */
  predictor: string;
}

/** Where a confidence stands among the raw columns, and which scores are missing where it is below `minimum`. */
export interface Confidence {
  column: number;
  masks: number[];
  minimum: number;
}

export interface ScoringGraph {
  /** The graph as an ONNX file; the same parts always give the same bytes. */
  bytes: Uint8Array;
  /** SHA-256 of `bytes`. */
  hash: string;
  /** `codes` [B, L, D], `styles` [B, Σ C_l] in space y, or `bytes` [B, 3, H, W] of given images: dims without B. */
  input: { name: string; dims: number[] };
  /** The C columns of the scores. Output `scores` has them first, then one column for each of `confidences`. */
  columns: ScoreColumn[];
  confidences: Confidence[];
  /** Columns of output `scores`: C + confidences. */
  width: number;
  /** Widths of the layers' styles, [L], in space y; else null. */
  styleWidths: number[] | null;
  /** Whether output `image` [B, 3, R, R] in [−1, 1] is there as well. */
  image: boolean;
}

/**
 * Scores as the study keeps them, from the graph's output.
 * @param raw [n, C + confidences]
 * @returns [n, C], NaN where a score is missing, or is no finite number: nothing can be measured with it
 */
export function finishScores(
  graph: Pick<ScoringGraph, 'columns' | 'confidences'>,
  raw: Float32Array,
  n: number,
): Float32Array {
  const columns = graph.columns.length;
  const width = columns + graph.confidences.length;
  const scores = new Float32Array(n * columns);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < columns; column++) {
      const score = raw[row * width + column];
      scores[row * columns + column] = Number.isFinite(score) ? score : NaN;
    }
    for (const { column, masks, minimum } of graph.confidences) {
      // Written so that a confidence of NaN counts as missing.
      if (raw[row * width + column] >= minimum) continue;
      for (const mask of masks) scores[row * columns + mask] = NaN;
    }
  }
  return scores;
}
