/** What every classifier here returns. */

export const methods = ['svm', 'logistic', 'lda'] as const;
export type Method = (typeof methods)[number];

/** The hyperplane w · x + intercept = 0; positive codes lie on the side that w points to. */
export interface LinearFit {
  /** `[D]`, in double precision, not normalised. */
  w: Float64Array;
  intercept: number;
  /**
   * What was minimised: ½‖w‖² + C Σ loss for SVM (hinge) and logistic regression (log-loss, natural logarithm).
   * LDA minimises nothing: the squared Mahalanobis distance of the class means.
   */
  objective: number;
  /** SVM: (primal − dual) / primal at the end. Others: null. */
  gap: number | null;
  /** SVM: the number of support vectors. Others: null. */
  support: number | null;
  /** Newton steps. */
  iterations: number;
}
