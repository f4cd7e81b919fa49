/** From one code to a code per layer: broadcast, truncation, and moves along a direction in chosen layers. */

/** Truncation towards the mean code: below `cutoff`, code → mean + ψ (code − mean). */
export interface Truncation {
  readonly psi: number;
  /** The first layer that is left alone; it may exceed the number of layers (then all are truncated). */
  readonly cutoff: number;
  /** The mean code, `[D]`. */
  readonly mean: Float32Array;
}

/**
 * How long a unit move is in each layer, `[L]`: ψ below the cut-off, else 1, so that a move in w-space is as long in
 * truncated space as the codes are wide (the reference's per-layer strength for w boundaries).
 */
export function layerStrength(truncation: Truncation | null, L: number): Float32Array {
  const strength = new Float32Array(L).fill(1);
  if (truncation) strength.fill(truncation.psi, 0, Math.min(Math.max(truncation.cutoff, 0), L));
  return strength;
}

/**
 * Codes `[n, D]` broadcast to the layers and truncated, `[n, L, D]`.
 *
 * Every operation is rounded to float32 (the difference, the product, the sum, in this order), as NumPy does it on
 * float32 arrays: the result is defined to the last bit.
 *
 * @param out written and returned where given; of `n · L · D` elements at least.
 */
export function layerCodes(
  w: Float32Array,
  n: number,
  D: number,
  L: number,
  truncation: Truncation | null,
  out: Float32Array = new Float32Array(n * L * D),
): Float32Array {
  if (w.length < n * D || out.length < n * L * D) {
    throw new RangeError(`layerCodes: ${n} codes of ${D} over ${L} layers do not fit the arrays given.`);
  }
  const truncated = truncation ? Math.min(Math.max(truncation.cutoff, 0), L) : 0;
  if (truncation && truncation.mean.length !== D) {
    throw new RangeError(`layerCodes: the mean code has ${truncation.mean.length} numbers, the codes ${D}.`);
  }
  for (let i = 0; i < n; i++) {
    const code = w.subarray(i * D, (i + 1) * D);
    const base = i * L * D;
    if (truncation && truncated > 0) {
      const { mean } = truncation;
      const psi = Math.fround(truncation.psi);
      for (let j = 0; j < D; j++) {
        out[base + j] = mean[j] + Math.fround(psi * Math.fround(code[j] - mean[j]));
      }
      for (let l = 1; l < truncated; l++) out.copyWithin(base + l * D, base, base + D);
    }
    for (let l = truncated; l < L; l++) out.set(code, base + l * D);
  }
  return out;
}

/**
 * Moves codes `[n, L, D]` by `lengths[l] · direction` in the given layers, in place. The product and the sum are each
 * rounded to float32.
 *
 * @param direction `[D]`
 * @param layers which layers; a layer named twice is moved once
 * @param lengths `[L]`, how far in each layer, in the codes' unit
 */
export function addMove(
  codes: Float32Array,
  n: number,
  L: number,
  D: number,
  direction: Float32Array,
  layers: readonly number[],
  lengths: Float32Array,
): void {
  if (direction.length !== D || lengths.length !== L || codes.length < n * L * D) {
    throw new RangeError(
      `addMove: codes [${n}, ${L}, ${D}], a direction of ${direction.length}, ${lengths.length} lengths.`,
    );
  }
  const step = new Float32Array(D);
  for (const l of new Set(layers)) {
    if (!(Number.isInteger(l) && l >= 0 && l < L)) throw new RangeError(`addMove: no layer ${l} of ${L}.`);
    for (let j = 0; j < D; j++) step[j] = lengths[l] * direction[j];
    for (let i = 0; i < n; i++) {
      const base = (i * L + l) * D;
      for (let j = 0; j < D; j++) codes[base + j] = codes[base + j] + step[j];
    }
  }
}
