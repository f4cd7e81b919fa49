/** Files of the field, read and written without running anything that is in them. */
export {
  asFloat32,
  dtypes,
  elementCount,
  type ArrayData,
  type DataOf,
  type Dtype,
  type NumericArray,
} from './array';
export { decodeNpy, encodeNpy, hasDtype, readNpy } from './npy';
export { NpyRows, NpyWriter } from './npy-parts';
export { readPickle, type PickleLimits } from './pickle';
export { PickledArray } from './pickle-globals';
export { encodeObjectNpy, type Picklable } from './pickle-write';
export { decodeObjectNpy, readObjectNpy, type NpyContent } from './object-npy';
export {
  decodeBoundary,
  encodeBoundary,
  encodeBoundaryDictionary,
  readBoundaryFile,
  type BoundaryFile,
} from './boundary-file';
export {
  formatBoundaryList,
  parseBoundaryList,
  readBoundaryList,
  type BoundaryListEntry,
} from './boundary-list';
export { exportedName, labelOfName } from './concept-names';
export { ScoreTableWriter } from './score-table';
export { HiganFolder, type ExportedBoundary } from './higan-layout';
export {
  bytesOfImage,
  decodeImage,
  encodeRgb,
  readImage,
  isImageName,
  readImageFolder,
  writePng,
  type ImageFolder,
  type RgbImage,
} from './images';
export { contactSheet, type SheetOptions } from './contact-sheet';
