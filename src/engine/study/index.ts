/** The study: what command line and inference process call. */
export type {
  EngineOptions,
  ImageScores,
  PreviewCell,
  PreviewRequest,
  SampledImage,
  SampleRequest,
  ScoreRequest,
  SegmentedCell,
  StoredStudy,
  StudyEvents,
  StudyOutcome,
  StudyRequest,
  WorkEvents,
} from './api';
export {
  exportBoundaries,
  forgetImport,
  importBoundaries,
  importBoundary,
  type BoundaryExportRequest,
  type BoundaryForm,
  type BoundaryImportRequest,
  type ExportedBoundaries,
  type ImportedBoundary,
} from './boundary-files';
export { makeThumbnail, modelChecks, type ModelCheck } from './check-models';
export { cleanStore } from './clean-store';
export { compareStudies, type StudyInStore } from './compare';
export { renderPreview, segmentPreview, type PreviewHeader } from './edit';
export { readEntanglement, readEntanglementOf } from './entanglement';
export { exportHigan, type HiganExport, type HiganExportRequest } from './higan-export';
export { Laboratory } from './laboratory';
export { planStudy } from './plan';
export { toBytes } from './preview';
export { prepareStudy, readStudy, readStudyOfText, runStudy, version } from './run';
export { studyReport, type ReportRequest } from './report';
export { sampleImages } from './sample-images';
export { scoreImages } from './score-images';
export { storeFolder } from './store-folder';
export { readTransition, runTransition, type TransitionRequest } from './transition';
export { transitionExamples, type ExamplesRequest, type TransitionExample } from './transition-examples';
