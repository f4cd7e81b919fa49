/** Whether a predictor is good enough for what its concepts are said to do. */

/** A head's error on held-out images, one number a label, as manifests declare it. */
export interface HeadError {
  r2?: readonly number[];
  accuracy?: readonly number[];
  /** Accuracy of always guessing the commonest answer. */
  base?: readonly number[];
}

/** Share of what there is to explain that a predictor must explain. */
export const weakBelow = 0.3;

/**
 * A sentence about a label whose predictor explains less than 0.3 of what there is to explain, else null. For a
 * continuous score that is R²; for an accuracy its counterpart, the share of the errors of always guessing that the
 * predictor avoids: (accuracy − base) / (1 − base). Without a declared error (or an accuracy without its base) there
 * is nothing to judge by: null.
 * @param label the label's number in the head's output
 * @param of named in the sentence, where it could be about another label than the one it stands beside
 */
export function weakPredictor(error: HeadError | undefined, label: number, of?: string): string | null {
  const weak = of === undefined ? 'Weak predictor' : `Weak predictor of ${of}`;
  const r2 = error?.r2?.[label];
  if (r2 !== undefined) {
    return r2 < weakBelow
      ? `${weak}: on held-out images its scores explain ${percent(Math.max(r2, 0))} of the truth's variance ` +
          `(R² ${r2.toFixed(2)}, below ${weakBelow}). What moves may be its errors.`
      : null;
  }
  const accuracy = error?.accuracy?.[label];
  const base = error?.base?.[label];
  if (accuracy === undefined || base === undefined) return null;
  const avoided = base < 1 ? (accuracy - base) / (1 - base) : 0;
  return avoided < weakBelow
    ? `${weak}: on held-out images it is right in ${percent(accuracy)}, where always guessing the commonest ` +
        `answer is right in ${percent(base)}. What moves may be its errors.`
    : null;
}

const percent = (share: number): string => `${(100 * share).toFixed(1).replace(/\.0$/, '')} %`;
