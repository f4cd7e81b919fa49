/** Pure reading of a store: safe to import in the extension host. */
export { answers } from './answers';
export {
  directionHash,
  importsKey,
  importsSchema,
  knowsFile,
  modelsOfImports,
  StoredImports,
  type ImportsDocument,
  type ImportsOf,
} from './imports';
export { openStoreForReading, SeriesReader, StoreReader, type StoredResult } from './reader';
export type { BoundaryRecord, ExperimentPointer, RunRecord } from './records';
export { namedExperiments, storeSizes, type StoredItem, type StoreSizes, type StudySize } from './sizes';
export { importsKind, methodVersion, studyHash, transitionHash, transitionKey } from './study-hash';
export { isStaleMark, markedStudies, verdictMark } from './verdict-mark';
