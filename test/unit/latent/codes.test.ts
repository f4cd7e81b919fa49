import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { describe } from 'node:test';
import { Failure } from '../../../src/engine/failure';
import { drawCodes, pixelNormalise, Stream, type CodeSource } from '../../../src/engine/latent';
import { cosSinTurn, logUniform } from '../../../src/engine/latent/elementary';

interface Fixture {
  words: number[];
  exact: Record<'log' | 'cos' | 'sin', string[]>;
  ours: Record<'log' | 'cos' | 'sin', string[]>;
  draws: { source: CodeSource & { first: number; count: number }; codes: string[] }[];
}
const fixture = JSON.parse(readFileSync('test/fixtures/data/latent.json', 'utf8')) as Fixture;

const view = new DataView(new ArrayBuffer(8));
function bitsOf(x: number): bigint {
  view.setFloat64(0, x);
  return view.getBigInt64(0);
}
/** Distance in units of the last place, of numbers of one sign. */
const ulps = (a: number, b: number) => (a === b ? 0 : Math.abs(Number(bitsOf(a) - bitsOf(b))));
const parse64 = (hex: string) => {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
};
const hex32 = (codes: Float32Array) =>
  Array.from(new Uint32Array(codes.buffer, codes.byteOffset, codes.length), (v) =>
    v.toString(16).padStart(8, '0'),
  );

describe('logarithm, sine and cosine by arithmetic alone', () => {
  const turn = new Float64Array(2);
  const ours = {
    log: (word: number) => logUniform(word),
    cos: (word: number) => (cosSinTurn(word, turn), turn[0]),
    sin: (word: number) => (cosSinTurn(word, turn), turn[1]),
  };
  for (const name of ['log', 'cos', 'sin'] as const) {
    test(`${name} has the same bits as the NumPy statement of it, on every machine`, () => {
      for (const [i, word] of fixture.words.entries()) {
        assert.equal(ours[name](word), parse64(fixture.ours[name][i]), `word ${word}`);
      }
    });

    test(`${name} is within 1 ulp of the exact value (mpmath, 200 bits)`, () => {
      for (const [i, word] of fixture.words.entries()) {
        const d = ulps(ours[name](word), parse64(fixture.exact[name][i]));
        assert.ok(d <= 1, `word ${word}: ${d} ulp`);
      }
    });
  }

  test('all three are within 2 ulp of Math.log, Math.cos and Math.sin', () => {
    const stream = new Stream(1, 'toy', 0);
    for (let i = 0; i < 50_000; i++) {
      const word = stream.uint32();
      assert.ok(ulps(logUniform(word), Math.log((word + 0.5) / 2 ** 32)) <= 2, `log of word ${word}`);
      // Within an eighth of a turn of 0 nothing is reduced, so that Math's argument is the same number.
      const near = (word >>> 3) - 0x10000000;
      const angle = near * (Math.PI / 2 / 2 ** 30);
      cosSinTurn(near >>> 0, turn);
      assert.ok(ulps(turn[0], Math.cos(angle)) <= 2, `cos of word ${near}`);
      assert.ok(ulps(turn[1], Math.sin(angle)) <= 2, `sin of word ${near}`);
    }
  });
});

describe('codes drawn by index', () => {
  for (const { source, codes } of fixture.draws) {
    test(`seed ${source.seed}, ${source.purpose}, index ${source.first}: the bits that NumPy draws`, () => {
      assert.deepEqual(hex32(drawCodes(source, source.first, source.count)), codes);
    });
  }

  for (const dim of [1, 6, 512]) {
    test(`do not depend on how the range is cut (${dim} numbers a code)`, () => {
      const source = { seed: 42, purpose: 'probe', dim } as const;
      const whole = drawCodes(source, 10, 20);
      const parts = [
        ...[drawCodes(source, 10, 1), drawCodes(source, 11, 12), drawCodes(source, 23, 0)],
        drawCodes(source, 23, 7),
      ];
      assert.deepEqual(Float32Array.from(parts.flatMap((part) => [...part])), whole);
    });
  }

  test('element j does not depend on how long the code is', () => {
    const long = drawCodes({ seed: 1, purpose: 'probe', dim: 9 }, 3, 1);
    const short = drawCodes({ seed: 1, purpose: 'probe', dim: 6 }, 3, 1);
    assert.deepEqual(short, long.slice(0, 6));
  });

  test('are what a stream of normals gives', () => {
    const stream = new Stream(1, 'null', 77);
    const codes = drawCodes({ seed: 1, purpose: 'null', dim: 10 }, 77, 1);
    assert.deepEqual(
      Float32Array.from({ length: 10 }, () => stream.normal()),
      codes,
    );
  });

  test('fill the array that is given, and refuse one too small', () => {
    const out = new Float32Array(20);
    assert.equal(drawCodes({ seed: 1, purpose: 'toy', dim: 5 }, 0, 4, out), out);
    assert.throws(() => drawCodes({ seed: 1, purpose: 'toy', dim: 5 }, 0, 5, out), RangeError);
  });

  test('differ by seed, purpose and index', () => {
    const first = (seed: number, purpose: 'probe' | 'rescore', index: number) =>
      drawCodes({ seed, purpose, dim: 1 }, index, 1)[0];
    const drawn = [first(0, 'probe', 0), first(1, 'probe', 0), first(0, 'rescore', 0), first(0, 'probe', 1)];
    assert.equal(new Set([...drawn, first(2 ** 32, 'probe', 0)]).size, 5);
  });

  test('a fractional index or size is refused with a sentence', () => {
    assert.throws(() => drawCodes({ seed: 1, purpose: 'toy', dim: 4 }, 0.5, 1), Failure);
    assert.throws(() => drawCodes({ seed: 1, purpose: 'toy', dim: 2.5 }, 0, 1), Failure);
    assert.throws(() => drawCodes({ seed: 1, purpose: 'toy', dim: 4 }, 2 ** 53 - 1, 2), Failure);
  });
});

