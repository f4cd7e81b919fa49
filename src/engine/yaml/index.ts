export { didYouMean, nearest } from './nearest';
export {
  diagnose,
  diagnoseAt,
  keyText,
  locate,
  rangeOf,
  documentsOf,
  readingYaml,
  readYaml,
  textLimit,
  type DataPath,
  type Finding,
  type YamlSource,
} from './source';
export { atOnce, inTurns, oneByOne, othersTurn, type Steps } from '../turns';
export { dotted, validate, type Validated } from './validate';
export type { JsonSchema } from './expectation';
export { withItem, withItems, withoutItem } from './items';
export { edited, withEdits, type Change, type TextEdit } from './edit';
