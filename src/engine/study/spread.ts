/** How widely the probe's untruncated codes spread along directions: the σ that steps are counted in. */
import { Moments } from '../latent';
import type { Json } from '../canonical';
import type { Series, Store } from '../store';
import { directionHash, type StoreReader } from '../store/read';
import type { Apparatus } from './apparatus';
import { interrupted } from '../failure';
import type { ApparatusIdentity } from './identity';

/** Codes drawn at a time. */
const drawRows = 1024;

/**
 * Standard deviations of N probe codes along vectors. The codes' covariance is taken once, when the first vector
 * is asked for that the store does not know.
 */
export class Spread {
  private moments: Promise<Moments[]> | null = null;

  /**
   * @param samples N, the probe's codes
   * @param onSeries told of every series that is used, so that the store knows what a study needs
   */
  constructor(
    private readonly store: Store,
    private readonly apparatus: Apparatus,
    private readonly samples: number,
    private readonly onSeries: (hash: string) => void = () => undefined,
    private readonly signal?: AbortSignal,
  ) {}

  /** σ of each slice along its part of a vector [width]. In z it is 1 by definition of z ~ N(0, I). */
  async along(vector: Float32Array): Promise<number[]> {
    const known = await this.stored(vector);
    if (known) return known;
    const moments = await (this.moments ??= this.takeMoments());
    const sigma = this.apparatus.space.slices.map(({ start, width }, i) =>
      moments[i].standardDeviation(vector.subarray(start, start + width)),
    );
    await this.series(vector).write(0, Float64Array.from(sigma), [sigma.length]);
    return sigma;
  }

  /** σ along a vector where it needs no computing, else null. */
  stored(vector: Float32Array): Promise<number[] | null> {
    const { identity } = this.apparatus;
    if (identity.space !== 'z') this.onSeries(this.series(vector).hash);
    return storedSigma(this.store, identity, this.samples, vector);
  }

  private series(vector: Float32Array): Series<'float64'> {
    return this.store.series(sigmaKey(this.apparatus.identity, this.samples, vector), 'float64');
  }

  private async takeMoments(): Promise<Moments[]> {
    const { slices, width } = this.apparatus.space;
    const moments = slices.map((slice) => new Moments(slice.width));
    for (let first = 0; first < this.samples; first += drawRows) {
      if (this.signal?.aborted) throw interrupted();
      const rows = Math.min(drawRows, this.samples - first);
      const codes = await this.apparatus.space.draw('probe', first, rows);
      slices.forEach((slice, i) => moments[i].add(sliceOf(codes, rows, width, slice), rows));
    }
    return moments;
  }
}

/** σ along a vector where it needs no computing, else null. */
export async function storedSigma(
  store: StoreReader,
  identity: ApparatusIdentity,
  samples: number,
  vector: Float32Array,
): Promise<number[] | null> {
  if (identity.space === 'z') return [1];
  const known = await store.series(sigmaKey(identity, samples, vector), 'float64').read(0);
  return known ? Array.from(known.data) : null;
}

/** What σ along a vector depends on. */
export function sigmaKey(identity: ApparatusIdentity, samples: number, vector: Float32Array): Json {
  const { models, normalize, mappingOutput, seed, class: classIndex, space } = identity;
  const { provider, instructions, method, graph, styleWidths } = identity;
  return {
    ...{ kind: 'sigma', method, models, normalize, mappingOutput, seed, class: classIndex, space },
    ...{ provider, instructions, samples, direction: directionHash(vector) },
    // In y the codes are the styles: the graph says which tensors they are, their widths to which layers they belong.
    ...(space === 'y' ? { graph, styleWidths } : {}),
  };
}

/** Columns of one slice [n, slice.width] of codes [n, width]. */
export function sliceOf(
  codes: Float32Array,
  n: number,
  width: number,
  slice: { start: number; width: number },
): Float32Array {
  if (slice.start === 0 && slice.width === width) return codes;
  const out = new Float32Array(n * slice.width);
  for (let i = 0; i < n; i++) {
    out.set(codes.subarray(i * width + slice.start, i * width + slice.start + slice.width), i * slice.width);
  }
  return out;
}
