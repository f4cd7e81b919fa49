export { checkExperiment } from './check';
export { spacesOf } from './check-models';
export { chooseConcepts, ConceptNames, pairParts, type ConceptProblem } from './concepts';
export { builtInColor, loadContext, type ModelContext } from './context';
export { chosenCounts } from './counts';
export { layerSetsOf, parseLayers, type LayersProblem } from './layers';
export { parseExperiment, type ParsedExperiment } from './parse';
export { judgeExperiment, readExperiment, readText, type JudgedExperiment } from './read';
export {
  resolveExperiment,
  type ResolvedEdit,
  type ResolvedExperiment,
  type ResolvedPreview,
  type ResolvedTransition,
} from './resolve';
export { jsonSchema } from './schema-json';
export {
  addEdit,
  addPreview,
  expectEdit,
  removeEdit,
  resultsOfVerdicts,
  setEdit,
  setJitter,
  setSamples,
  setVerdict,
  type EditChange,
  type JitterChange,
  type NewPreview,
  type VerdictChange,
} from './write-back';
