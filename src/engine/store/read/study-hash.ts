/** The name of a study's result: what the experiment means, under one version of the method. */
import { keyHash } from './canonical';

/** Goes up when the same experiment would give other numbers, so that older results are not taken for new ones. */
export const methodVersion = 1;

/** Documents of this kind hold directions that people imported: no run makes them again, so `prune` leaves them. */
export const importsKind = 'imports';

/**
 * @param experiment the resolved experiment's hash
 * @param imports hashes of imported directions by concept, as a result's provenance has them; none where it has none
 */
export const studyHash = (experiment: string, imports?: Readonly<Record<string, string>>): string =>
  keyHash({ experiment, method: methodVersion, imports });
