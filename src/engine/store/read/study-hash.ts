/** The name of a study's result: what the experiment means, under one version of the method. */
import { keyHash, type Json } from '../../canonical';

/** Goes up when the same codes would get other scores: chunks of older versions are not read. */
export const methodVersion = 1;

/** Goes up when other results are made of the same scores (intervals, null, ranking): scores are kept, results made anew. */
export const resultVersion = 2;

/** Documents of this kind hold directions that people imported: no run makes them again, so `prune` leaves them. */
export const importsKind = 'imports';

/** What a stored transition follows from, beside its study: the key of a document of the kind `transition`. */
export const transitionKey = (
  study: string,
  {
    path,
    layers,
    step,
    samples,
  }: { path: string[]; layers: { layers: number[] }; step: number; samples: number },
): Json => ({ kind: 'transition', experiment: study, path, layers: layers.layers, step, samples });

/** What names a stored transition in `StoreReader.documentTimes`. */
export const transitionHash = (...of: Parameters<typeof transitionKey>): string =>
  keyHash(transitionKey(...of));

/**
 * @param experiment the resolved experiment's hash
 * @param imports hashes of imported directions by concept, as a result's provenance has them; none where it has none
 */
export const studyHash = (experiment: string, imports?: Readonly<Record<string, string>>): string =>
  keyHash({ experiment, method: methodVersion, result: resultVersion, imports });
