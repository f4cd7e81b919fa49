/** ONNX as data: read, write, compose, cut. */
export { GraphBuilder, type AttributeValue } from './builder';
export { decodeModel, encodeModel, signature, type Dim, type OnnxModel, type Port } from './onnx';
export {
  finishScores,
  type Confidence,
  type GeneratorInput,
  type PredictorInput,
  type ScoreColumn,
  type ScoringGraph,
} from './scoring-graph';
export { colorLabels } from './color';
export { readPredictor } from './heads';
export { checkMapping, type MappingInput } from './mapping';
export {
  composeImageScoring,
  composeScoring,
  composeSegmentation,
  composeSynthesis,
  type ComposeImageScoring,
  type ComposeScoring,
  type SegmentationGraph,
} from './scoring';
export { extractStyles, readSynthesis } from './synthesis';
