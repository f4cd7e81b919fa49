/** One door to the three classifiers, with the checks that they share. */
import { failed } from '../failure';
import { DesignMatrix } from './design-matrix';
import { fitLda } from './lda';
import type { LinearFit, Method } from './linear-fit';
import { fitLogistic } from './logistic';
import { fitSvm } from './svm';

export interface FitOptions {
  /** Inverse regularisation of SVM and logistic regression. */
  C: number;
  /** Whose codes these are, for messages. */
  name?: string;
  /** SVM: the relative duality gap to stop at, default 1e-4. */
  tolerance?: number;
}

/**
 * Fits a linear classifier.
 *
 * @param codes `[n, D]`
 * @param labels `[n]`, +1 or −1
 * @throws Failure when codes are not finite or all the same, or a class is missing.
 */
export function fitLinear(
  method: Method,
  codes: Float32Array,
  labels: Int8Array,
  n: number,
  D: number,
  options: FitOptions,
): LinearFit {
  checkCodes(codes, labels, n, D, options);
  const design = new DesignMatrix(codes, n, D);
  switch (method) {
    case 'svm':
      return fitSvm(design, labels, options);
    case 'logistic':
      return fitLogistic(design, labels, { C: options.C });
    case 'lda':
      return fitLda(design, labels);
  }
}

function checkCodes(codes: Float32Array, labels: Int8Array, n: number, D: number, options: FitOptions): void {
  const whose = options.name === undefined ? 'The boundary' : `The boundary of '${options.name}'`;
  if (codes.length !== n * D || labels.length !== n || D < 1) {
    throw new RangeError(`fitLinear: ${codes.length} numbers and ${labels.length} labels for [${n}, ${D}].`);
  }
  if (!(options.C > 0 && Number.isFinite(options.C))) {
    throw failed(`${whose} cannot be fitted with C = ${options.C}: boundary.C must be a positive number.`);
  }
  let positives = 0;
  for (const label of labels) {
    if (label !== 1 && label !== -1) throw new RangeError(`fitLinear: a label is ${label}, not 1 or −1.`);
    if (label === 1) positives += 1;
  }
  if (positives === 0 || positives === n) {
    throw failed(
      `${whose} cannot be fitted: all ${n} codes are ${positives === 0 ? 'negatives' : 'positives'}. ` +
        'Raise probe.positives and probe.negatives, or lower boundary.validation.',
    );
  }
  const bad = codes.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    throw failed(
      `${whose} cannot be fitted: code ${Math.floor(bad / D)} holds ${codes[bad]} in element ${bad % D}. ` +
        "The model's mapping returned a number that is not finite; check the model with 'higan models check'.",
    );
  }
  if (codes.every((x, k) => x === codes[k % D])) {
    throw failed(
      `${whose} cannot be fitted: all ${n} codes are the same, so no direction separates them. ` +
        "Check the model's mapping.",
    );
  }
}
