/** The name of a study's result: what the experiment means, under one version of the method. */
import { keyHash } from './canonical';

/** Goes up when the same experiment would give other numbers, so that older results are not taken for new ones. */
export const methodVersion = 1;

/** @param experiment the resolved experiment's hash */
export const studyHash = (experiment: string): string => keyHash({ experiment, method: methodVersion });
