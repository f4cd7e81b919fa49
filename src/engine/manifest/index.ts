export { conceptsOf, type ConceptError, type ConceptInfo } from './concepts';
export { modelFiles, readModelFile, verifyModel, type ModelFile } from './files';
export { diagnosed, diagnosticLine, loadModel, manifestName, parseManifest, type Model } from './model';
export {
  bundledModels,
  findModel,
  isPath,
  listModels,
  modelRoot,
  nearestModel,
  searchPath,
  type ModelEntry,
  type ModelOrigin,
  type ModelPlace,
  type SearchFolder,
} from './search';
export { segmentationHead, segmentationOf } from './segmentation';
export { writeThumbnail } from './self-test';
export type { GeneratorManifest, HeadManifest, Manifest, PredictorManifest } from './schema';
