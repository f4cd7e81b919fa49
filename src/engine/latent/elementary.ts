/**
 * Logarithm, sine and cosine out of +, −, ×, ÷ alone, which IEEE 754 defines to the last bit. `Math.log`,
 * `Math.sin` and `Math.cos` are left to the engine and differ in the last bit between versions and machines; a code
 * drawn with them would not be the same code everywhere.
 *
 * Both work on a 32-bit word rather than on a double: the argument's reduction is then exact.
 */

/** 2^-k for k = 0 … 31, so that scaling by it is a table read. */
const inversePowers = Float64Array.from({ length: 32 }, (_, k) => 2 ** -k);

/** ln 2 in two parts; the high one has 21 trailing zero bits, so that k · LN2_HIGH is exact for |k| < 2^21. */
const LN2_HIGH = 0.69314718036912381649;
const LN2_LOW = 1.90821492927058770002e-10;

/**
 * ln((word + ½) / 2^32), for a 32-bit word: the logarithm of a uniform number in (0, 1) that is never 0 or 1.
 *
 * With x = 2^k (1 + f) and 1 + f in [√½, √2], s = f / (2 + f): ln(1 + f) = 2 artanh s = f − s (f − 2 s² T(s²)),
 * where T is Taylor's series of (artanh s − s) / s³. |s| < 0.1716, so ten terms reach 2^-56. Error below 1 ulp.
 */
export function logUniform(word: number): number {
  const x = (word >>> 0) + 0.5;
  // The exponent: x lies in [2^k, 2^(k+1)), and in [½, 1) when the word is 0.
  const top = 31 - Math.clz32(word);
  let mantissa = top < 0 ? 2 * x : x * inversePowers[top];
  let exponent = top < 0 ? -33 : top - 32;
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const series =
    1 / 3 +
    z *
      (1 / 5 +
        z *
          (1 / 7 +
            z *
              (1 / 9 +
                z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z * (1 / 21)))))))));
  const low = s * (f - 2 * z * series);
  return exponent * LN2_HIGH - (low - exponent * LN2_LOW - f);
}

const HALF_PI = 1.5707963267948966;

/**
 * Cosine and sine of the angle word / 2^32 of a whole turn, into `out[0]` and `out[1]`.
 *
 * The nearest quarter turn is taken off exactly; Taylor's series finish on [−π/4, π/4] (the first term left out is
 * below 2^-58). Error below 1 ulp of the reduced angle's rounding.
 */
export function cosSinTurn(word: number, out: Float64Array): void {
  // Rounded to the nearest quarter turn; `rest` in [−2^29, 2^29) is what is left, as a signed word.
  const quarter = ((word + 0x20000000) >>> 30) & 3;
  const rest = (word - (quarter << 30)) | 0;
  const t = rest * (HALF_PI / 0x40000000);
  const z = t * t;
  const sine =
    t +
    t *
      z *
      (-1 / 6 +
        z *
          (1 / 120 +
            z *
              (-1 / 5040 +
                z *
                  (1 / 362880 +
                    z *
                      (-1 / 39916800 +
                        z * (1 / 6227020800 + z * (-1 / 1307674368000 + z * (1 / 355687428096000))))))));
  const half = 0.5 * z;
  const head = 1 - half;
  const cosine =
    head +
    (1 -
      head -
      half +
      z *
        z *
        (1 / 24 +
          z *
            (-1 / 720 +
              z *
                (1 / 40320 +
                  z *
                    (-1 / 3628800 +
                      z * (1 / 479001600 + z * (-1 / 87178291200 + z * (1 / 20922789888000))))))));
  switch (quarter) {
    case 0:
      out[0] = cosine;
      out[1] = sine;
      break;
    case 1:
      out[0] = -sine;
      out[1] = cosine;
      break;
    case 2:
      out[0] = -cosine;
      out[1] = -sine;
      break;
    default:
      out[0] = sine;
      out[1] = -cosine;
  }
}

const turn = new Float64Array(2);

/**
 * Box–Muller: two independent standard normals from two independent 32-bit words, into `out[at]` and `out[at + 1]`
 * (rounded to float32 where `out` is a Float32Array). The largest possible magnitude is 6.76.
 */
export function normalPair(
  first: number,
  second: number,
  out: Float32Array | Float64Array,
  at: number,
): void {
  // √ is exact to the last bit by IEEE 754 and ECMA-262 alike.
  const radius = Math.sqrt(-2 * logUniform(first));
  cosSinTurn(second, turn);
  out[at] = radius * turn[0];
  out[at + 1] = radius * turn[1];
}