describe('the distribution of codes', () => {
  const dim = 64;
  const n = 8000;
  const codes = drawCodes({ seed: 2024, purpose: 'probe', dim }, 0, n);
  const N = codes.length;

  test('has the first four moments of the normal', () => {
    const raw = [0, 0, 0, 0];
    for (const x of codes) for (let k = 0; k < 4; k++) raw[k] += x ** (k + 1) / N;
    // Within four standard errors: the variances of x, x², x³, x⁴ are 1, 2, 15, 96.
    for (const [k, [moment, variance]] of [
      [0, 1],
      [1, 2],
      [0, 15],
      [3, 96],
    ].entries()) {
      assert.ok(Math.abs(raw[k] - moment) < 4 * Math.sqrt(variance / N), `moment ${k + 1}: ${raw[k]}`);
    }
  });

  test('passes Kolmogorov and Smirnov against the normal at 1 %', () => {
    const sorted = Float64Array.from(codes).sort();
    let distance = 0;
    for (let i = 0; i < N; i++) {
      const p = normalCdf(sorted[i]);
      distance = Math.max(distance, Math.abs(p - i / N), Math.abs((i + 1) / N - p));
    }
    assert.ok(distance < 1.628 / Math.sqrt(N), `D = ${distance}`);
  });

  test('is uncorrelated between elements of a code and between neighbouring codes', () => {
    const product = (lag: number) => {
      let sum = 0;
      for (let i = 0; i + lag < N; i++) sum += codes[i] * codes[i + lag];
      return sum / (N - lag);
    };
    for (const lag of [1, 2, 3, 4, dim, 2 * dim]) {
      assert.ok(Math.abs(product(lag)) < 4 / Math.sqrt(N), `lag ${lag}: ${product(lag)}`);
    }
  });

  test('is uncorrelated between neighbouring seeds', () => {
    const other = drawCodes({ seed: 2025, purpose: 'probe', dim }, 0, n);
    let sum = 0;
    for (let i = 0; i < N; i++) sum += codes[i] * other[i];
    assert.ok(Math.abs(sum / N) < 4 / Math.sqrt(N));
  });
});

/** Φ(x) by its power series (|x| < 3) or continued fraction, good to 1e-10. */
function normalCdf(x: number): number {
  const a = Math.abs(x);
  const density = Math.exp((-a * a) / 2) / Math.sqrt(2 * Math.PI);
  let upper: number;
  if (a < 3) {
    let term = a;
    let sum = a;
    for (let k = 3; term > 1e-14; k += 2) sum += term *= (a * a) / k;
    upper = 0.5 - density * sum;
  } else {
    let fraction = a;
    for (let k = 60; k >= 1; k--) fraction = a + k / fraction;
    upper = density / fraction;
  }
  return x > 0 ? 1 - upper : upper;
}

describe('pixel normalisation', () => {
  test('gives every code the norm √dim and keeps its direction', () => {
    const codes = drawCodes({ seed: 4, purpose: 'toy', dim: 512 }, 0, 3);
    const before = codes.slice();
    assert.equal(pixelNormalise(codes, 512), codes);
    for (let i = 0; i < 3; i++) {
      const row = codes.subarray(i * 512, (i + 1) * 512);
      const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
      assert.ok(Math.abs(norm - Math.sqrt(512)) < 1e-4);
      const ratio = before[i * 512] / row[0];
      for (let j = 0; j < 512; j++) assert.ok(Math.abs(before[i * 512 + j] - ratio * row[j]) < 1e-5);
    }
  });

  test('leaves a code of zeros alone', () => {
    assert.deepEqual(pixelNormalise(new Float32Array(4), 4), new Float32Array(4));
  });
});
