/**
 * One pass over the probe's scores, flat in N: for every concept its moments, its share of positives, and the
 * codes with the highest and lowest scores (paper, section 4.1).
 */
import type { ConceptReader } from './concepts';

/**
 * The k best of a stream of (score, index) pairs, kept in a binary heap whose root is the worst kept one.
 * `sign` 1 keeps the highest scores, −1 the lowest. Equal scores prefer the lower index, so that the choice
 * does not depend on how the stream was cut.
 */
export class Extremes {
  private readonly scores: Float64Array;
  private readonly indices: Float64Array;
  private size = 0;

  constructor(
    private readonly k: number,
    private readonly sign: 1 | -1,
  ) {
    this.scores = new Float64Array(k);
    this.indices = new Float64Array(k);
  }

  add(score: number, index: number): void {
    const key = score * this.sign;
    if (this.size < this.k) {
      this.place(this.size++, key, index);
    } else if (this.worse(this.scores[0], this.indices[0], key, index)) {
      this.sink(key, index);
    }
  }

  /** Kept indices, best first. */
  sorted(): { index: number; score: number }[] {
    return Array.from({ length: this.size }, (_, i) => ({ index: this.indices[i], key: this.scores[i] }))
      .sort((a, b) => b.key - a.key || a.index - b.index)
      .map(({ index, key }) => ({ index, score: key * this.sign }));
  }

  private worse(keyA: number, indexA: number, keyB: number, indexB: number): boolean {
    return keyA < keyB || (keyA === keyB && indexA > indexB);
  }

  /** Lets a pair rise from leaf `i` while its parent is better than it. */
  private place(i: number, key: number, index: number): void {
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.worse(key, index, this.scores[parent], this.indices[parent])) break;
      this.scores[i] = this.scores[parent];
      this.indices[i] = this.indices[parent];
      i = parent;
    }
    this.scores[i] = key;
    this.indices[i] = index;
  }

  /** Replaces the root and lets the new pair sink below every worse child. */
  private sink(key: number, index: number): void {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.size) break;
      const right = child + 1;
      if (
        right < this.size &&
        this.worse(this.scores[right], this.indices[right], this.scores[child], this.indices[child])
      ) {
        child = right;
      }
      if (!this.worse(this.scores[child], this.indices[child], key, index)) break;
      this.scores[i] = this.scores[child];
      this.indices[i] = this.indices[child];
      i = child;
    }
    this.scores[i] = key;
    this.indices[i] = index;
  }
}

/** What the probe says about one concept. */
export interface ProbeSummary {
  concept: string;
  /** Codes probed, those of them with a score, and those of these that may become a positive or negative. */
  probed: number;
  scored: number;
  eligible: number;
  mean: number;
  /** Standard deviation of the score (population form), and its standard error. */
  std: number;
  stdError: number;
  /** Share of scored codes that the head's threshold calls positive; null for continuous scores. */
  positiveShare: number | null;
  /** Probe indices of the highest and lowest scoring codes, best first. */
  positives: Uint32Array;
  negatives: Uint32Array;
  /** Lowest score among the positives minus the highest among the negatives; not above 0: no two classes. */
  gap: number;
}

/** Collects `ProbeSummary`s from score rows that arrive in order. */
export class ProbeSelection {
  private readonly state;
  private probed = 0;

  constructor(
    private readonly concepts: readonly ConceptReader[],
    positives: number,
    negatives: number,
  ) {
    this.state = concepts.map(() => ({
      scored: 0,
      eligible: 0,
      mean: 0,
      squares: 0,
      cubes: 0,
      fourths: 0,
      positive: 0,
      top: new Extremes(positives, 1),
      bottom: new Extremes(negatives, -1),
    }));
  }

  /** @param rows scores [count, C] of probe samples first, first + 1, …  */
  add(rows: Float32Array, width: number, first: number, count: number): void {
    for (let c = 0; c < this.concepts.length; c++) {
      const reader = this.concepts[c];
      const state = this.state[c];
      for (let i = 0; i < count; i++) {
        const row = i * width;
        const score = reader.score(rows, row);
        if (Number.isNaN(score)) continue;
        state.scored++;
        const delta = score - state.mean;
        addHigherMoments(state, delta);
        state.mean += delta / state.scored;
        state.squares += delta * (score - state.mean);
        if (reader.positive?.(rows, row)) state.positive++;
        if (reader.eligible && !reader.eligible(rows, row)) continue;
        state.eligible++;
        state.top.add(score, first + i);
        state.bottom.add(score, first + i);
      }
    }
    this.probed += count;
  }

  summaries(): ProbeSummary[] {
    return this.concepts.map((reader, c) => {
      const state = this.state[c];
      const top = state.top.sorted();
      const bottom = state.bottom.sorted();
      return {
        concept: reader.concept,
        probed: this.probed,
        scored: state.scored,
        eligible: state.eligible,
        mean: state.mean,
        std: state.scored > 0 ? Math.sqrt(state.squares / state.scored) : 0,
        stdError: stdErrorOf(state),
        positiveShare: reader.positive && state.scored > 0 ? state.positive / state.scored : null,
        positives: Uint32Array.from(top, (t) => t.index),
        negatives: Uint32Array.from(bottom, (t) => t.index),
        gap:
          top.length > 0 && bottom.length > 0
            ? top[top.length - 1].score - bottom[bottom.length - 1].score
            : 0,
      };
    });
  }
}

/** Sums over the scores so far of powers of their deviation from their mean. */
interface Powers {
  scored: number;
  squares: number;
  cubes: number;
  fourths: number;
}

/** Third and fourth powers, before the second are brought up to date (Pébay 2008). @param delta of the newest from the old mean */
function addHigherMoments(sums: Powers, delta: number): void {
  const n = sums.scored;
  const part = delta / n;
  const term = delta * part * (n - 1);
  sums.fourths +=
    term * part * part * (n * n - 3 * n + 3) + 6 * part * part * sums.squares - 4 * part * sums.cubes;
  sums.cubes += term * part * (n - 2) - 3 * part * sums.squares;
}

/** By the delta method: the variance of the squared deviations is m4 − m2², and d√v = dv / 2√v. */
function stdErrorOf({ scored, squares, fourths }: Powers): number {
  if (!(squares > 0)) return 0;
  const variance = squares / scored;
  return Math.sqrt(Math.max(fourths / scored - variance ** 2, 0) / (4 * variance * scored));
}
