/** From positives and negatives of a concept to its direction: split, fit, validate, normalise. */
import { failed } from '../failure';
import { Stream } from '../latent';
import { fitLinear } from './fit';
import type { Method } from './linear-fit';

/** What to fit. `codes` and `labels` are handed over: a pool's worker takes their memory. */
export interface BoundaryJob {
  /** Whose boundary, for messages: the concept. */
  name: string;
  /** `[n, D]`; n is the number of labels. */
  codes: Float32Array;
  /** `[n]`, +1 or −1. */
  labels: Int8Array;
  method: Method;
  C: number;
  /** Share of the codes kept for validation, [0, 1); the paper: 0.3. */
  validation: number;
  /** The study's seed: decides the split. */
  seed: number;
  /** Split positives and negatives each on their own, as the reference code does; default: all codes together. */
  stratified?: boolean;
}

export interface BoundaryFit {
  /** The unit normal, float32 `[D]`; positives lie on the side it points to. */
  normal: Float32Array;
  /** normal · code + intercept is the signed distance from the boundary. */
  intercept: number;
  /** On the validation codes; on the training codes where `validation` is 0. */
  accuracy: number;
  /** Support vectors; null for other methods than the SVM. */
  support: number | null;
  /** Before normalisation: see `LinearFit`. */
  objective: number;
  gap: number | null;
  /** How many codes it was fitted to, and how many the accuracy is of. */
  trained: number;
  validated: number;
}

/**
 * Splits by a seeded permutation, fits on the training part, measures accuracy on the rest, and scales normal and
 * intercept to ‖normal‖ = 1. The same job gives the same bytes.
 *
 * @throws Failure when the codes or the split allow no boundary.
 */
export function fitBoundary(job: BoundaryJob): BoundaryFit {
  const { codes, labels, validation } = job;
  const n = labels.length;
  const D = codes.length / n;
  if (n === 0 || !Number.isInteger(D) || !(validation >= 0 && validation < 1)) {
    throw new RangeError(
      `fitBoundary: ${codes.length} numbers, ${n} labels, a validation share of ${validation}.`,
    );
  }
  const { order, trained } = split(job);
  const validated = n - trained;
  const trainCodes = new Float32Array(trained * D);
  const trainLabels = new Int8Array(trained);
  for (let k = 0; k < trained; k++) {
    trainCodes.set(codes.subarray(order[k] * D, (order[k] + 1) * D), k * D);
    trainLabels[k] = labels[order[k]];
  }
  const fit = fitLinear(job.method, trainCodes, trainLabels, trained, D, { C: job.C, name: job.name });

  let square = 0;
  for (const x of fit.w) square += x * x;
  const length = Math.sqrt(square);
  if (!(length > 0 && Number.isFinite(length))) {
    throw failed(
      `The boundary of '${job.name}' has no direction: its positives and negatives have the same codes on average. ` +
        'Raise probe.samples, or leave the concept out.',
    );
  }
  const normal = Float32Array.from(fit.w, (x) => x / length);
  const intercept = fit.intercept / length;

  const judged = validated > 0 ? order.subarray(trained) : order;
  let right = 0;
  for (const i of judged) {
    let distance = intercept;
    for (let j = 0; j < D; j++) distance += normal[j] * codes[i * D + j];
    if (distance > 0 === labels[i] > 0) right += 1;
  }
  return {
    normal,
    intercept,
    accuracy: right / judged.length,
    support: fit.support,
    objective: fit.objective,
    gap: fit.gap,
    trained,
    validated,
  };
}

/** The codes in the order of a seeded permutation, those to train on first. */
function split({ labels, validation, seed, stratified }: BoundaryJob): {
  order: Uint32Array;
  trained: number;
} {
  const n = labels.length;
  const order = new Stream(seed, 'split', 0).permutation(n);
  if (!stratified) return { order, trained: n - Math.round(n * validation) };
  // The reference is given this share itself, as a decimal: 1 − 0.8 is a little below 0.2, and would lose a code of ten.
  const share = Number((1 - validation).toFixed(12));
  const train: number[] = [];
  const rest: number[] = [];
  for (const label of [1, -1]) {
    const own = [...order].filter((i) => labels[i] === label);
    // Rounded down on the training side, as the reference has it: int(n * share), to the last bit.
    const count = Math.floor(own.length * share);
    train.push(...own.slice(0, count));
    rest.push(...own.slice(count));
  }
  return { order: Uint32Array.from([...train, ...rest]), trained: train.length };
}
