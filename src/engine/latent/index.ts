/** Codes: drawing them, spreading them over layers, moving them, and their moments. Arrays in, arrays out. */
export { drawCodes, pixelNormalise, type CodeSource } from './codes';
export { addMove, layerCodes, layerStrength, type Truncation } from './layers';
export { Moments } from './moments';
export { philox4x32, type Purpose, type Words4 } from './philox';
export { Stream } from './stream';
