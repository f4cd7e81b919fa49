/** Boundaries: linear classifiers in the code space, whose unit normals are the directions. */
export { fitBoundary, type BoundaryFit, type BoundaryJob } from './boundary';
export { fitLinear, type FitOptions } from './fit';
export { methods, type LinearFit, type Method } from './linear-fit';
export { BoundaryPool } from './pool';
