export { conceptsOf, type ConceptError, type ConceptInfo } from './concepts';
export {
  diagnosed,
  diagnosticLine,
  loadModel,
  manifestName,
  modelFiles,
  parseManifest,
  verifyModel,
  type Model,
  type ModelFile,
} from './model';
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
export { writeThumbnail } from './self-test';
export type { GeneratorManifest, HeadManifest, Manifest, PredictorManifest } from './schema';
