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
